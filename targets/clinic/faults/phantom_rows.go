package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func phantomRows() Fault {
	return Fault{
		Slug: "phantom-rows",
		Mechanism: "A change of mode that fails leaves an empty recording that is nobody's, and the listing shows what " +
			"is nobody's to everybody.",
		Trigger: "Alice switches a consultation that has not begun and is refused; Bob lists.",
		Class:   []Effect{Presented},
		CWE:     459,
		Rules:   []string{"LIST-4", "LIST-3", "REFUSE-1"},
		Source:  `GP video app, 9 June 2020, which spoke of "videos created by the error" (model)`,
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &phantoms{Consultations: correct, parts: parts}
			}
		},
	}
}

type phantoms struct {
	clinic.Consultations
	parts clinic.Parts
}

func (p *phantoms) Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode,
) (clinic.Encounter, error) {
	after, refusal := p.Consultations.Switch(ctx, who, encounter, mode)
	if refusal == nil {
		return after, nil
	}
	c, err := p.parts.Store.ByEncounter(ctx, encounter)
	if err != nil {
		return after, refusal // there is no such encounter
	}
	if err := p.leaveRow(ctx, c, mode); err != nil {
		return after, fmt.Errorf("leave a phantom: %w", err)
	}
	return after, refusal
}

// leaveRow adds the row of a segment that was never begun, before its owner and title would have been filled in.
func (p *phantoms) leaveRow(ctx context.Context, c care.Consultation, mode care.Mode) error {
	id, err := p.parts.NewID()
	if err != nil {
		return err
	}
	return p.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Publish(care.Recording{ID: id, Appointment: c.Appointment, Encounter: c.Encounter, Mode: mode,
			Segment: c.Segments + 1}, p.parts.Now())
		return err
	})
}

func (p *phantoms) Replays(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	return recordings(ctx, p.parts, who, q, `r.patient = ''`)
}
