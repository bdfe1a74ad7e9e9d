package report

import (
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// MinimalHAR is the file with the exchanges of the minimal trace.
const MinimalHAR = "minimal.har"

// ErrNoRecord says that a run has no exchanges of a minimal trace: nothing was
// found, it was not reduced, or the target does not speak HTTP.
var ErrNoRecord = errors.New("no run of a minimal trace over HTTP was recorded")

// Recorded are the exchanges of the minimal trace, without secrets; none where
// nothing was recorded.
func (r *Run) Recorded() []targets.Recorded {
	if r.Minimal == nil || r.Minimal.Record == nil {
		return nil
	}
	all := r.Minimal.Record.Exchanges
	return exchange.NewRedactor(all).Exchanges(all)
}

// Logs writes what the service logged while the minimal trace was recorded,
// without the secrets of its exchanges. The error is [ErrNoRecord] where there
// is nothing.
func Logs(w io.Writer, r *Run) error {
	if r.Minimal == nil || r.Minimal.Record == nil || len(r.Minimal.Record.Logs) == 0 {
		return ErrNoRecord
	}
	_, err := w.Write(exchange.NewRedactor(r.Minimal.Record.Exchanges).Bytes(r.Minimal.Record.Logs))
	return err
}

// HAR writes the exchanges of the minimal trace as [exchange.HAR] does, without
// secrets. The error is [ErrNoRecord] where nothing was recorded.
func HAR(w io.Writer, r *Run) error {
	all := r.Recorded()
	if len(all) == 0 {
		return ErrNoRecord
	}
	ops := r.Minimal.Trace.Ops
	return exchange.HAR(w, all, Suite(), func(step int) string {
		if step < 1 || step > len(ops) {
			return ""
		}
		return ops[step-1].String()
	})
}

// sortedKeys are the keys of a map in order.
func sortedKeys[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }
