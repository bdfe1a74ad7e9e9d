package report

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// Exposed is an exposure, and the violation that it is part of.
type Exposed struct {
	Rule string `json:"rule"`
	// Step is that of the minimal trace for the rule, or where there is none that
	// of the trace in which it was found.
	Step int `json:"step"`
	Exposure
}

// exposed are the exposures by all that was found. The list is never nil.
func (r *Run) exposed() []Exposed {
	out := []Exposed{}
	for _, e := range r.cases() {
		for _, x := range e.exposures(e.violation.Exposures) {
			out = append(out, Exposed{Rule: e.violation.Rule, Step: e.violation.Step, Exposure: x})
		}
	}
	return out
}

// withoutLinks is a response in which the secrets of playback links are left
// out of the paths that were asked for.
func withoutLinks(r *models.Response) *models.Response {
	out := *r
	out.Exchanges = slices.Clone(r.Exchanges)
	for i := range out.Exchanges {
		x := &out.Exchanges[i]
		x.Path = exchange.NewRedactor([]targets.Recorded{{URL: x.Path}}).Text(x.Path)
	}
	return &out
}
