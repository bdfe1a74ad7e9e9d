package faults

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func oracleByStatus() Fault {
	return Fault{
		Slug: "oracle-by-status",
		Mechanism: "A recording is looked up before it is decided who may see it: another's is forbidden, one that there " +
			"is not is not found, so an id can be tried out.",
		Trigger: "Alice has a recording; Bob gets it by its id, and then one by an id that was never given.",
		Class:   []Effect{Metadata},
		CWE:     204,
		Rules:   []string{"ORACLE-1"},
		Source:  "403 for what is another's and 404 for what is nobody's, as in many services (model)",
		Apply: func(c *clinic.Config) {
			c.Authorizer = func(parts clinic.Parts, correct clinic.Authorizer) clinic.Authorizer {
				return &lookUpFirst{Authorizer: correct, parts: parts}
			}
		},
	}
}

type lookUpFirst struct {
	clinic.Authorizer
	parts clinic.Parts
}

func (l *lookUpFirst) See(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	if _, err := l.parts.Store.Recording(ctx, id); err != nil {
		return care.Recording{}, err
	}
	r, err := l.Authorizer.See(ctx, who, id)
	if errors.Is(err, care.ErrNotFound) {
		err = care.ErrForbidden
	}
	return r, err
}
