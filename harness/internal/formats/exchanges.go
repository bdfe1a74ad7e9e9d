package formats

import (
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// Logs writes what the service logged while the minimal trace was recorded,
// without the secrets of its exchanges. The error is [evidence.ErrNoRecord] where there
// is nothing.
func Logs(w io.Writer, r *evidence.Run) error {
	if r.Minimal == nil || r.Minimal.Record == nil || len(r.Minimal.Record.Logs) == 0 {
		return evidence.ErrNoRecord
	}
	_, err := w.Write(r.Redactor().Bytes(r.Minimal.Record.Logs))
	return err
}

// HAR writes the exchanges of the minimal trace as [exchange.HAR] does, without
// secrets. The error is [evidence.ErrNoRecord] where nothing was recorded.
func HAR(w io.Writer, r *evidence.Run) error {
	all := r.Exchanges()
	if len(all) == 0 {
		return evidence.ErrNoRecord
	}
	ops := r.Minimal.Trace.Ops
	return exchange.HAR(w, all, evidence.Suite(), func(step int) string {
		if step < 1 || step > len(ops) {
			return ""
		}
		return ops[step-1].String()
	})
}
