package faults

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func doubleStop() Fault {
	return Fault{
		Slug: "double-stop",
		Mechanism: "A switch to the mode that the encounter has already stops a recorder that stands still; what that says is " +
			"handled by nobody and answered with 500.",
		Trigger: "Alice books audio, joins, and switches to audio.",
		Class:   []Effect{Availability},
		CWE:     248,
		Rules:   []string{"FAULT-1"},
		Source:  "errors of a media server that the application does not expect",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &doubleStopper{Consultations: correct, parts: parts}
			}
		},
	}
}

var errStopped = errors.New("stop recorder: not recording")

type doubleStopper struct {
	clinic.Consultations
	parts clinic.Parts
}

func (d *doubleStopper) Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode) (clinic.Encounter, error) {
	before, err := d.parts.Store.ByEncounter(ctx, encounter)
	if err != nil {
		return d.Consultations.Switch(ctx, who, encounter, mode)
	}
	after, err := d.Consultations.Switch(ctx, who, encounter, mode)
	if err == nil && before.Mode == mode {
		return clinic.Encounter{}, errStopped
	}
	return after, err
}
