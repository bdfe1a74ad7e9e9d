package faults

import (
	"context"
	"errors"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func pagesBeforeFilter() Fault {
	return Fault{
		Slug: "pages-before-filter",
		Mechanism: "A page is cut from all recordings of the caller's practitioners and the caller's own are picked out " +
			"of it afterwards: every row and the total are right, and short pages tell of what is left out.",
		Trigger: "Alice has a recording, then Bob has one of the same practitioner; Bob lists in pages of one row.",
		Class:   []Effect{Metadata},
		CWE:     203,
		Rules:   []string{"NI-1"},
		Source:  "filters applied to a page after it was read (model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &filteredPages{Archive: correct, parts: parts}
			}
		},
	}
}

type filteredPages struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *filteredPages) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	seen, err := a.Archive.List(ctx, who, care.Query{Limit: 1, Mode: q.Mode})
	if err != nil {
		return seen, err
	}
	page, err := a.unfiltered(ctx, who, q)
	if err != nil {
		return care.Listing{}, err
	}
	mine := []care.Recording{}
	for _, r := range page.Recordings {
		switch _, err := a.Find(ctx, who, r.ID); {
		case err == nil:
			mine = append(mine, r)
		case !errors.Is(err, care.ErrNotFound):
			return care.Listing{}, err
		}
	}
	page.Recordings, page.Total = mine, seen.Total
	return page, nil
}

// unfiltered is the page that a query asks for, of all recordings of the practitioners who have one that who may see.
func (a *filteredPages) unfiltered(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	practitioners := `SELECT practitioner FROM recordings WHERE seq IN (` + store.SeenByPatient + `)`
	if who.Role == care.Practitioner {
		practitioners = `SELECT ?1`
	}
	rows, err := a.parts.Store.DB().QueryContext(context.WithoutCancel(ctx), `SELECT `+store.RecordingColumns+`
		FROM recordings r WHERE r.practitioner IN (`+practitioners+`) AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3)
		AND r.seq > ?4 ORDER BY r.seq LIMIT ?5`, who.ID, a.parts.Ripe(), q.Mode, q.After, q.Limit+1)
	if err != nil {
		return care.Listing{}, fmt.Errorf("list before filtering: %w", err)
	}
	found, err := store.ScanRecordings(rows)
	if err != nil {
		return care.Listing{}, err
	}
	return store.Page(q, found), nil
}
