package proof

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// The extent of the proof.
const (
	rightTraces = 2_000  // of each service that conforms
	drawnTraces = 50_000 // in which every pair of operations must occur
)

// Prover explores services whose nature is known.
type Prover struct {
	// Options bound each exploration; their seed is the first.
	Options harness.Options
	// Seeds are those from which each fault is looked for.
	Seeds []int
	// Launcher gives the service with a seeded fault, or without any for "".
	Launcher func(ctx context.Context, fault string) (targets.Launcher, error)
	// Explore explores a service as [harness.Explore] does, under a title.
	Explore func(ctx context.Context, title string, l targets.Launcher, o harness.Options) (*harness.Result, error)
}

// Table explores the service called target with each of some faults and, where
// the whole proof is asked for, the services that conform, embedded in this
// process; and counts what is drawn. With an error it returns the table so far.
func (p *Prover) Table(ctx context.Context, target string, some []faults.Fault, whole bool) (*Table, error) {
	t := &Table{Target: target, Seeds: p.Seeds, Traces: p.Options.Traces}
	for i, f := range some {
		row, err := p.fault(ctx, f, fmt.Sprintf("%s (%d of %d)", f.Slug, i+1, len(some)))
		if len(row.Runs) > 0 {
			t.Rows = append(t.Rows, row)
		}
		if err != nil {
			return t, fmt.Errorf("fault %s: %w", f.Slug, err)
		}
	}
	if !whole {
		return t, nil
	}
	if err := p.conforming(ctx, t); err != nil {
		return t, err
	}
	if err := p.choosing(ctx, t); err != nil {
		return t, err
	}
	t.Drawn = p.drawn(ctx)
	return t, ctx.Err()
}

// fault explores the service with a fault from each of the seeds.
func (p *Prover) fault(ctx context.Context, f faults.Fault, title string) (Row, error) {
	row := Row{Fault: f.Slug, Expected: f.Rules}
	l, err := p.Launcher(ctx, f.Slug)
	if err != nil {
		return row, err
	}
	for _, seed := range p.Seeds {
		o := p.Options.For(f.Rules)
		o.Seed = seed
		r, err := p.Explore(ctx, title, l, o)
		run := NewRun(f.Rules, r)
		if err == nil && r.Minimal != nil {
			run.CleanOnCorrect, err = p.cleanOnCorrect(ctx, r.Minimal.Trace)
		}
		row.Runs = append(row.Runs, run)
		if err != nil {
			return row, err
		}
	}
	return row, nil
}

// cleanOnCorrect reports whether a trace breaks no rule on the service without a
// fault.
func (p *Prover) cleanOnCorrect(ctx context.Context, t models.Trace) (bool, error) {
	l, err := p.Launcher(ctx, "")
	if err != nil {
		return false, err
	}
	got, err := harness.Replay(ctx, l, t, harness.Options{Noninterference: true})
	return err == nil && len(got.Verdict.Violations) == 0, err
}

// conforming explores the services that conform.
func (p *Prover) conforming(ctx context.Context, t *Table) error {
	all := rightful.All()
	for i, v := range all {
		o := p.Options
		o.Traces, o.Strict, o.Workers = rightTraces, true, v.Workers()
		r, err := p.Explore(ctx, fmt.Sprintf("%s (%d of %d)", v.Slug, i+1, len(all)), clinic.Launcher{Configure: v.Apply, Label: v.Slug}, o)
		t.Right = append(t.Right, newRightRow(v.Slug, v.What, r))
		if err != nil {
			return fmt.Errorf("service %s: %w", v.Slug, err)
		}
	}
	return nil
}

// drawn counts what is drawn from the first seed on.
func (p *Prover) drawn(ctx context.Context) *Drawn {
	traces := scenarios.Consultations().Traces(models.ReferencePolicy())
	return newDrawn(func(yield func(models.Trace) bool) {
		for seed := range drawnTraces {
			if ctx.Err() != nil || !yield(scenarios.Draw(traces, p.Options.Seed+seed)) {
				return
			}
		}
	})
}
