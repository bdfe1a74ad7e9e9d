package evidence

import (
	"errors"
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// ErrNoRecord says that a run has no exchanges of a minimal trace: nothing was
// found, it was not reduced, or the target does not speak HTTP.
var ErrNoRecord = errors.New("no run of a minimal trace over HTTP was recorded")

// Exchanges are those of the minimal trace, without secrets; none where
// nothing was recorded.
func (r *Run) Exchanges() []targets.LoggedExchange {
	if r.Minimal == nil || r.Minimal.Record == nil {
		return nil
	}
	return r.Redactor().Exchanges(r.Minimal.Record.Exchanges)
}

// Redactor knows the secrets of what was recorded of the minimal trace, and those
// of the run.
func (r *Run) Redactor() *exchange.Redactor {
	known := r.Secrets.Secrets()
	if r.Minimal == nil || r.Minimal.Record == nil {
		return exchange.NewRedactor(nil, known...)
	}
	record := r.Minimal.Record
	return exchange.NewRedactor(record.Exchanges, slices.Concat(known, record.Secrets)...)
}
