package judge

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Judge is the one way from a trace to a verdict: it runs the trace on a fresh
// service and checks the history. It is safe for concurrent use.
type Judge struct {
	launcher targets.Launcher
	names    *Namer
	log      *history.Log
	pool     *pool
	replays  atomic.Int64
	requests atomic.Int64
	number   atomic.Int64
	compare  bool
	clock    Clock

	mu     sync.Mutex
	memory map[string]*Judgement
}

// Judgement is a trace's history on a fresh service, and the verdict on it.
type Judgement struct {
	History *history.History
	Verdict Verdict
}

// NewJudge returns a judge that keeps ready services ready ahead of need; log
// may be nil. It must be closed. Where the launcher gives no fresh services,
// worlds are kept apart by names.
func NewJudge(ctx context.Context, l targets.Launcher, ready int, log *history.Log) *Judge {
	return &Judge{launcher: l, names: NewNamer(), log: log, pool: newPool(ctx, l, ready), clock: wallClock{}, memory: make(map[string]*Judgement)}
}

// Compare makes the judge ask of every trace, too, if what each patient observes
// depends on what the others do (NI-1). It takes a run more for each patient.
func (j *Judge) Compare(on bool) { j.compare = on }

// UseClock has the lag that the service declares waited out by a clock.
func (j *Judge) UseClock(c Clock) { j.clock = c }

// Close ends the services that the judge keeps ready, and waits until those it
// used are ended.
func (j *Judge) Close() error { return j.pool.close() }

// Policy is the policy that the service declares.
func (j *Judge) Policy() models.Policy { return j.launcher.Capabilities().Policy }

// Fresh reports whether each trace is run on a service in which nobody exists yet.
func (j *Judge) Fresh() bool { return j.launcher.Fresh() }

// Replays is the number of traces run so far, and Requests that of the requests
// they took.
func (j *Judge) Replays() int { return int(j.replays.Load()) }

// Requests is the number of requests sent so far.
func (j *Judge) Requests() int { return int(j.requests.Load()) }

// Judge gives the verdict on a trace, from memory where the same trace, but for
// its names, was judged before.
func (j *Judge) Judge(ctx context.Context, t models.Trace, why history.Purpose) (*Judgement, error) {
	key := t.Canonical().Body()
	j.mu.Lock()
	known := j.memory[key]
	j.mu.Unlock()
	if known != nil {
		return known, nil
	}
	got, err := j.Again(ctx, t, why)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.memory[key] = got
	return got, nil
}

// Again gives the verdict on a trace by running it, whatever is remembered. Unless
// that is to explore, the lag that the service declares is waited out.
func (j *Judge) Again(ctx context.Context, t models.Trace, why history.Purpose) (*Judgement, error) {
	waits := why != history.Exploring
	got, err := j.fresh(ctx, t, why, waits)
	if err == nil {
		err = j.Attribute(ctx, t, &got.Verdict)
	}
	if err == nil && j.compare {
		err = j.compareAlone(ctx, t, got, waits)
	}
	if err != nil {
		return nil, err
	}
	j.log.Done(got.History.World, got.Verdict.TakenBack)
	return got, j.log.Err()
}

// Explore gives the verdict on a trace by running it in a world of a target that need
// not be fresh. The log must know of the world.
func (j *Judge) Explore(ctx context.Context, target targets.Target, world models.Namespace, t models.Trace) (*Judgement, error) {
	h, err := (&running{log: j.log, clock: j.clock}).trace(ctx, target, world, t)
	if err != nil {
		return nil, err
	}
	if h.Silent() {
		return nil, fmt.Errorf("%s answered none of %d operations: %w", target.Name(), len(h.Events), targets.ErrUnreachable)
	}
	got := &Judgement{History: h, Verdict: Check(h)}
	if err := j.Attribute(ctx, t, &got.Verdict); err != nil {
		return nil, err
	}
	j.log.Done(world, got.Verdict.TakenBack)
	return got, j.log.Err()
}

// fresh runs a trace on a fresh service. The log is not told that it is done.
func (j *Judge) fresh(ctx context.Context, t models.Trace, why history.Purpose, waits bool) (*Judgement, error) {
	target, err := j.pool.get(ctx)
	if err != nil {
		return nil, fmt.Errorf("start a fresh %s: %w", j.launcher.Name(), err)
	}
	defer j.pool.done(target)
	return j.on(ctx, target, t, why, waits)
}

// on runs a trace on a service that need not be fresh.
func (j *Judge) on(ctx context.Context, target targets.Target, t models.Trace, why history.Purpose, waits bool) (*Judgement, error) {
	j.replays.Add(1)
	world := j.names.World()
	j.log.Trace(world, why, int(j.number.Add(1)), j.Policy(), time.Now())
	h, err := (&running{log: j.log, clock: j.clock, waits: waits}).trace(ctx, target, world, t)
	j.requests.Add(int64(h.Requests()))
	if err != nil {
		return nil, err
	}
	if h.Silent() {
		return nil, fmt.Errorf("%s answered none of %d operations: %w", target.Name(), len(h.Events), targets.ErrUnreachable)
	}
	return &Judgement{History: h, Verdict: Check(h)}, nil
}
