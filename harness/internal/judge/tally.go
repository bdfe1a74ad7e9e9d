package judge

import (
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Tally adds up the verdicts on the histories of a run: while it is explored, and
// when it is judged again.
type Tally struct {
	Coverage   coverage.Coverage
	Traces     int
	Operations int
	Requests   int
	Renewed    int // tokens that had expired
	Refused    Refused
	// Crowded counts the traces that could be understood in too many ways to judge all
	// of them.
	Crowded int
	// Chosen are the choices that the traces showed.
	Chosen  Chosen
	tallies []models.Tally
	allowed map[models.Kind]int
}

// Add adds the history of the trace with an index, and its verdict.
func (t *Tally) Add(index int, h *history.History, v *Verdict) {
	t.Traces++
	if v.Crowded {
		t.Crowded++
	}
	t.Chosen.Add(index, v.Choices)
	t.Operations += len(h.Events)
	t.Requests += h.Requests()
	t.Renewed += h.Renewed()
	if t.tallies == nil {
		t.tallies = make([]models.Tally, len(v.Tallies))
	}
	for i, add := range v.Tallies {
		t.tallies[i].Checks += add.Checks
		t.tallies[i].Violations += add.Violations
		t.tallies[i].Inconclusive += add.Inconclusive
	}
	t.Coverage.Add(v.Coverage)
	t.addRefused(h, v)
}

// addRefused adds what a history shows to be refused.
func (t *Tally) addRefused(h *history.History, v *Verdict) {
	if t.allowed == nil {
		t.allowed = make(map[models.Kind]int)
	}
	for k, n := range v.Allowed {
		t.allowed[k] += n
	}
	for _, x := range v.Refusals {
		t.Refused.add(&x, example(h, x.Step))
	}
	for i := range t.Refused.Kinds {
		t.Refused.Kinds[i].Allowed = t.allowed[t.Refused.Kinds[i].Kind]
	}
	for _, x := range v.Tokens {
		t.Refused.addToken(&x, example(h, x.Step))
	}
	for _, x := range v.Untold {
		t.Refused.addUntold(&x)
	}
}

// example is the operation at a step with how it was refused, in a line.
func example(h *history.History, step int) string {
	e := &h.Events[step-1]
	answer := string(e.Response.Outcome)
	if e.Response.Status != 0 {
		answer += fmt.Sprintf(" (%d)", e.Response.Status)
	}
	return e.Call.Op.String() + " // " + answer
}

// Rules are the verdicts on the rules, for a service that can do what c says and
// is known to break some, with the reason.
func (t *Tally) Rules(c models.Capabilities, known map[string]string) []RuleResult {
	out := ruleResults(t.tallies, c)
	for i := range out {
		out[i].Known = known[out[i].ID]
	}
	return out
}

// RulesAgain are the verdicts on the rules of a run that is judged again, where
// saved are those of the time. What histories do not tell is taken from these:
// which rules did not apply to the service, which it was known to break, and what
// comparing runs has shown.
func (t *Tally) RulesAgain(saved []RuleResult) []RuleResult {
	out := ruleResults(t.tallies, models.Capabilities{})
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
