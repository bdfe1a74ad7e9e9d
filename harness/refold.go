package harness

import (
	"cmp"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Fold adds up the verdicts on the histories of a run, as exploring does, so
// that a saved run can be judged again.
type Fold struct {
	Coverage   Coverage
	Traces     int
	Operations int
	Requests   int
	tallies    []models.Tally
}

// Add adds a history and its verdict.
func (f *Fold) Add(h *History, v *Verdict) {
	f.Traces++
	f.Operations += len(h.Events)
	f.Requests += h.Requests()
	f.tallies = addTallies(f.tallies, v.Tallies)
	f.Coverage.Add(v.Coverage)
}

// Rules are the verdicts on the rules, where saved are those of the run. What
// histories do not tell is taken from these: which rules did not apply to the
// service, which it was known to break, and what comparing runs has shown.
func (f *Fold) Rules(saved []RuleResult) []RuleResult {
	out := ruleResults(f.tallies, models.Capabilities{})
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

// Overall is the verdict on a service by those on its rules. A broken SHOULD
// rule counts only where strict, and a rule that is known to be broken only
// where it is not.
func Overall(rules []RuleResult, strict bool) Outcome { return overall(rules, strict) }

// GravestOf is the violation of a history that an exploration would stop for:
// the gravest that is not of a rule known to be broken.
func (v *Verdict) GravestOf(known func(rule string) bool) (models.Violation, bool) {
	var best models.Violation
	found := false
	for _, x := range v.Violations {
		if known(x.Rule) {
			continue
		}
		if !found || cmp.Or(cmp.Compare(weight(x), weight(best)), cmp.Compare(x.Level, best.Level)) > 0 {
			best, found = x, true
		}
	}
	return best, found
}
