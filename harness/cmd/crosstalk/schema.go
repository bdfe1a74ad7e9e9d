package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
)

func newSchema(a *app) *cobra.Command {
	all := formats.Schemas()
	var names []string
	long := "Prints the JSON Schema (2020-12) of a file that crosstalk writes for programs:\n"
	for _, s := range all {
		names = append(names, s.Name)
		long += fmt.Sprintf("\n  %-10s %s", s.Name, s.File)
	}
	return &cobra.Command{
		Use:       "schema " + strings.Join(names, "|"),
		Short:     "Print the JSON Schema of a file of results",
		Long:      long,
		Example:   "  crosstalk schema results > results.schema.json",
		ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("%s: expected one of %s; see %s --help", cmd.Name(), strings.Join(names, ", "), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, s := range all {
				if s.Name == args[0] {
					_, err := a.stdout.Write(s.Schema)
					return err
				}
			}
			return fmt.Errorf("%s: unknown schema %q; expected one of %s", cmd.Name(), args[0], strings.Join(names, ", "))
		},
	}
}
