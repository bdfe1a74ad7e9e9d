package faults

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func bytesUnguarded() Fault {
	return Fault{
		Slug: "bytes-unguarded",
		Mechanism: "What is known about a recording is guarded, its content is not: GET, a range and HEAD ask only that " +
			"the caller be logged in.",
		Trigger: "Alice has a recording; Bob plays it by its id.",
		Class:   []Effect{Viewed, Metadata},
		CWE:     862,
		Rules:   []string{"READ-1"},
		Source:  "FHIR Binary resources without securityContext",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &openContent{Archive: correct, parts: parts}
			}
		},
	}
}

type openContent struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *openContent) Open(ctx context.Context, _ care.Caller, id string) (care.Recording, care.Media, error) {
	return unguarded(ctx, a.parts, id)
}
