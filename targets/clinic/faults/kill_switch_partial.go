package faults

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func killSwitchPartial() Fault {
	return Fault{
		Slug: "kill-switch-partial",
		Mechanism: "Switching replays off closes listings and exports, which is where recordings are looked for; whoever " +
			"has an id or a link goes on reading.",
		Trigger: "Alice has a recording; replays are switched off; Alice plays it.",
		Class:   []Effect{Viewed},
		CWE:     863,
		Rules:   []string{"KILL-1"},
		Source:  "an emergency measure that takes the menu entry away (model)",
		Apply: func(c *clinic.Config) {
			c.Gate = func(_ clinic.Parts, correct clinic.Gate) clinic.Gate { return gateAtListings{correct} }
		},
	}
}

type gateAtListings struct{ clinic.Gate }

func (g gateAtListings) Admit(ctx context.Context, how clinic.Reading) error {
	if how == clinic.Listing || how == clinic.Exporting {
		return g.Gate.Admit(ctx, how)
	}
	return nil
}
