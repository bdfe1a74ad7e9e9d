package reduce

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Minimal is a trace that was reduced, with the proof that it is 1-minimal: no
// single operation can be left out.
type Minimal struct {
	Trace     models.Trace
	Violation models.Violation
	History   *history.History
	Verdict   judge.Verdict
	// Rate is how often the violation showed when the trace was run before
	// reduction, and Certificate what showed on it afterwards.
	Rate        Rate
	Certificate Certificate
	// From is the number of operations before reduction; Replays and Requests
	// are what confirming, reducing and certifying took.
	From     int
	Replays  int
	Requests int
	// Record is one more run of the trace, for the reports; nil where the
	// reduction was not finished.
	Record *judge.Record
}

// Rate is "Failed of Runs".
type Rate struct {
	Failed int `json:"failed"`
	Runs   int `json:"runs"`
}

// String is for example "17 of 20".
func (r Rate) String() string { return fmt.Sprintf("%d of %d", r.Failed, r.Runs) }

// measured is the number of runs over which the rate of a service that answers
// differently from run to run is measured, and maxTries the greatest number of
// runs in which a candidate may show the violation once.
const (
	measured = 20
	maxTries = 20
)

// Reduce looks for the shortest trace that still shows the violation with a
// signature, directed by its witness: viewer, owner and recording. What shows on
// a later page of a listing is reduced as what shows on the first, if it does
// that, too. It asks only the judge. Report, if not nil, is told
// how many operations the shortest trace has whenever there is a shorter one.
//
// It returns an error when t does not show the violation, and else a Minimal
// even when ctx ends: that of the shortest trace so far, without certificate.
func Reduce(ctx context.Context, j *judge.Judge, t models.Trace, s models.Signature, report func(length int)) (*Minimal, error) {
	r := newReducer(j, s, report)
	before := j.Requests()
	if err := r.begin(ctx, t); err != nil {
		return nil, err
	}
	err := r.steps(ctx)
	if err == nil {
		err = r.certify(ctx)
	}
	if err == nil {
		r.minimal.Record, err = j.RecordShown(ctx, r.minimal.Trace, r.minimal.Violation.Signature)
	}
	m := r.minimal
	m.From, m.Replays, m.Requests = len(t.Ops), j.Replays(), j.Requests()-before
	return &m, err
}

// reduceWidth is the number of candidates that are judged at once, each on a fresh
// service. On one that is not reset they would meet.
const reduceWidth = 2

// reducer is the state of a reduction. Its best trace is minimal.Trace.
type reducer struct {
	judge     *judge.Judge
	policy    *models.Policy
	signature models.Signature
	report    func(length int)
	tries     int // runs in which a candidate must show the violation once
	width     int
	minimal   Minimal
	// alone asks for the violation among the people of a trace alone, on a service
	// that is not reset: what earlier runs left behind shows nothing of the trace.
	alone bool
	// nothingNew rejects candidates that break a rule which the best trace does
	// not break.
	nothingNew bool
	// rejected are the bodies of the candidates that did not show the violation
	// in as many tries. Where one is enough the judge remembers them.
	rejected map[string]bool
}

func newReducer(j *judge.Judge, s models.Signature, report func(length int)) *reducer {
	policy := j.Policy()
	r := &reducer{judge: j, policy: &policy, signature: s, report: report, tries: 1, width: 1, rejected: make(map[string]bool)}
	if j.Fresh() {
		r.width = reduceWidth
	}
	return r
}

// begin runs the trace three times, and twenty times where it does not always
// show the violation.
func (r *reducer) begin(ctx context.Context, t models.Trace) error {
	rate := &r.minimal.Rate
	for runs := 3; rate.Runs < runs; rate.Runs++ {
		got, err := r.judge.Again(ctx, t, history.Confirming)
		if err != nil {
			return err
		}
		if r.accept(t, got) {
			rate.Failed++
			r.alone = r.alone || !r.judge.Fresh() && ownPeople(r.minimal.Violation, got.Verdict.Violations)
		}
		if rate.Runs == 2 && rate.Failed < 2 {
			runs = measured
		}
	}
	if rate.Failed == 0 {
		return fmt.Errorf("%w: %s in %d runs of the trace", ErrNotShown, r.signature, rate.Runs)
	}
	if rate.Failed < rate.Runs {
		r.tries = triesFor(float64(rate.Failed) / float64(rate.Runs))
	}
	return nil
}

// ErrNotShown says that a trace does not show the violation to reduce it for.
var ErrNotShown = fmt.Errorf("the violation does not show")

// triesFor is the number of runs after which a violation that shows at a rate
// has shown with a probability of 95%.
func triesFor(rate float64) int {
	if rate >= 1 {
		return 1
	}
	return min(int(math.Ceil(math.Log(0.05)/math.Log(1-rate))), maxTries)
}

// showing is the violation that is looked for, if a judgement shows it.
func (r *reducer) showing(got *judge.Judgement) (models.Violation, bool) {
	for _, v := range got.Verdict.Violations {
		if v.Signature == r.signature && (!r.alone || ownPeople(v, got.Verdict.Violations)) {
			return v, true
		}
	}
	return models.Violation{}, false
}

// accept makes t, cut after the violation, the best trace if its judgement
// shows the violation.
func (r *reducer) accept(t models.Trace, got *judge.Judgement) bool {
	v, ok := r.showing(got)
	if !ok || r.nothingNew && got.Verdict.BreaksMoreThan(&r.minimal.Verdict) {
		return false
	}
	t.Ops = t.Ops[:v.Step]
	r.minimal.Trace, r.minimal.Violation = t, v
	r.minimal.History, r.minimal.Verdict = got.History, got.Verdict
	if r.report != nil {
		r.report(len(t.Ops))
	}
	return true
}

// first judges candidates, several at once, and makes the first that shows the
// violation the best trace. It returns its index, or -1.
func (r *reducer) first(ctx context.Context, candidates []models.Trace) (int, error) {
	for from := 0; from < len(candidates); from += r.width {
		wave := candidates[from:min(from+r.width, len(candidates))]
		got, err := r.judgeAll(ctx, wave)
		if err != nil {
			return -1, err
		}
		for i, judgement := range got {
			if judgement != nil && r.accept(wave[i], judgement) {
				return from + i, nil
			}
		}
	}
	return -1, nil
}

// judgeAll judges candidates at the same time, but for those that are known not
// to show the violation. Their judgement is nil, as is that of one that does not
// show it.
func (r *reducer) judgeAll(ctx context.Context, wave []models.Trace) ([]*judge.Judgement, error) {
	asked := make([]models.Trace, len(wave))
	for i, t := range wave {
		if !r.rejected[t.Body()] && r.plausible(t) {
			asked[i] = t
		}
	}
	got, err := r.runAll(ctx, asked, history.Reducing)
	if err != nil {
		return nil, err
	}
	for i, t := range wave {
		if got[i] == nil && r.tries > 1 {
			r.rejected[t.Body()] = true
		}
	}
	return got, nil
}

// runAll runs traces at the same time, but for empty ones. The judgement is nil
// for a trace that does not show the violation.
func (r *reducer) runAll(ctx context.Context, traces []models.Trace, why history.Purpose) ([]*judge.Judgement, error) {
	got := make([]*judge.Judgement, len(traces))
	var runs errgroup.Group
	for i, t := range traces {
		if len(t.Ops) == 0 {
			continue
		}
		runs.Go(func() (err error) {
			defer judge.RecoverAsError(&err)
			got[i], err = r.shows(ctx, t, why)
			return err
		})
	}
	return got, runs.Wait()
}

// plausible asks the model, which costs nothing, whether a candidate can show
// the violation: its last operation must be of the kind that showed it, and
// where another's recording was exposed there must be one. What the model
// rules out wrongly, because a service is wrong about more than one thing, the
// certificate still tries.
func (r *reducer) plausible(t models.Trace) bool {
	if len(t.Ops) == 0 {
		return false
	}
	last := t.Ops[len(t.Ops)-1]
	if last.Kind() != r.ops()[len(r.ops())-1].Kind() {
		return false
	}
	return r.minimal.Violation.Level == models.NotExposed || !r.foreignExists(r.minimal.Trace) || r.foreignExists(t)
}

// foreignExists reports whether, on a correct service, a recording exists at the
// end of a trace that the actor of its last operation may not see.
func (r *reducer) foreignExists(t models.Trace) bool {
	s := models.NewState(r.policy)
	for _, c := range t.Calls() {
		s = s.Step(c, s.Expect(c))
	}
	viewer := t.Ops[len(t.Ops)-1].Actor()
	for _, h := range s.Recordings() {
		if !s.MaySee(viewer, h) {
			return true
		}
	}
	return false
}

// shows runs a candidate until it shows the violation, at most r.tries times.
// A candidate of the reduction that needs to be run but once is answered from
// memory where it was run before.
func (r *reducer) shows(ctx context.Context, t models.Trace, why history.Purpose) (*judge.Judgement, error) {
	ask := r.judge.Again
	if r.tries == 1 && why == history.Reducing {
		ask = r.judge.Judge
	}
	for range r.tries {
		got, err := ask(ctx, t, why)
		if err != nil {
			return nil, err
		}
		if _, ok := r.showing(got); ok {
			return got, nil
		}
	}
	return nil, nil
}

// candidate repairs and canonically renames a trace made from operations.
func (r *reducer) candidate(ops []models.Operation) models.Trace {
	t, _ := models.Trace{Ops: ops}.Repair(r.policy)
	return t.Canonical()
}

// shorter judges one candidate, if it is shorter than the best trace.
func (r *reducer) shorter(ctx context.Context, ops []models.Operation) (bool, error) {
	t := r.candidate(ops)
	if len(t.Ops) >= len(r.ops()) {
		return false, nil
	}
	i, err := r.first(ctx, []models.Trace{t})
	return i == 0, err
}

// ops are the operations of the best trace.
func (r *reducer) ops() []models.Operation { return r.minimal.Trace.Ops }
