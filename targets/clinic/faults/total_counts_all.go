package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func totalCountsAll() Fault {
	return Fault{
		Slug: "total-counts-all",
		Mechanism: "The rows of a listing are the caller's, the total is counted by a query of its own, which has the " +
			"filter by mode and not the one by owner.",
		Trigger: "Alice has a recording; Bob lists: no rows, a total of 1.",
		Class:   []Effect{Metadata},
		CWE:     1230,
		Rules:   []string{"LIST-3", "NI-1"},
		Source:  "HAPI FHIR, issue 6065",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &countsAll{Archive: correct, parts: parts}
			}
		},
	}
}

type countsAll struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *countsAll) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	page, err := a.Archive.List(ctx, who, q)
	if err != nil {
		return page, err
	}
	const everybodys = `SELECT count(*) FROM recordings WHERE ended <= ?1 AND (?2 = '' OR mode = ?2)`
	db := a.parts.Store.DB()
	err = db.QueryRowContext(context.WithoutCancel(ctx), everybodys, a.parts.Ripe(), q.Mode).Scan(&page.Total)
	if err != nil {
		return care.Listing{}, fmt.Errorf("count recordings: %w", err)
	}
	return page, nil
}
