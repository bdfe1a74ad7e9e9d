package reduce

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// steps runs the steps of the reduction: the directed ones, then those that
// make the trace plain and delta debugging, until nothing more becomes plain.
// Names and order are settled before single operations are left out, so that
// what was rejected stays rejected. Slots are kept apart until the end, lest an
// operation be needed only to free one. What delta debugging has left because
// it looked but once, the certificate finds.
func (r *reducer) steps(ctx context.Context) error {
	if err := r.each(ctx, r.firstPage, r.keepWitness, r.dropHandles, r.spreadSlots); err != nil {
		return err
	}
	for round := 1; ; round++ {
		before := r.minimal.Trace
		if err := r.each(ctx, r.mergeClinicians, r.mergeParticipants, r.bookAtOnce, r.simplify, r.order); err != nil {
			return err
		}
		if round > 1 && before.Equal(r.minimal.Trace) {
			return r.mergeSlots(ctx)
		}
		if err := r.each(ctx, r.dropChunks, r.dropSingles, r.dropPairs); err != nil {
			return err
		}
	}
}

func (r *reducer) each(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func keepIf(ops []models.Operation, keep func(models.Operation) bool) []models.Operation {
	out := make([]models.Operation, 0, len(ops))
	for _, op := range ops {
		if keep(op) {
			out = append(out, op)
		}
	}
	return out
}
