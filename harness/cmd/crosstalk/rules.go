package main

import (
	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
)

func newRules(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules that every answer of a conforming service keeps",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return report.RulesJSON(a.stdout, models.Rules())
			}
			return report.Rules(a.stdout, models.Rules())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
