package faults

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func switchUnguarded() Fault {
	return Fault{
		Slug: "switch-unguarded",
		Mechanism: "The mode of an encounter is set for whoever knows its id: the handler looks for a valid token and for an " +
			"encounter in progress, and not for who is in it.",
		Trigger: "Alice joins a consultation; Bob switches it and is answered as if taking part.",
		Class:   []Effect{Integrity},
		CWE:     862,
		Rules:   []string{"MODE-3", "REFUSE-1"},
		Source:  "function level authorization that is forgotten for one operation, OWASP API5:2023",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &openSwitch{Consultations: correct, parts: parts}
			}
		},
	}
}

type openSwitch struct {
	clinic.Consultations
	parts clinic.Parts
}

func (o *openSwitch) Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode) (clinic.Encounter, error) {
	after, refusal := o.Consultations.Switch(ctx, who, encounter, mode)
	if !errors.Is(refusal, care.ErrNotFound) {
		return after, refusal
	}
	c, err := o.parts.Store.ByEncounter(ctx, encounter)
	if err != nil {
		return after, refusal
	}
	return switchAsParticipant(ctx, o.Consultations, c, mode)
}
