package reduce

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// confirmations is the number of fresh runs of a trace that always shows the
// violation.
const confirmations = 3

// certify makes the certificate. An operation that turns out not to be needed,
// as may happen on a service that answers differently from run to run, is left
// out, and the certificate is begun anew.
func (r *reducer) certify(ctx context.Context) error {
	for {
		shorter, err := r.certifyOnce(ctx)
		if err != nil || !shorter {
			return err
		}
	}
}

// certifyOnce makes the certificate and reports whether it made the trace
// shorter instead.
func (r *reducer) certifyOnce(ctx context.Context) (shorter bool, err error) {
	if r.tries > 1 {
		return r.certifyRates(ctx)
	}
	best := r.minimal.Trace
	cert := Certificate{Runs: Rate{Runs: confirmations}}
	for range cert.Runs.Runs {
		got, err := r.judge.Again(ctx, best, history.Certifying)
		if err != nil {
			return false, err
		}
		if r.accept(best, got) {
			cert.Runs.Failed++
		}
	}
	if cert.Runs.Failed < cert.Runs.Runs {
		return r.certifyRates(ctx)
	}
	for from := 0; from < len(best.Ops); from += r.width {
		omissions, shorter, err := r.omit(ctx, best, from, min(from+r.width, len(best.Ops)))
		if err != nil || shorter {
			return shorter, err
		}
		cert.Without = append(cert.Without, omissions...)
	}
	r.conclude(cert)
	return false, nil
}

// omit runs the trace without each of the operations from index from up to to,
// at the same time. One that is not needed makes the best trace shorter.
func (r *reducer) omit(ctx context.Context, best models.Trace, from, to int) (out []Omission, shorter bool, err error) {
	traces := make([]models.Trace, 0, to-from)
	for i := from; i < to; i++ {
		t, o := r.without(best, i)
		o.Runs = 1
		traces, out = append(traces, t), append(out, o)
	}
	got, err := r.runAll(ctx, traces, history.Certifying)
	if err != nil {
		return nil, false, err
	}
	for i, judgement := range got {
		if judgement != nil && r.accept(traces[i], judgement) {
			return nil, true, nil
		}
	}
	return out, false, nil
}

// without is the trace without the ith operation, and its row of the certificate.
func (r *reducer) without(best models.Trace, i int) (models.Trace, Omission) {
	t := r.candidate(slices.Delete(slices.Clone(best.Ops), i, i+1))
	return t, Omission{Op: best.Ops[i].String(), Also: len(best.Ops) - 1 - len(t.Ops)}
}

// conclude gives the best trace its certificate.
func (r *reducer) conclude(cert Certificate) {
	cert.On = r.ground()
	r.minimal.Certificate = cert
}
