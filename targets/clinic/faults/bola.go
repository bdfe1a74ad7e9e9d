package faults

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func bola() Fault {
	return Fault{
		Slug:      "bola",
		Mechanism: "Whoever is logged in can read any recording whose id they have; listings are right.",
		Trigger:   "Alice has a recording; Bob gets it by its id.",
		Class:     []Effect{Viewed, Metadata},
		CWE:       639,
		Rules:     []string{"READ-1"},
		Source:    "Peloton, 2021; Optus, 2022",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &anyID{Archive: correct, parts: parts}
			}
		},
	}
}

type anyID struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *anyID) Find(ctx context.Context, _ care.Caller, id string) (care.Recording, error) {
	return a.parts.Store.Recording(ctx, id)
}

func (a *anyID) Open(ctx context.Context, _ care.Caller, id string) (care.Recording, care.Media, error) {
	return unguarded(ctx, a.parts, id)
}
