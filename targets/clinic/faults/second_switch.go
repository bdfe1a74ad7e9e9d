package faults

import (
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func secondSwitch() Fault {
	return Fault{
		Slug:      "second-switch",
		Mechanism: "Only one change of mode was thought of: segments after a second one are never published.",
		Trigger:   "Alice joins, switches twice, speaks and leaves; Alice lists.",
		Class:     []Effect{Availability},
		CWE:       362,
		Rules:     []string{"LIST-2", "LIST-3", "MODE-2", "READ-3"},
		Source:    "(model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(_ clinic.Parts, correct clinic.Archive) clinic.Archive { return oneSwitch{correct} }
		},
	}
}

type oneSwitch struct{ clinic.Archive }

func (a oneSwitch) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	var kept []care.Segment
	for _, s := range segments {
		if s.Stretch <= 2 {
			kept = append(kept, s)
		}
	}
	return a.Archive.Publish(tx, c, kept)
}
