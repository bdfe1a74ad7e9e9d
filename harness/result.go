package harness

import (
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Outcome is the verdict on a whole run, or on one rule.
type Outcome string

// The verdicts on a run.
const (
	Conformant   Outcome = "conformant"   // every MUST rule is pass or not applicable
	Violated     Outcome = "violation"    // a MUST rule failed
	Inconclusive Outcome = "inconclusive" // no MUST rule failed, and not every one passed
)

// The verdicts on a rule, besides [Inconclusive].
const (
	Pass          Outcome = "pass"
	Fail          Outcome = "fail"
	NotExercised  Outcome = "not exercised"  // it was never asked; blocks conformance
	NotApplicable Outcome = "not applicable" // the target lacks the operations, or it was not asked for
)

// RuleResult is the verdict on one rule. A skip is never a pass: Checks counts
// how often the rule was asked where it could have failed.
type RuleResult struct {
	ID           string  `json:"id"`
	Level        string  `json:"level"` // MUST or SHOULD
	Sentence     string  `json:"sentence"`
	Verdict      Outcome `json:"verdict"`
	Checks       int     `json:"checks"`
	Violations   int     `json:"violations"`
	Inconclusive int     `json:"inconclusive"`
}

// Result is what an exploration found.
type Result struct {
	Target  string
	Mix     string
	Seed    int
	Workers int
	Started time.Time
	Elapsed time.Duration

	Verdict  Outcome
	Rules    []RuleResult
	Coverage Coverage

	Traces     int // explored
	Operations int // performed while exploring
	Requests   int // sent while exploring
	// Replays and ReplayRequests are what confirming and reducing took.
	Replays        int
	ReplayRequests int

	// Found is nil where no rule was violated, and Minimal where nothing was
	// found or what was found did not show again.
	Found   *Found
	Minimal *Minimal
}

// Found is the first violation of an exploration, as it was seen.
type Found struct {
	Index     int // of the trace, from 0
	Trace     models.Trace
	Violation models.Violation
	History   *History
	Verdict   Verdict
	// Worlds are the traces, by their index, that the same service had seen: the
	// owners of another world's recordings are in them.
	Worlds map[models.Namespace]int
	// Before is the number of operations performed on all services until it was
	// seen for certain.
	Before int
	// Reproduced says whether it showed again on a fresh service.
	Reproduced bool
}

// result is the result of hunting.
func (e *explorer) result() *Result {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.soFar()
}

// soFar is the result of hunting so far, for one who holds e.mu.
func (e *explorer) soFar() *Result {
	r := &Result{
		Target: e.launcher.Name(), Mix: e.options.Mix.Name, Seed: e.options.Seed, Workers: e.options.Workers, Started: e.started,
		Coverage: e.coverage, Traces: e.explored, Operations: e.operations, Requests: e.requests,
		Rules: ruleResults(e.tallies, e.launcher.Capabilities()),
	}
	r.Verdict = overall(r.Rules, e.options.Strict)
	if f := e.found; f != nil {
		v := f.violation
		v.Exposures = e.name(f, v.Exposures)
		r.Found = &Found{Index: f.index, Trace: e.draw(f.index), Violation: v, History: f.history, Verdict: f.verdict,
			Worlds: f.worker.worlds, Before: e.operations}
	}
	return r
}

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

func ruleVerdict(rule models.Rule, t models.Tally, c models.Capabilities) Outcome {
	if t.Violations > 0 {
		return Fail
	}
	if !rule.Applies(c) || rule.Compares && t == (models.Tally{}) {
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

// overall is the verdict on a service by those on its MUST rules. A SHOULD rule
// counts only where strict, and only when it is broken.
func overall(rules []RuleResult, strict bool) Outcome {
	verdict := Conformant
	for _, r := range rules {
		switch {
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
