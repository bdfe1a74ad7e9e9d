package main

import (
	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/models"
)

func newRules(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules that every answer of a conforming service keeps, and the seeded faults that can break each",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return terminal.RulesJSON(a.stdout, models.Rules(), proof.Breaking())
			}
			return terminal.Rules(a.stdout, models.Rules(), proof.Breaking())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
