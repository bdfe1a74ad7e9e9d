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
	// Expected are the answers of a correct service, by event. Open are the steps at
	// which another would be correct, too: an operation before got no answer, and
	// nobody can tell what it did.
	Expected []models.Response
	Open     []int
	// Contradicted is the first step whose answer no correct service gives, or 0.
	// Refusals are not counted.
	Contradicted int
	// TakenBack is the step of a violation that was taken out, because it shows without
	// those who were to be blamed for it, or 0.
	TakenBack int
	// Refusals are the answers that refuse what a correct service accepts, and
	// Allowed counts those and the ones that accept it, by kind.
	Refusals []Refusal
	Allowed  map[models.Kind]int
	// Tokens are the valid tokens that were refused, and Untold the answers that should
	// refuse content and are none that is known. Unheard are the steps at which they
	// were: nothing else can be told of these.
	Tokens  []RefusedToken
	Untold  []UntoldAnswer
	Unheard []int
	// Choices are those about the life of a visit that the service may have made by its
	// answers.
	Choices models.Choices
	// Crowded says that there were too many ways to understand the answers to judge all
	// of them.
	Crowded bool
}

// Check folds the rules over a history. It does not change the history, and
// gives the same verdict for the same history.
func Check(h *history.History) Verdict { return check(h, models.NewFindings()) }

// CheckAllExposures is [Check] with every exposure of every violation listed, however
// many there are: for those who count them.
func CheckAllExposures(h *history.History) Verdict { return check(h, models.NewFindings().ListAll()) }

func check(h *history.History, findings *models.Findings) Verdict {
	survey := coverage.NewSurvey()
	v := Verdict{Expected: make([]models.Response, len(h.Events))}
	r := refusals{allowed: make(map[models.Kind]int), refused: make(map[models.Handle]bool)}
	answers := h.Answers()
	states := answers.Fold(findings, func(i int, s models.Step, _ []*models.State) {
		e := &h.Events[i]
		v.Expected[i] = s.Expected
		if s.Divided {
			v.Open = append(v.Open, e.Call.Step)
		}
		if s.Contradicts && !s.Refused && v.Contradicted == 0 {
			v.Contradicted = e.Call.Step
		}
		r.note(e, &s)
		if s.Unheard || s.Untold {
			v.Unheard = append(v.Unheard, e.Call.Step)
			survey.Performed(e.Call.Op.Kind(), e.Response.Outcome)
			return
		}
		survey.Observe(&models.Observation{World: h.World, Before: s.Before[0], Call: e.Call, Expected: s.Expected, Got: e.Response}, s.Before)
	})
	states.Explain(len(h.Events), answers.At, findings)
	v.Choices, v.Crowded = states.Choices(), states.Crowded()
	v.Violations, v.Tallies, v.Coverage = findings.Violations(), findings.Tallies(), survey.Coverage()
	v.Refusals, v.Allowed, v.Tokens = r.breaking(v.Violations), r.allowed, r.tokens
	v.Untold = r.untold
	return v
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
