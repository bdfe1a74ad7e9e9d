package judge

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

func AddTallies(to, from []models.Tally) []models.Tally {
	if to == nil {
		to = make([]models.Tally, len(from))
	}
	for i, t := range from {
		to[i].Checks += t.Checks
		to[i].Violations += t.Violations
		to[i].Inconclusive += t.Inconclusive
	}
	return to
}

// Fold adds up the verdicts on the histories of a run, as exploring does, so
// that a saved run can be judged again.
type Tally struct {
	Coverage   coverage.Coverage
	Traces     int
	Operations int
	Requests   int
	tallies    []models.Tally
}

// Add adds a history and its verdict.
func (f *Tally) Add(h *history.History, v *Verdict) {
	f.Traces++
	f.Operations += len(h.Events)
	f.Requests += h.Requests()
	f.tallies = AddTallies(f.tallies, v.Tallies)
	f.Coverage.Add(v.Coverage)
}

// Rules are the verdicts on the rules, where saved are those of the run. What
// histories do not tell is taken from these: which rules did not apply to the
// service, which it was known to break, and what comparing runs has shown.
func (f *Tally) Rules(saved []RuleResult) []RuleResult {
	out := RuleResults(f.tallies, models.Capabilities{})
	for i := range out {
		r := &out[i]
		at := slices.IndexFunc(saved, func(s RuleResult) bool { return s.ID == r.ID })
		if at < 0 {
			continue
		}
		was := saved[at]
		if rule, err := models.RuleByID(r.ID); err == nil && rule.Compares {
			r.Verdict, r.Checks, r.Violations, r.Inconclusive = was.Verdict, was.Checks, was.Violations, was.Inconclusive
		}
		if r.Violations == 0 && was.Verdict == NotApplicable {
			r.Verdict = NotApplicable
		}
		r.Known = was.Known
	}
	return out
}
