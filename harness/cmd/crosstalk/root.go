package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// newRoot returns the command line.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "crosstalk",
		Short: "Find traces in which one patient is shown another's recording",
		Long: `crosstalk drives a telehealth service with random sequences of operations, reads back every
listing and every recording as every patient, and when one is shown another's recording it
reduces the sequence to the shortest that still shows it.

` + exitHelp,
		Example: `  crosstalk run                                      the reference clinic, which conforms
  crosstalk run --fault switch-drops-filter          the same with a seeded fault
  crosstalk run --target rest:http://127.0.0.1:8080  a service that implements the conformance API
  crosstalk replay gp-app-2020-06-09                 the shape of the incident of 9 June 2020`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%s: %w; see %s --help", cmd.CommandPath(), err, cmd.CommandPath())
	})
	root.AddCommand(newRun(a), newReplay(a), newReduce(a), newFaults(a), newRules(a), newClinic(a))
	return root
}

// oneTrace wants one argument, a trace.
func oneTrace(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s: expected one trace, a file or the name of a scenario, and got %d: see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}

// noArguments wants none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s: unexpected %q; see %s --help", cmd.CommandPath(), strings.Join(args, " "), cmd.CommandPath())
	}
	return nil
}
