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
func Run(ctx context.Context, target targets.Target, world models.Namespace, t models.Trace, log *history.Log) (*history.History, error) {
	h, err := (&running{log: log, clock: wallClock{}}).trace(ctx, target, world, t)
	if err == nil {
		log.Done(world, 0)
		err = log.Err()
	}
	return h, err
}

// running is how a trace is run.
type running struct {
	log   *history.Log
	clock Clock
	// waits says that the lag which a service declares is waited out.
	waits bool

	patience *patience
	world    targets.World
	history  *history.History
}

// trace performs a trace in a fresh world of a target. The log is not told that it is
// done.
func (r *running) trace(ctx context.Context, target targets.Target, world models.Namespace, t models.Trace) (h *history.History, err error) {
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
	r.world, r.history, r.patience = asking{w, target.Capabilities()}, h, newPatience(world, &h.Policy, r.clock, r.waits)
	for i, op := range t.Ops {
		if err := r.perform(ctx, models.Call{Step: i + 1, Op: op}); err != nil {
			return h, err
		}
	}
	return h, r.log.Err()
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

// perform performs one operation and adds what happened to the history.
func (r *running) perform(ctx context.Context, c models.Call) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	h := r.history
	r.log.Begin(h.World, c)
	waited, err := r.patience.await(ctx, c.Op)
	if err != nil {
		return err
	}
	begin := time.Since(h.Started)
	got, err := r.world.Apply(ctx, c)
	var earlier []models.Response
	if err == nil {
		got, earlier, err = r.patience.settle(ctx, r.world, c, got)
	}
	if err != nil {
		return fmt.Errorf("step %d, %s: %w", c.Step, c.Op, err)
	}
	h.Events = append(h.Events, history.Event{Call: c, Response: got, Earlier: earlier, At: begin, Took: time.Since(h.Started) - begin, Waited: waited})
	r.log.End(h.World, &h.Events[len(h.Events)-1])
	return r.log.Err()
}
