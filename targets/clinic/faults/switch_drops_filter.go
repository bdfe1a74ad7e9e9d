package faults

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func switchDropsFilter() Fault {
	return Fault{
		Slug: "switch-drops-filter",
		Mechanism: "After a caller's own change from audio to video the listing filters by an id that has become empty, " +
			"and an empty filter is left out of the query.",
		Trigger: "Bob has a recording; Alice books audio, joins, switches to video and lists.",
		Class:   []Effect{Presented},
		CWE:     863,
		Rules:   []string{"LIST-1", "LIST-3"},
		Source:  "GP video app, 9 June 2020 (model); of the faults here the nearest to the facts reported",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &unfilteredSwitchers{Consultations: correct, parts: parts}
			}
		},
	}
}

type unfilteredSwitchers struct {
	clinic.Consultations
	parts     clinic.Parts
	switchers sync.Map // ids of callers who have changed audio to video
}

func (u *unfilteredSwitchers) Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode,
) (clinic.Encounter, error) {
	before, _ := u.parts.Store.ByEncounter(ctx, encounter) // if there is none, the switch fails as well
	after, err := u.Consultations.Switch(ctx, who, encounter, mode)
	if err == nil && before.Mode == care.Audio && mode == care.Video {
		u.switchers.Store(who.ID, true)
	}
	return after, err
}

func (u *unfilteredSwitchers) Replays(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if _, switched := u.switchers.Load(who.ID); switched {
		return recordings(ctx, u.parts, who, q, `true`)
	}
	return u.Consultations.Replays(ctx, who, q)
}
