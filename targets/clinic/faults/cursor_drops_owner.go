package faults

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func cursorDropsOwner() Fault {
	return Fault{
		Slug: "cursor-drops-owner",
		Mechanism: "The first page of a listing is filtered by its owner; the pages after it are read from the cursor's " +
			"position alone.",
		Trigger: "Alice has more recordings than a page holds, Bob has a later one; Alice lists every page.",
		Class:   []Effect{Presented},
		CWE:     863,
		Rules:   []string{"LIST-1", "LIST-3"},
		Source:  "HAPI FHIR, issue 590",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &positionOnly{Archive: correct, parts: parts}
			}
		},
	}
}

type positionOnly struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *positionOnly) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	first, err := a.Archive.List(ctx, who, q)
	if err != nil || q.After == 0 {
		return first, err
	}
	later, err := recordings(ctx, a.parts, who, q, `true`)
	later.Total = first.Total
	return later, err
}
