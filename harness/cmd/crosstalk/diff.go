package main

import (
	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/diff"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
)

func newDiff(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff DIR1 DIR2",
		Short: "Say what changed between two saved runs: what a fix has fixed",
		Long: `Reads the directories of two runs, judges both with the rules of today, and says what is fixed, new
and still broken in the second; and whether the second has exercised what the first found broken,
for what was not asked is not fixed.

Exits 0 when the second run has no violation that the first has not, and 1 when it has. Violations
count as the same that have the same rule, level and path. Those of SHOULD rules count only where the
second run was strict, and known failures do not count.`,
		Example: `  crosstalk diff crosstalk-out/before crosstalk-out/after`,
		Args:    directories(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.diff(args[0], args[1], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) diff(before, after string, asJSON bool) error {
	first, err := rundir.Read(before)
	if err != nil {
		return err
	}
	second, err := rundir.Read(after)
	if err != nil {
		return err
	}
	d := diff.Compare(first, second)
	if d.NewViolations() {
		a.code = exitViolation
	}
	if asJSON {
		return diff.JSON(a.stdout, d)
	}
	return diff.Text(a.stdout, d)
}
