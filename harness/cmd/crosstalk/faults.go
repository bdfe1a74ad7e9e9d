package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

type faultsCommand struct {
	app    *app
	target targetFlags
	budget budgetFlags
	json   bool
}

func newFaults(a *app) *cobra.Command {
	c := &faultsCommand{app: a}
	cmd := &cobra.Command{
		Use:   "faults [NAME...]",
		Short: "Explore the clinic once for each seeded fault, and print what was found",
		Long: `Explores the reference clinic once for each seeded fault, or for those named, and prints a table.
Exits 0 when all were found and 1 when any was not.

Faults:
` + faultList(),
		Example: `  crosstalk faults
  crosstalk faults switch-drops-filter bola --seed 1
  crosstalk faults --target container:clinic --json`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) },
	}
	c.target.addTarget(cmd, "clinic or container:clinic")
	c.budget.add(cmd)
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

// faultList lists the faults with their mechanisms.
func faultList() string {
	var b strings.Builder
	for _, f := range faults.All() {
		fmt.Fprintf(&b, "  %-20s %s\n", f.Slug, report.Wrap(f.Mechanism, 23, 96))
	}
	return strings.TrimRight(b.String(), "\n")
}

func (c *faultsCommand) run(cmd *cobra.Command, names []string) error {
	o, err := c.budget.options(cmd)
	if err != nil {
		return err
	}
	chosen, err := chooseFaults(names)
	if err != nil {
		return err
	}
	if c.target.target != embeddedClinic && c.target.target != containerClinic {
		return fmt.Errorf("--target: faults can be seeded into clinic and container:clinic only, not into %q", c.target.target)
	}
	c.app.note("crosstalk: exploring %s with each of %d seeded faults, from seed %d", c.target.target, len(chosen), o.Seed)
	table := &report.FaultTable{Target: c.target.target, Seed: o.Seed, Traces: o.Traces}
	for i, f := range chosen {
		row, exploreErr := c.explore(cmd.Context(), f, o, fmt.Sprintf("%s (%d of %d): ", f.Slug, i+1, len(chosen)))
		if err = exploreErr; err != nil {
			err = fmt.Errorf("fault %s: %w", f.Slug, err)
			break
		}
		table.Rows = append(table.Rows, row)
	}
	return c.print(table, err)
}

func (c *faultsCommand) explore(ctx context.Context, f faults.Fault, o harness.Options, prefix string) (report.FaultRow, error) {
	target := c.target
	target.fault = f.Slug
	l, err := target.launcher(ctx, c.app, "")
	if err != nil {
		return report.FaultRow{}, err
	}
	p := c.app.newProgress(prefix)
	o.Progress = p.tell
	r, err := harness.Explore(ctx, l, o)
	p.done()
	return report.NewFaultRow(f.Slug, f.Rules, r), err
}

func (c *faultsCommand) print(t *report.FaultTable, err error) error {
	write := report.Faults
	if c.json {
		write = report.FaultsJSON
	}
	if writeErr := write(c.app.stdout, t); err == nil {
		err = writeErr
	}
	if t.Found() < len(t.Rows) {
		c.app.code = exitViolation
	}
	return err
}

// chooseFaults are the faults with the names, or all.
func chooseFaults(names []string) ([]faults.Fault, error) {
	if len(names) == 0 {
		return faults.All(), nil
	}
	var out []faults.Fault
	for _, name := range names {
		f, err := faults.Find(name)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}
