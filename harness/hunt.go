package harness

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// worker explores one service. It runs the traces whose index is its own modulo
// the number of workers, so that what each service has seen does not depend on
// which worker was faster.
type worker struct {
	number int
	// ran are the indexes of the traces run, and worlds tells them by namespace.
	ran    []int
	worlds map[models.Namespace]int
}

// hunt runs the workers until the budget is spent or the first violation is
// certain.
func (e *explorer) hunt(ctx context.Context) error {
	if e.options.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, e.options.Time, errBudget)
		defer cancel()
	}
	workers, ctx := errgroup.WithContext(ctx)
	for n := range e.options.Workers {
		workers.Go(func() error { return e.work(ctx, &worker{number: n, worlds: make(map[models.Namespace]int)}) })
	}
	err := workers.Wait()
	if errors.Is(context.Cause(ctx), errBudget) {
		return nil
	}
	return err
}

// errBudget is the cause of a context that ends with the budget of time.
var errBudget = errors.New("the budget of time is spent")

// work explores one service. A panic is returned as an error, so that the other
// services are still closed.
func (e *explorer) work(ctx context.Context, w *worker) (err error) {
	defer judge.RecoverAsError(&err)
	if e.options.Noninterference {
		return e.tryEach(ctx, nil, w) // the judge has services of its own
	}
	target, err := e.launcher.Launch(ctx)
	if err != nil {
		return fmt.Errorf("start %s: %w", e.launcher.Name(), err)
	}
	defer func() {
		if closeErr := target.Close(); err == nil {
			err = closeErr
		}
	}()
	return e.tryEach(ctx, target, w)
}

// tryEach runs the worker's traces.
func (e *explorer) tryEach(ctx context.Context, target targets.Target, w *worker) error {
	for i := w.number; i < int(e.limit.Load()) && ctx.Err() == nil; i += e.options.Workers {
		if err := e.try(ctx, target, w, i); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// try runs the trace with an index.
func (e *explorer) try(ctx context.Context, target targets.Target, w *worker, index int) error {
	t := e.draw(index)
	w.ran = append(w.ran, index)
	if e.options.Noninterference {
		return e.tryFresh(ctx, w, t, index)
	}
	world := e.names.World()
	w.worlds[world] = index
	e.log.Trace(world, history.Exploring, index, target.Capabilities().Policy, time.Now())
	got, err := e.judge.Explore(ctx, target, world, t)
	if err != nil {
		return err
	}
	e.record(w, index, got.History, got.Verdict)
	return nil
}

// tryFresh judges a trace on fresh services.
func (e *explorer) tryFresh(ctx context.Context, w *worker, t models.Trace, index int) error {
	got, err := e.judge.Again(ctx, t, history.Exploring)
	if err != nil {
		return err
	}
	e.record(w, index, got.History, got.Verdict)
	return nil
}
