package reduce

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Certificate is the proof that a trace is 1-minimal: fresh runs of it, and of
// it without each operation in turn, none answered from memory.
type Certificate struct {
	// Runs is how often the whole trace showed the violation.
	Runs Rate `json:"runs"`
	// Without has a row for each operation.
	Without []Omission `json:"without"`
}

// Omission is an operation that was left out, together with those that cannot
// be performed without it. The violation showed in none of Runs runs.
type Omission struct {
	Op string `json:"op"`
	// Also is the number of operations that went with it.
	Also int `json:"also,omitempty"`
	Runs int `json:"runs"`
}

// proves reports whether the certificate is complete for a trace of n
// operations: the whole trace showed the violation, and every operation was
// left out once.
func (c Certificate) proves(n int) bool {
	return c.Runs.Failed > 0 && len(c.Without) == n
}

// Proven reports whether the trace is certified to be 1-minimal. It is not when
// the reduction was interrupted.
func (m *Minimal) Proven() bool { return m.Certificate.proves(len(m.Trace.Ops)) }

// confirmations is the number of fresh runs of the minimal trace.
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
	best := r.minimal.Trace
	cert := Certificate{Runs: Rate{Runs: confirmations * r.tries}}
	for range cert.Runs.Runs {
		got, err := r.judge.Again(ctx, best, history.Certifying)
		if err != nil {
			return false, err
		}
		if r.accept(best, got) {
			cert.Runs.Failed++
		}
	}
	for from := 0; from < len(best.Ops); from += r.width {
		omissions, shorter, err := r.omit(ctx, best, from, min(from+r.width, len(best.Ops)))
		if err != nil || shorter {
			return shorter, err
		}
		cert.Without = append(cert.Without, omissions...)
	}
	r.minimal.Certificate = cert
	return false, nil
}

// omit runs the trace without each of the operations from index from up to to,
// at the same time. One that is not needed makes the best trace shorter.
func (r *reducer) omit(ctx context.Context, best models.Trace, from, to int) (out []Omission, shorter bool, err error) {
	traces := make([]models.Trace, 0, to-from)
	for i := from; i < to; i++ {
		t := r.candidate(slices.Delete(slices.Clone(best.Ops), i, i+1))
		traces = append(traces, t)
		out = append(out, Omission{Op: best.Ops[i].String(), Also: len(best.Ops) - 1 - len(t.Ops), Runs: r.tries})
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
