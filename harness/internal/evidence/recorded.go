package evidence

import (
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

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
