package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

type faultsCommand struct {
	app    *app
	target targetFlags
	budget budgetFlags
	seeds  int
	proof  bool
	json   bool
}

func newFaults(a *app) *cobra.Command {
	c := &faultsCommand{app: a}
	cmd := &cobra.Command{
		Use:   "faults [NAME...]",
		Short: "Explore the clinic once for each seeded fault, and print what was found",
		Long: `Explores the reference clinic for each seeded fault, or for those named, and prints a table. A fault
counts as found by a rule that it is documented to break, with a minimal trace that is certified and
breaks no rule on the clinic without the fault. Faults that break SHOULD rules only are looked for
with --strict, those that only a comparison of runs shows with --noninterference.
Exits 0 when all were found and 1 when any was not. With --proof the services that conform must be
cleared, too, with every MUST rule asked, and every operation and pair of operations must be drawn.

Faults:
` + faultList(),
		Example: `  crosstalk faults
  crosstalk faults switch-drops-filter bola --seed 1
  crosstalk faults --seed 1 --seeds 5
  crosstalk faults --target container:clinic --json`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) },
	}
	c.target.addTarget(cmd, "clinic or container:clinic")
	c.budget.add(cmd)
	cmd.Flags().IntVar(&c.seeds, "seeds", 1, "explore from this many seeds: the one given and those each 10,000 further on")
	cmd.Flags().BoolVar(&c.proof, "proof", false, "also explore the services that conform, with 2,000 traces each, and count the operations drawn")
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

// seedStep lies between two seeds of the same fault.
const seedStep = 10_000

// faultList lists the faults with their mechanisms.
func faultList() string {
	var b strings.Builder
	for _, f := range faults.All() {
		fmt.Fprintf(&b, "  %-20s %s\n", f.Slug, layout.Wrap(f.Mechanism, 23, 96))
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
	if c.seeds < 1 {
		return fmt.Errorf("--seeds: expected a number from 1, got %d", c.seeds)
	}
	c.app.note("crosstalk: exploring %s with each of %d seeded faults, from seed %d", c.target.target, len(chosen), o.Seed)
	p := proof.Prover{Options: o, Explore: c.explore, Launcher: c.launcher}
	for i := range c.seeds {
		p.Seeds = append(p.Seeds, o.Seed+i*seedStep)
	}
	table, err := p.Table(cmd.Context(), c.target.target, chosen, c.proof)
	return c.print(table, err)
}

// launcher launches the service with a fault, or without any.
func (c *faultsCommand) launcher(ctx context.Context, fault string) (targets.Launcher, error) {
	target := c.target
	target.fault = fault
	return target.launcher(ctx, c.app, "")
}

// explore explores a service and tells how far it has come.
func (c *faultsCommand) explore(ctx context.Context, title string, l targets.Launcher, o harness.Options) (*harness.Result, error) {
	p := c.app.newProgress(title+": ", o)
	defer p.done()
	o.Progress = p.tell
	return harness.Explore(ctx, l, o)
}

func (c *faultsCommand) print(t *proof.Table, err error) error {
	write := proof.Text
	if c.json {
		write = proof.JSON
	}
	if writeErr := write(c.app.stdout, t); err == nil {
		err = writeErr
	}
	if !t.Holds() {
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
			return nil, fmt.Errorf("%w; %s", err, listsFaults)
		}
		out = append(out, f)
	}
	return out, nil
}
