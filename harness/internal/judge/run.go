package judge

import (
	"context"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Run performs a trace in a fresh world of a target and returns what happened.
// Each operation is logged before it is performed. An error means that the
// adapter is broken or ctx is done; the history then ends before the operation
// that could not be performed.
func Run(ctx context.Context, target targets.Target, world models.Namespace, t models.Trace, log *history.Log) (h *history.History, err error) {
	h = &history.History{World: world, Policy: target.Capabilities().Policy, Started: time.Now(),
		Events: make([]history.Event, 0, len(t.Ops))}
	w, err := target.Open(ctx, world)
	if err != nil {
		return h, fmt.Errorf("open a world on %s: %w", target.Name(), err)
	}
	defer func() {
		if closeErr := w.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("close a world on %s: %w", target.Name(), closeErr)
		}
	}()
	patience := newPatience(world, &h.Policy)
	asked := asking{w, target.Capabilities()}
	for i, op := range t.Ops {
		if err := perform(h, ctx, asked, models.Call{Step: i + 1, Op: op}, patience, log); err != nil {
			return h, err
		}
	}
	log.Done(world)
	return h, log.Err()
}

// asking is a world of which is asked only what its target can send.
type asking struct {
	targets.World
	caps models.Capabilities
}

// Apply performs an operation, unless it has an argument that cannot be sent.
func (a asking) Apply(ctx context.Context, c models.Call) (models.Response, error) {
	if what := a.caps.NotSent(c.Op); what != "" {
		return models.Response{Outcome: models.Unbound, Detail: "not asked: the target cannot send " + what}, nil
	}
	return a.World.Apply(ctx, c)
}

func perform(h *history.History, ctx context.Context, w targets.World, c models.Call, p *patience, log *history.Log) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	log.Begin(h.World, c)
	begin := time.Since(h.Started)
	r, err := w.Apply(ctx, c)
	var earlier []models.Response
	if err == nil {
		r, earlier, err = p.settle(ctx, w, c, r)
	}
	if err != nil {
		return fmt.Errorf("step %d, %s: %w", c.Step, c.Op, err)
	}
	h.Events = append(h.Events, history.Event{Call: c, Response: r, Earlier: earlier, At: begin, Took: time.Since(h.Started) - begin})
	log.End(h.World, &h.Events[len(h.Events)-1])
	return log.Err()
}
