package harness_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// A repetition is the same hunt as a user of rapid would write it by hand, to
// compare with: a state machine with an action for each kind of operation,
// driven by Repeat. An action draws one of the operations that are well-formed
// in the model's state, performs it at once and checks the answer by the same
// rules. Every run has a fresh service. What fails is shrunk by rapid itself.
type repetition struct {
	ctx        context.Context
	services   *services
	policy     *models.Policy
	population models.Population
	// kinder makes an action draw an operation that a correct service accepts
	// three times in four, as our own drawing does. The plain one draws any.
	kinder bool
	// maxRuns and maxShrinks bound the runs until the first that fails, and
	// those after it.
	maxRuns, maxShrinks int

	began     func() // called before the first run
	signature *models.Signature
	hunt      effort       // until the end of the first run that failed
	shrink    effort       // after it
	first     models.Trace // the first that failed
	last      models.Trace // the last that failed: rapid's minimum so far
	cut       bool         // one of the bounds was met
	err       error
}

// effort is what something took.
type effort struct {
	runs, operations int
}

// spent is where the present run is counted.
func (r *repetition) spent() *effort {
	if r.signature == nil {
		return &r.hunt
	}
	return &r.shrink
}

// run hunts with a seed of rapid's, and shrinks as long as the flags of rapid
// and the bounds allow. The settings of rapid are flags of the process: it holds
// setting until rapid has read them.
func (r *repetition) run(b *testing.B, setting *sync.Mutex, seed int) error {
	setting.Lock()
	r.began = sync.OnceFunc(setting.Unlock)
	defer r.began()
	for name, value := range map[string]int{"rapid.seed": seed, "rapid.checks": r.maxRuns} {
		if err := flag.Set(name, strconv.Itoa(value)); err != nil {
			return err
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		rapid.Check(&muted{B: b}, r.property)
	}()
	<-done
	r.cut = r.cut || r.signature == nil
	return r.err
}

// muted is a benchmark that rapid may fail.
type muted struct {
	*testing.B
	failed bool
}

func (m *muted) Logf(string, ...any)   {}
func (m *muted) Errorf(string, ...any) { m.failed = true }
func (m *muted) Failed() bool          { return m.failed }
func (m *muted) FailNow()              { runtime.Goexit() }

// property is what rapid checks. When the bound is met, or the adapter is
// broken, it ends the goroutine, for rapid knows no other way to be stopped.
func (r *repetition) property(t *rapid.T) {
	r.began()
	if r.signature != nil && r.shrink.runs >= r.maxShrinks {
		r.cut = true
		runtime.Goexit()
	}
	m, err := r.machine()
	if err != nil {
		r.stop(err)
	}
	defer m.end()
	r.spent().runs++
	t.Repeat(m.actions())
}

func (r *repetition) stop(err error) {
	r.err = errors.Join(r.err, err)
	runtime.Goexit()
}

// machine is one run on a fresh service.
type machine struct {
	*repetition
	target   targets.Target
	world    targets.World
	states   *models.States
	findings *models.Findings
	trace    models.Trace
	spending *effort
}

// repeatWorld is the namespace of the one world on each service.
const repeatWorld models.Namespace = "repeat"

func (r *repetition) machine() (*machine, error) {
	target, err := r.services.get()
	if err != nil {
		return nil, err
	}
	world, err := target.Open(r.ctx, repeatWorld)
	if err != nil {
		return nil, errors.Join(err, target.Close())
	}
	return &machine{repetition: r, target: target, world: world, spending: r.spent(),
		states: models.NewStates(repeatWorld, r.policy), findings: models.NewFindings()}, nil
}

func (m *machine) end() {
	m.err = errors.Join(m.err, m.world.Close(), m.target.Close())
}

func (m *machine) actions() map[string]func(*rapid.T) {
	out := make(map[string]func(*rapid.T))
	for _, kind := range models.Kinds() {
		out[string(kind)] = func(t *rapid.T) { m.act(t, kind) }
	}
	return out
}

// act is an action. The text of its failure is the same for the same violation,
// as rapid's shrinking needs.
func (m *machine) act(t *rapid.T, kind models.Kind) {
	ops := m.choices(t, m.states.All()[0].EnabledOf(kind, m.population))
	if len(ops) == 0 {
		t.Skip("there is none")
	}
	if err := m.perform(rapid.SampledFrom(ops).Draw(t, "operation")); err != nil {
		m.stop(err)
	}
	if m.violated() {
		t.Fatalf("%s", m.signature)
	}
}

// choices are those of the operations from which one is drawn. Nothing is drawn
// before it is certain that there is one: rapid counts as performed an action
// that draws and then skips.
func (m *machine) choices(t *rapid.T, ops []models.Operation) []models.Operation {
	if !m.kinder {
		return ops
	}
	var accepted, refused []models.Operation
	for _, op := range ops {
		if m.states.All()[0].Expect(models.Call{Step: len(m.trace.Ops) + 1, Op: op}).Outcome == models.OK {
			accepted = append(accepted, op)
		} else {
			refused = append(refused, op)
		}
	}
	if len(refused) == 0 || len(accepted) > 0 && rapid.IntRange(0, 3).Draw(t, "accepted") != 3 {
		return accepted
	}
	return refused
}

func (m *machine) perform(op models.Operation) error {
	m.trace.Ops = append(m.trace.Ops, op)
	m.spending.operations++
	c := models.Call{Step: len(m.trace.Ops), Op: op}
	got, err := m.world.Apply(m.ctx, c)
	if err != nil {
		return fmt.Errorf("step %d, %s: %w", c.Step, op, err)
	}
	m.states.Observe(&models.Answer{Call: c, Got: got}, m.findings)
	return nil
}

// violated reports whether the run has shown the violation, which is the
// gravest of the first step that showed any. From then on it is the only one
// that counts, so that shrinking does not wander off to another.
func (m *machine) violated() bool {
	all := m.findings.Violations()
	if len(all) == 0 {
		return false
	}
	if m.signature == nil {
		m.signature, m.first = &all[0].Signature, m.trace
	}
	for _, v := range all {
		if v.Signature == *m.signature {
			m.last = m.trace
			return true
		}
	}
	return false
}

// services keeps a fresh service ready ahead of need.
type services struct {
	ready  chan launch
	cancel context.CancelFunc
}

type launch struct {
	target targets.Target
	err    error
}

// launchAhead launches services until close is called.
func launchAhead(ctx context.Context, l targets.Launcher) *services {
	ctx, cancel := context.WithCancel(ctx)
	s := &services{ready: make(chan launch), cancel: cancel}
	go func() {
		defer close(s.ready)
		for ctx.Err() == nil {
			target, err := l.Launch(ctx)
			select {
			case s.ready <- launch{target, err}:
			case <-ctx.Done():
				if err == nil {
					target.Close()
				}
			}
		}
	}()
	return s
}

func (s *services) get() (targets.Target, error) {
	l := <-s.ready
	return l.target, l.err
}

// close ends the service that nobody asked for.
func (s *services) close() {
	s.cancel()
	for l := range s.ready {
		if l.err == nil {
			l.target.Close()
		}
	}
}
