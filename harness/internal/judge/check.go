package judge

import (
	"cmp"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Verdict is what the rules say of a history.
type Verdict struct {
	// Violations in order of steps; within a step the greatest exposure first.
	Violations []models.Violation
	// Tallies are the counts of each rule, by its index in models.Rules.
	Tallies []models.Tally
	// Coverage is what the history exercised.
	Coverage coverage.Coverage
	// Expected are the answers of a correct service, by event.
	Expected []models.Response
}

// Check folds the rules over a history. It does not change the history, and
// gives the same verdict for the same history.
func Check(h *history.History) Verdict { return check(h, models.NewFindings()) }

// CheckAllExposures is [Check] with every exposure of every violation listed, however
// many there are: for those who count them.
func CheckAllExposures(h *history.History) Verdict { return check(h, models.NewFindings().ListAll()) }

func check(h *history.History, findings *models.Findings) Verdict {
	state := models.NewState(&h.Policy)
	survey := coverage.NewSurvey()
	expected := make([]models.Response, len(h.Events))
	for i := range h.Events {
		e := &h.Events[i]
		o := models.Observation{World: h.World, Before: state, Call: e.Call, Got: e.Response}
		o.Expected = state.Expect(e.Call)
		expected[i] = o.Expected
		for j := range e.Earlier {
			pending := o
			pending.Got, pending.Pending = e.Earlier[j], true
			findings.Observe(&pending)
		}
		findings.Observe(&o)
		survey.Observe(&o)
		state = state.Step(e.Call, e.Response)
	}
	return Verdict{Violations: findings.Violations(), Tallies: findings.Tallies(), Coverage: survey.Coverage(), Expected: expected}
}

// Gravest is the violation that a trace is reduced for: of a MUST rule before one
// of a SHOULD rule, of these the one with the greatest exposure, of these the
// first.
func (v *Verdict) Gravest() (models.Violation, bool) {
	return v.GravestBut(func(string) bool { return false })
}

// GravestBut is the gravest violation that is not of a rule known to be broken.
func (v *Verdict) GravestBut(known func(rule string) bool) (models.Violation, bool) {
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

// weight is 1 for a violation of a MUST rule, else 0.
func weight(v models.Violation) int {
	if v.Must() {
		return 1
	}
	return 0
}

// Find returns the first violation with a signature.
func (v *Verdict) Find(s models.Signature) (models.Violation, bool) {
	for _, violation := range v.Violations {
		if violation.Signature == s {
			return violation, true
		}
	}
	return models.Violation{}, false
}

// BreaksMoreThan reports whether a rule is broken that w does not break.
func (v *Verdict) BreaksMoreThan(w *Verdict) bool {
	for _, violation := range v.Violations {
		if _, known := w.ByRule(violation.Rule); !known {
			return true
		}
	}
	return false
}

// ByRule returns the first violation of a rule.
func (v *Verdict) ByRule(id string) (models.Violation, bool) {
	for _, violation := range v.Violations {
		if violation.Rule == id {
			return violation, true
		}
	}
	return models.Violation{}, false
}
