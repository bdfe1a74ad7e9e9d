package harness

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Explore hunts for a violation: it draws traces and runs them in the shared
// world of a service, where every earlier trace's recordings are potential
// victims, until the first violation or the end of the budget. A violation is
// confirmed on a fresh service and reduced. With the same seed, number of
// workers and service the result is the same.
//
// When ctx ends, or the service cannot be reached, the result so far is
// returned together with the error.
func Explore(ctx context.Context, l targets.Launcher, o Options) (*Result, error) {
	o = o.withDefaults(l)
	log := history.NewLog(o.Log)
	j := judge.NewJudge(ctx, l, 2, log)
	j.Compare(o.Noninterference)
	traces := o.Mix.Traces(l.Capabilities().Policy)
	e := newExplorer(l, j, log, o, func(index int) models.Trace { return scenarios.Draw(traces, traceSeed(o.Seed, index)) })
	err := e.hunt(ctx)
	result, err := e.conclude(ctx, err)
	if closeErr := j.Close(); err == nil {
		err = closeErr
	}
	return result, err
}

// explorer is the state of an exploration.
type explorer struct {
	options  Options
	launcher targets.Launcher
	judge    *judge.Judge
	log      *history.Log
	names    *judge.Namer
	started  time.Time
	// draw gives the trace with an index, the same one each time.
	draw func(index int) models.Trace
	// limit is the number of traces to explore: the budget, and after a
	// violation the index of the trace that showed it, so that an earlier
	// trace of another worker can still be the first.
	limit atomic.Int64

	mu    sync.Mutex
	found *sighting
	first map[string]*sighting // of each rule
	tally judge.Tally
}

// traceSeed is the seed of the trace with an index in the run with a seed. Runs
// with neighboring seeds share no traces. It is one step of SplitMix64 (Steele,
// Lea and Flood, OOPSLA 2014) from the run's seed and one from the index.
func traceSeed(seed, index int) int {
	return int(mix64(mix64(uint64(seed))+uint64(index)) >> 1)
}

func mix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func newExplorer(l targets.Launcher, j *judge.Judge, log *history.Log, o Options, draw func(int) models.Trace) *explorer {
	e := &explorer{options: o, launcher: l, judge: j, log: log, names: judge.NewNamer(), started: time.Now(), draw: draw, first: make(map[string]*sighting)}
	e.limit.Store(int64(o.Traces))
	return e
}

// conclude makes the result of hunting, which ended with err. Where a violation
// was found it is confirmed and reduced.
func (e *explorer) conclude(ctx context.Context, err error) (*Result, error) {
	r := e.result()
	if err == nil {
		err = r.recognized()
	}
	if r.Found != nil && e.options.Found != nil {
		e.options.Found(r)
	}
	if err == nil && e.found != nil && !e.options.Unreduced {
		r.Found.Reproduced, r.Minimal, err = e.pursue(ctx, e.found)
	}
	if err == nil && e.options.Whole {
		err = e.pursueOthers(ctx, r)
	}
	r.Replays, r.ReplayRequests = e.judge.Replays(), e.judge.Requests()
	r.Elapsed = time.Since(e.started)
	return r, errors.Join(err, e.log.Err())
}
