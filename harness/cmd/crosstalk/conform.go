package main

import "github.com/spf13/cobra"

func newConform(a *app) *cobra.Command {
	c := &runCommand{app: a, whole: true}
	cmd := &cobra.Command{
		Use:   "conform",
		Short: "Explore the whole budget, whatever is found, and write a statement of conformance",
		Long: `Explores a service to the end of the budget, whatever is found, reduces one violation of each rule
that is broken, and writes a statement: the implementation with version and image digest, the
version of the suite, the configuration without secrets, each rule with its verdict and counts,
and what the run does not tell. The statement is statement.md and statement.json in the run's
directory.

Rules that the configuration lists as known failures do not fail the run while they are broken.
One that passes does: take it off the list.

` + targetHelp + `

` + exitHelp,
		Example: `  crosstalk conform
  crosstalk conform --config staging.yaml --traces 5000 --statement statement.md
  crosstalk conform --target container:clinic --traces 500`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	c.add(cmd)
	cmd.Flags().StringVar(&c.statement, "statement", "", "write statement.md to this file, too")
	return cmd
}
