package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Options bound an exploration. The zero value of each field means its default.
type Options struct {
	Mix     scenarios.Mix // scenarios.Consultations
	Traces  int           // at most this many traces; 1000
	Time    time.Duration // at most this long; unbounded
	Seed    int           // of the run; the same seed draws the same traces
	Workers int           // services explored at once; the number of CPUs
	// Strict treats SHOULD rules like MUST rules: a violation ends the
	// exploration and makes the verdict Violated.
	Strict bool
	// Noninterference judges each trace on fresh services, by what every patient
	// observes with and without what other patients do.
	Noninterference bool
	// Known are the rules that the service is known to break, with the reason.
	// They end no exploration and do not count against the service while they
	// are broken; one that is kept does: the list is out of date.
	Known map[string]string
	// Whole explores the whole budget, whatever is found, and reduces one
	// violation of each rule.
	Whole bool
	// Unreduced leaves a violation as it was found: neither confirmed nor reduced.
	Unreduced bool
	// Log is where histories are written while they happen, as lines of JSON; nil
	// for nowhere.
	Log io.Writer
	// Progress, if not nil, is called after each trace and each replay of the
	// reduction, by one goroutine at a time.
	Progress func(Progress)
	// Found, if not nil, is called once, when a violation was found and before
	// it is confirmed, with the result so far.
	Found func(*Result)
}

// Progress is how far a run has come.
type Progress struct {
	Phase      history.Purpose
	Workers    int // services explored at once
	Traces     int // explored
	Operations int // performed while exploring
	Replays    int // spent on confirming and reducing
	Length     int // of the shortest failing trace so far, in operations
	Elapsed    time.Duration
	// SoFar makes the result as it stands. It may be called only until the
	// callback returns, and is nil where there is none yet.
	SoFar func() *Result
}

func (o Options) withDefaults(l targets.Launcher) Options {
	if o.Mix.Name == "" {
		o.Mix = scenarios.Consultations()
	}
	o.Mix = o.Mix.Only(l.Capabilities())
	if o.Traces == 0 {
		o.Traces = 1000
	}
	if o.Workers <= 0 {
		o.Workers = runtime.NumCPU()
	}
	o.Workers = min(o.Workers, o.Traces)
	if one, ok := l.(targets.Exclusive); !l.Fresh() || ok && one.Exclusive() {
		o.Workers = 1
	}
	return o
}

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

	mu         sync.Mutex
	found      *sighting
	first      map[string]*sighting // of each rule
	explored   int
	operations int
	requests   int
	tallies    []models.Tally
	coverage   coverage.Coverage
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

// sighting is a violation seen while exploring.
type sighting struct {
	index     int
	worker    *worker
	history   *history.History
	verdict   judge.Verdict
	violation models.Violation
}

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
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	errs := make([]error, e.options.Workers)
	var wg sync.WaitGroup
	for n := range e.options.Workers {
		wg.Go(func() {
			if errs[n] = e.work(ctx, &worker{number: n, worlds: make(map[models.Namespace]int)}); errs[n] != nil {
				stop()
			}
		})
	}
	wg.Wait()
	if errors.Is(context.Cause(ctx), errBudget) {
		return nil
	}
	return judge.FirstCause(errs)
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
	h, err := judge.Run(ctx, target, world, t, e.log)
	if err != nil {
		return err
	}
	if h.Silent() {
		return fmt.Errorf("%s answered none of %d operations of trace %d: %w", target.Name(), len(h.Events), index, targets.ErrUnreachable)
	}
	e.record(w, index, h, judge.Check(h))
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

// record adds a trace's verdict to what is known.
func (e *explorer) record(w *worker, index int, h *history.History, v judge.Verdict) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.explored++
	e.operations += len(h.Events)
	e.requests += h.Requests()
	e.tallies = judge.AddTallies(e.tallies, v.Tallies)
	e.coverage.Add(v.Coverage)
	for _, violation := range v.Violations {
		e.note(&sighting{index, w, h, v, violation})
	}
	if gravest, ok := e.gravest(&v); ok {
		e.sight(&sighting{index, w, h, v, gravest})
	}
	e.report(Progress{Phase: history.Exploring})
}

// gravest is the violation that a trace is reduced for, if it has any that is
// not known.
func (e *explorer) gravest(v *judge.Verdict) (models.Violation, bool) {
	if ni, broken := v.ByRule(judge.Noninterference); broken && e.options.Known[judge.Noninterference] == "" {
		return ni, true // it was asked for
	}
	if len(e.options.Known) == 0 {
		return v.Gravest()
	}
	fresh := judge.Verdict{Violations: slices.DeleteFunc(slices.Clone(v.Violations), func(x models.Violation) bool { return e.options.Known[x.Rule] != "" })}
	return fresh.Gravest()
}

// note keeps the first violation of each rule.
func (e *explorer) note(s *sighting) {
	if known := e.first[s.violation.Rule]; known == nil || s.index < known.index {
		e.first[s.violation.Rule] = s
	}
}

// sight keeps the first violation, one of a MUST rule before one of a SHOULD rule
// unless these count as much. Exploring ends with the former only.
func (e *explorer) sight(s *sighting) {
	grave := e.counts(s)
	if e.found != nil {
		known := e.counts(e.found)
		if known && !grave || known == grave && s.index > e.found.index {
			return
		}
	}
	e.found = s
	if grave && !e.options.Whole {
		e.limit.Store(int64(s.index))
	}
}

// counts reports whether a violation counts against the service, and so ends the
// exploration unless the whole budget is to be spent.
func (e *explorer) counts(s *sighting) bool { return e.options.Strict || s.violation.Must() }

func (e *explorer) report(p Progress) {
	if e.options.Progress == nil {
		return
	}
	p.Workers, p.Traces, p.Operations, p.Elapsed = e.options.Workers, e.explored, e.operations, time.Since(e.started)
	p.Replays, p.SoFar = e.judge.Replays(), e.soFar
	e.options.Progress(p)
}
