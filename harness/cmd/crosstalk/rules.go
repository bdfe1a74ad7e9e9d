package main

import (
	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

func newRules(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules that every answer of a conforming service keeps, and the seeded faults that break each",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return terminal.RulesJSON(a.stdout, models.Rules(), breaking())
			}
			return terminal.Rules(a.stdout, models.Rules(), breaking())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// breaking are the seeded faults that break each rule.
func breaking() map[string][]string {
	out := make(map[string][]string)
	for _, f := range faults.All() {
		for _, id := range f.Rules {
			out[id] = append(out[id], f.Slug)
		}
	}
	return out
}
