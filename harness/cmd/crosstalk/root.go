package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
		Args:          knownCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newRun(a), newInit(a), newDoctor(a), newConform(a), newReplay(a), newReduce(a), newReport(a), newDiff(a))
	root.AddCommand(newFaults(a), newRules(a), newSchema(a), newClinic(a))
	return root
}

// knownCommand wants no argument: one that is there names no command.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return fmt.Errorf("unknown command %q; expected one of %s", args[0], strings.Join(names, ", "))
}

// flagError says which flag is wrong and what was expected.
func flagError(cmd *cobra.Command, err error) error {
	help := "see " + cmd.CommandPath() + " --help"
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("%s: %w; %s", cmd.Name(), err, help)
	}
	expected := map[string]string{"int": "a whole number", "duration": "a time like 90s or 10m", "bool": "true or false"}
	kind := invalid.GetFlag().Value.Type()
	return fmt.Errorf("%s: --%s: expected %s, got %q; %s", cmd.Name(), invalid.GetFlag().Name, cmp.Or(expected[kind], kind), invalid.GetValue(), help)
}

// oneTrace wants one argument, a trace.
func oneTrace(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s: expected one trace, a file or the name of a scenario, and got %d; see %s --help", cmd.Name(), len(args), cmd.CommandPath())
	}
	return nil
}

// noArguments wants none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s: unexpected argument %q; see %s --help", cmd.Name(), args[0], cmd.CommandPath())
	}
	return nil
}
