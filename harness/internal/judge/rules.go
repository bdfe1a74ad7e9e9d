package judge

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// VerdictOfOne is the verdict on one trace by those on its rules. A rule that
// the trace does not exercise does not matter, nor does a SHOULD rule unless
// strict.
func VerdictOfOne(rules []RuleResult, strict bool) Conclusion {
	verdict := Conformant
	for _, r := range rules {
		switch {
		case r.Level != "MUST" && !strict:
		case r.Verdict == Fail:
			return Violated
		case r.Level == "MUST" && r.Verdict == Inconclusive:
			verdict = Inconclusive
		}
	}
	return verdict
}

// Conclusion is the verdict on a whole run, or on one rule.
type Conclusion string

// ExitCode is the exit code of a run that came to its end with this verdict.
func (c Conclusion) ExitCode() int {
	switch c {
	case Conformant:
		return 0
	case Violated:
		return 1
	}
	return 2
}

// The verdicts on a run.
const (
	Conformant   Conclusion = "conformant"   // every MUST rule is pass or not applicable
	Violated     Conclusion = "violation"    // a MUST rule failed
	Inconclusive Conclusion = "inconclusive" // no MUST rule failed, and not every one passed
)

// The verdicts on a rule, besides [Inconclusive].
const (
	Pass          Conclusion = "pass"
	Fail          Conclusion = "fail"
	NotExercised  Conclusion = "not exercised"  // it was never asked; blocks conformance
	NotApplicable Conclusion = "not applicable" // the target lacks what it is about, or it was not asked for
)

// RuleResult is the verdict on one rule. A skip is never a pass: Checks counts
// how often the rule was asked where it could have failed.
type RuleResult struct {
	ID           string     `json:"id"`
	Level        string     `json:"level"` // MUST or SHOULD
	Sentence     string     `json:"sentence"`
	Verdict      Conclusion `json:"verdict"`
	Checks       int        `json:"checks"`
	Violations   int        `json:"violations"`
	Inconclusive int        `json:"inconclusive"`
	// Known is why the service is known to break the rule, or empty.
	Known string `json:"known,omitempty"`
}

// Unexpected reports whether the service keeps a rule that it was known to
// break.
func (r RuleResult) Unexpected() bool { return r.Known != "" && r.Verdict == Pass }

// ruleResults gives the verdict on each rule.
func ruleResults(tallies []models.Tally, c models.Capabilities) []RuleResult {
	rules := models.Rules()
	out := make([]RuleResult, len(rules))
	for i, rule := range rules {
		var t models.Tally
		if i < len(tallies) {
			t = tallies[i]
		}
		out[i] = RuleResult{ID: rule.ID, Level: rule.Level(), Sentence: rule.Sentence, Verdict: ruleVerdict(rule, t, c),
			Checks: t.Checks, Violations: t.Violations, Inconclusive: t.Inconclusive}
	}
	return out
}

func ruleVerdict(rule models.Rule, t models.Tally, c models.Capabilities) Conclusion {
	if t.Violations > 0 {
		return Fail
	}
	if !rule.Applies(c) || (rule.Compares || rule.IfMet) && t == (models.Tally{}) {
		return NotApplicable
	}
	switch {
	case t.Checks > 0 && t.Inconclusive == 0:
		return Pass
	case t.Inconclusive > 0:
		return Inconclusive
	}
	return NotExercised
}

// Overall is the verdict on a service by those on its MUST rules. A SHOULD rule
// counts only where strict, and only when it is broken. A rule that is known to
// be broken counts only when it is not.
func Overall(rules []RuleResult, strict bool) Conclusion {
	verdict := Conformant
	for _, r := range rules {
		switch {
		case r.Unexpected():
			return Violated
		case r.Known != "" && r.Verdict == Fail:
		case r.Level != "MUST" && strict && r.Verdict == Fail:
			return Violated
		case r.Level != "MUST" || r.Verdict == Pass || r.Verdict == NotApplicable:
		case r.Verdict == Fail:
			return Violated
		default:
			verdict = Inconclusive
		}
	}
	return verdict
}

// RulesOf gives the verdict on each rule by the history of one trace.
func RulesOf(v *Verdict, c models.Capabilities) []RuleResult { return ruleResults(v.Tallies, c) }
