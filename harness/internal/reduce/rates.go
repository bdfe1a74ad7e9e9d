package reduce

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// look is a size at which the runs of a trace that shows the violation at a rate are
// looked at: the runs of the whole trace, and those without an operation, by then.
type look struct{ whole, without int }

// looks are planned before the first run. As there are several, each has an equal
// share of the error that the test allows (Bonferroni), so that an operation which
// makes no difference is called needed in 1 of 20 certificates at most. The last is
// the budget of runs.
var looks = [...]look{{20, 5}, {40, 20}, {60, 60}}

// significance is the share of the error of 5% that one look has.
const significance = 0.05 / 3

// trial is a certificate by rates while it is made.
type trial struct {
	whole  sample
	parts  []sample
	proven []bool
	cert   Certificate
}

// sample are the runs of a trace so far.
type sample struct {
	trace models.Trace
	Rate
	shown *judge.Judgement // the last that showed the violation
}

// certifyRates makes the certificate of a trace that shows the violation at a rate,
// and reports whether it made the trace shorter instead: where without an operation
// the violation shows as often in the runs so far, that one is left out.
func (r *reducer) certifyRates(ctx context.Context) (shorter bool, err error) {
	best := r.minimal.Trace
	t := &trial{whole: sample{trace: best}, proven: make([]bool, len(best.Ops))}
	for i := range best.Ops {
		without, row := r.without(best, i)
		t.parts, t.cert.Without = append(t.parts, sample{trace: without}), append(t.cert.Without, row)
	}
	for n, l := range looks {
		if !slices.Contains(t.proven, false) {
			break
		}
		if err := r.extend(ctx, &t.whole, l.whole); err != nil {
			return false, err
		}
		last := n == len(looks)-1
		for i := range t.parts {
			if t.proven[i] || last && !t.decidable(l) {
				continue
			}
			if shorter, err = r.look(ctx, t, i, l.without); shorter || err != nil {
				return shorter, err
			}
		}
	}
	if t.whole.shown != nil {
		r.accept(best, t.whole.shown)
	}
	t.cert.Runs = t.whole.Rate
	r.conclude(t.cert)
	return false, nil
}

// decidable reports whether a look can prove that an operation is needed, even if
// the violation shows in no run without it.
func (t *trial) decidable(l look) bool {
	return lower(t.whole.Rate, Rate{Runs: l.without}) <= significance
}

// look runs the trace without the ith operation until there are n runs, and looks at
// them. It reports whether the operation was left out.
func (r *reducer) look(ctx context.Context, t *trial, i, n int) (shorter bool, err error) {
	part, whole := &t.parts[i], t.whole.Rate
	if err := r.extend(ctx, part, n); err != nil {
		return false, err
	}
	if part.shown != nil && part.Failed*whole.Runs >= whole.Failed*part.Runs {
		return r.accept(part.trace, part.shown), nil
	}
	row := &t.cert.Without[i]
	row.Runs, row.Shown, row.Whole, row.P = part.Runs, part.Failed, &whole, lower(whole, part.Rate)
	t.proven[i] = row.P <= significance
	row.Perhaps = !t.proven[i]
	return false, nil
}

// extend runs the trace of a sample until it has n runs. As many run at once as of
// any other sample, for what shows at a rate may depend on that.
func (r *reducer) extend(ctx context.Context, s *sample, n int) error {
	for s.Runs < n {
		got := make([]*judge.Judgement, min(r.width, n-s.Runs))
		var runs errgroup.Group
		for i := range got {
			runs.Go(func() (err error) {
				defer judge.RecoverAsError(&err)
				if len(s.trace.Ops) > 0 {
					got[i], err = r.judge.Again(ctx, s.trace, history.Certifying)
				}
				return err
			})
		}
		if err := runs.Wait(); err != nil {
			return err
		}
		for _, judgement := range got {
			s.add(judgement, r)
		}
	}
	return nil
}

// add counts a run, of which the judgement is nil where there was nothing to run.
func (s *sample) add(got *judge.Judgement, r *reducer) {
	s.Runs++
	if got == nil {
		return
	}
	if _, ok := r.showing(got); ok {
		s.Failed++
		s.shown = got
	}
}
