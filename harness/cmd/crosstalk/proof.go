package main

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// The extent of the proof.
const (
	rightTraces = 2_000  // of each service that is right
	drawnTraces = 50_000 // in which every pair of operations must occur
)

// prove explores the services that are right, embedded in this process, and counts
// what is drawn.
func (c *faultsCommand) prove(ctx context.Context, o harness.Options, t *proof.Table) error {
	all := rightful.All()
	for i, v := range all {
		p := c.app.newProgress(fmt.Sprintf("%s (%d of %d): ", v.Slug, i+1, len(all)), o)
		o.Progress, o.Traces, o.Strict = p.tell, rightTraces, true
		o.Workers = v.Workers()
		r, err := harness.Explore(ctx, clinic.Launcher{Configure: v.Apply, Label: v.Slug}, o)
		p.done()
		t.Right = append(t.Right, proof.NewRightRow(v.Slug, v.What, r))
		if err != nil {
			return fmt.Errorf("service %s: %w", v.Slug, err)
		}
	}
	traces := scenarios.Consultations().Traces(models.ReferencePolicy())
	t.Drawn = proof.NewDrawn(func(yield func(models.Trace) bool) {
		for seed := range drawnTraces {
			if ctx.Err() != nil || !yield(scenarios.Draw(traces, o.Seed+seed)) {
				return
			}
		}
	})
	return ctx.Err()
}
