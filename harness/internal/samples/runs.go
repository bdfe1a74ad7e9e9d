package samples

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Leaky is a trace in which alice's last listing may show too much.
const Leaky = `alice = patient()
bob = patient()
dr1 = clinician()
b1 = bob.book(dr1, video)
bob.join(b1)
bob.speak(b1)
bob.leave(b1)
alice.list()
`

// started is when every run of the tests began.
var started = time.Date(2020, time.June, 9, 15, 4, 5, 0, time.UTC)

// Service answers as the model expects, but for what Tamper changes, if it is not
// nil.
type Service struct {
	Tamper func(models.Call, *models.Response)
}

// Name is the name of a target.
func (s Service) Name() string { return "service" }

// Capabilities are those of the reference policy.
func (s Service) Capabilities() models.Capabilities {
	return models.Capabilities{Policy: models.ReferencePolicy()}
}

// Close ends it.
func (s Service) Close() error { return nil }

// Open opens a world.
func (s Service) Open(context.Context, models.Namespace) (targets.World, error) {
	policy := models.ReferencePolicy()
	return &world{s, models.NewState(&policy)}, nil
}

type world struct {
	Service
	state *models.State
}

func (w *world) Apply(_ context.Context, c models.Call) (models.Response, error) {
	r := w.state.Expect(c)
	w.state = w.state.Step(c, r)
	r.Requests = 1
	if w.Tamper != nil {
		w.Tamper(c, &r)
	}
	return r, nil
}

// Judged is what a service with a change shows when the trace is run on it.
func Judged(t T, text string, tamper func(models.Call, *models.Response)) (models.Trace, *judge.Judgement) {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	h, err := judge.Run(context.Background(), Service{tamper}, "w1", trace, nil)
	require.NoError(t, err)
	h.Started = started
	for i := range h.Events {
		h.Events[i].At, h.Events[i].Took = 0, 0
	}
	return trace, &judge.Judgement{History: h, Verdict: judge.Check(h)}
}

// Shows has alice's listing show rows.
func Shows(rows ...models.Row) func(models.Call, *models.Response) {
	return func(c models.Call, r *models.Response) {
		if r.Listing != nil && c.Op.Actor() == "alice" {
			r.Listing = &models.Listing{Rows: rows, Pages: 1}
		}
	}
}

// Bobs is bob's recording in the first world as a listing shows it.
var Bobs = models.Row{Recording: "b1.r1", Tag: models.Tag{World: "w1", Booking: "b1"}, Page: 1}

// earliers is a recording of an earlier world.
var earliers = models.Row{Tag: models.Tag{World: "w0", Booking: "b2"}, Page: 1}

// RunOf is a finished run with counts, in which one trace was explored.
func RunOf(j *judge.Judgement) evidence.Run {
	rules := judge.RulesOf(&j.Verdict, Service{}.Capabilities())
	return evidence.Run{
		Result: harness.Result{Target: "clinic", Mix: "consultations", Seed: 7, Workers: 2, Started: started, Elapsed: 12345 * time.Millisecond,
			Verdict: judge.VerdictOfOne(rules, false), Rules: rules, Coverage: j.Verdict.Coverage,
			Traces: 1234, Operations: 34567, Requests: 45678},
		End: evidence.Finished, Dir: "out", Invocation: evidence.Invocation{Program: "crosstalk", Target: []string{"--fault", "x"}},
	}
}

// Violated is a run that found bob's recording in alice's listing and reduced
// the trace.
func Violated(t T) evidence.Run {
	trace, j := Judged(t, Leaky, Shows(Bobs))
	v := j.Verdict.Violations[0]
	r := RunOf(j)
	r.Exit, r.Replays, r.ReplayRequests = 1, 33, 297
	r.Found = &harness.Found{Index: 12, Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Before: 456, Reproduced: true}
	r.Minimal = &reduce.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Rate: reduce.Rate{Failed: 3, Runs: 3},
		Certificate: reduce.Certificate{Runs: reduce.Rate{Failed: 3, Runs: 3}, On: reduce.Fresh}, From: 38, Replays: 33, Requests: 297}
	for i, op := range trace.Ops {
		r.Minimal.Certificate.Without = append(r.Minimal.Certificate.Without, reduce.Omission{Op: op.String(), Also: i % 3, Runs: 1})
	}
	return r
}

// Unreproduced is a run in which a recording of an earlier trace was shown once.
func Unreproduced(t T) evidence.Run {
	trace, j := Judged(t, Leaky, Shows(earliers))
	v := j.Verdict.Violations[0]
	v.Exposures[0].Owner = "carol"
	r := RunOf(j)
	r.Exit = 1
	r.Found = &harness.Found{Index: 12, Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict,
		Worlds: map[models.Namespace]int{"w0": 3, "w1": 12}, Before: 456}
	return r
}
