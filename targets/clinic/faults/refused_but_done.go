package faults

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func refusedButDone() Fault {
	return Fault{
		Slug: "refused-but-done",
		Mechanism: "Whether the caller takes part is looked at only after the change: a stranger's switch or cancellation " +
			"is answered with 404 and takes effect all the same.",
		Trigger: "Alice joins their consultation; Bob switches it and gets 404; Alice's consultation has changed its mode.",
		Class:   []Effect{Integrity},
		CWE:     841,
		Rules:   []string{"REFUSE-1"},
		Source:  "(model)",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &lateRefusals{Consultations: correct, parts: parts}
			}
		},
	}
}

type lateRefusals struct {
	clinic.Consultations
	parts clinic.Parts
}

func (l *lateRefusals) Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode,
) (clinic.Encounter, error) {
	after, refusal := l.Consultations.Switch(ctx, who, encounter, mode)
	if !errors.Is(refusal, care.ErrNotFound) {
		return after, refusal
	}
	if c, err := l.parts.Store.ByEncounter(ctx, encounter); err == nil {
		_, _ = switchAsParticipant(ctx, l.Consultations, c, mode)
	}
	return after, refusal
}

// switchAsParticipant makes the change that a stranger could not, in the name of whoever is present.
func switchAsParticipant(ctx context.Context, correct clinic.Consultations, c care.Consultation, mode care.Mode,
) (clinic.Encounter, error) {
	patient := care.Caller{ID: c.Patient, Role: care.Patient}
	if after, err := correct.Switch(ctx, patient, c.Encounter, mode); err == nil {
		return after, nil
	}
	practitioner := care.Caller{ID: c.Practitioner, Role: care.Practitioner}
	return correct.Switch(ctx, practitioner, c.Encounter, mode)
}

func (l *lateRefusals) Cancel(ctx context.Context, who care.Caller, appointment string) (care.Consultation, error) {
	after, refusal := l.Consultations.Cancel(ctx, who, appointment)
	if !errors.Is(refusal, care.ErrNotFound) {
		return after, refusal
	}
	if c, err := l.parts.Store.ByAppointment(ctx, appointment); err == nil {
		_, _ = l.Consultations.Cancel(ctx, care.Caller{ID: c.Patient, Role: care.Patient}, appointment)
	}
	return after, refusal
}
