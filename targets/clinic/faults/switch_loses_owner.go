package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func switchLosesOwner() Fault {
	return Fault{
		Slug: "switch-loses-owner",
		Mechanism: "A segment that a change of mode opened is published without its patient, and whatever has no patient " +
			"counts as everybody's.",
		Trigger: "Alice books audio, joins, switches to video, speaks and leaves; Bob lists.",
		Class:   []Effect{Presented, Viewed},
		CWE:     708,
		Rules:   []string{"LIST-1", "READ-1", "MODE-1"},
		Source:  "GP video app, 9 June 2020 (model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &ownerlessSwitches{Archive: correct, parts: parts}
			}
		},
	}
}

type ownerlessSwitches struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *ownerlessSwitches) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	published, err := a.Archive.Publish(tx, c, segments)
	if err != nil {
		return nil, err
	}
	for i := range published {
		if segments[i].Stretch == 1 {
			continue
		}
		published[i].Subject = ""
		if _, err := tx.SQL().Exec(`UPDATE recordings SET patient = '' WHERE id = ?`, published[i].ID); err != nil {
			return nil, fmt.Errorf("forget the owner: %w", err)
		}
	}
	return published, nil
}

func (a *ownerlessSwitches) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if who.Role != care.Patient {
		return a.Archive.List(ctx, who, q)
	}
	return recordings(ctx, a.parts, who, q, `r.patient = ''`)
}

func (a *ownerlessSwitches) Find(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	r, _, err := a.Open(ctx, who, id)
	return r, err
}

func (a *ownerlessSwitches) Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	r, media, err := unguarded(ctx, a.parts, id)
	if err == nil && r.Subject != "" {
		return a.Archive.Open(ctx, who, id)
	}
	return r, media, err
}
