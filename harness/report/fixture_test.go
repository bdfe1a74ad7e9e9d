package report_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// leaky is a trace in which alice's last listing may show too much.
const leaky = `alice = patient()
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

// service answers as the model expects, but for what tamper changes.
type service struct {
	tamper func(models.Call, *models.Response)
}

func (s service) Name() string { return "service" }
func (s service) Capabilities() models.Capabilities {
	return models.Capabilities{Policy: models.ReferencePolicy()}
}
func (s service) Close() error { return nil }
func (s service) Open(context.Context, models.Namespace) (targets.World, error) {
	policy := models.ReferencePolicy()
	return &world{s, models.NewState(&policy)}, nil
}

type world struct {
	service
	state *models.State
}

func (w *world) Apply(_ context.Context, c models.Call) (models.Response, error) {
	r := w.state.Expect(c)
	w.state = w.state.Step(c, r)
	r.Requests = 1
	if w.tamper != nil {
		w.tamper(c, &r)
	}
	return r, nil
}

// judged is what a service with a change shows when the trace is run on it.
func judged(t *testing.T, text string, tamper func(models.Call, *models.Response)) (models.Trace, *harness.Judgement) {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	h, err := harness.Run(context.Background(), service{tamper}, "w1", trace, nil)
	require.NoError(t, err)
	h.Started = started
	for i := range h.Events {
		h.Events[i].At, h.Events[i].Took = 0, 0
	}
	return trace, &harness.Judgement{History: h, Verdict: harness.Check(h)}
}

// shows has alice's listing show rows.
func shows(rows ...models.Row) func(models.Call, *models.Response) {
	return func(c models.Call, r *models.Response) {
		if r.Listing != nil && c.Op.Actor() == "alice" {
			r.Listing = &models.Listing{Rows: rows, Pages: 1}
		}
	}
}

var (
	bobs     = models.Row{Recording: "b1.r1", Tag: models.Tag{World: "w1", Booking: "b1"}, Page: 1}
	earliers = models.Row{Tag: models.Tag{World: "w0", Booking: "b2"}, Page: 1}
)

// runOf is a finished run with counts, in which one trace was explored.
func runOf(j *harness.Judgement) report.Run {
	rules := harness.RulesOf(&j.Verdict, service{}.Capabilities())
	return report.Run{
		Result: harness.Result{Target: "clinic", Mix: "consultations", Seed: 7, Workers: 2, Started: started, Elapsed: 12345 * time.Millisecond,
			Verdict: report.VerdictOfOne(rules, false), Rules: rules, Coverage: j.Verdict.Coverage,
			Traces: 1234, Operations: 34567, Requests: 45678},
		End: report.Finished, Dir: "out", Invocation: report.Invocation{Program: "crosstalk", Target: []string{"--fault", "x"}},
	}
}

// violated is a run that found bob's recording in alice's listing and reduced
// the trace.
func violated(t *testing.T) report.Run {
	trace, j := judged(t, leaky, shows(bobs))
	v := j.Verdict.Violations[0]
	r := runOf(j)
	r.Exit, r.Replays, r.ReplayRequests = 1, 33, 297
	r.Found = &harness.Found{Index: 12, Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Before: 456, Reproduced: true}
	r.Minimal = &harness.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Rate: harness.Rate{Failed: 3, Runs: 3},
		Certificate: harness.Certificate{Runs: harness.Rate{Failed: 3, Runs: 3}}, From: 38, Replays: 33, Requests: 297}
	for i, op := range trace.Ops {
		r.Minimal.Certificate.Without = append(r.Minimal.Certificate.Without, harness.Omission{Op: op.String(), Also: i % 3, Runs: 1})
	}
	return r
}

// unreproduced is a run in which a recording of an earlier trace was shown once.
func unreproduced(t *testing.T) report.Run {
	trace, j := judged(t, leaky, shows(earliers))
	v := j.Verdict.Violations[0]
	v.Exposures[0].Owner = "carol"
	r := runOf(j)
	r.Exit = 1
	r.Found = &harness.Found{Index: 12, Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict,
		Worlds: map[models.Namespace]int{"w0": 3, "w1": 12}, Before: 456}
	return r
}
