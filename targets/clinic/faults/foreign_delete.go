package faults

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func foreignDelete() Fault {
	return Fault{
		Slug:      "foreign-delete",
		Mechanism: "Whoever is logged in can delete any recording whose id they have.",
		Trigger:   "Alice has a recording; Bob deletes it by its id; Alice lists.",
		Class:     []Effect{Integrity, Availability},
		CWE:       862,
		Rules:     []string{"REFUSE-1"},
		Source:    "the first risk in OWASP's list of 2023, API1 (model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &anyoneDeletes{Archive: correct, parts: parts}
			}
		},
	}
}

type anyoneDeletes struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *anyoneDeletes) Delete(ctx context.Context, _ care.Caller, id string) error {
	if _, err := a.parts.Store.Recording(ctx, id); err != nil {
		return err
	}
	return a.parts.Store.Update(ctx, func(tx *store.Tx) error { return tx.Erase(id) })
}
