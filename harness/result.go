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
	// Known is why the service is known to break the rule, or empty.
	Known string `json:"known,omitempty"`
}

// Unexpected reports whether the service keeps a rule that it was known to
// break.
func (r RuleResult) Unexpected() bool { return r.Known != "" && r.Verdict == Pass }

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
	// Others are violations of other rules, one of each, where the whole budget
	// was to be explored.
	Others []Case
}

// Case is a violation and what it was reduced to.
type Case struct {
	Found *Found
	// Minimal is nil where it did not show again.
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
	for i := range r.Rules {
		r.Rules[i].Known = e.options.Known[r.Rules[i].ID]
	}
	r.Verdict = overall(r.Rules, e.options.Strict)
	if e.found != nil {
		r.Found = e.asFound(e.found)
	}
	return r
}

// asFound is a sighting with the names of those who were exposed.
func (e *explorer) asFound(s *sighting) *Found {
	v := s.violation
	v.Exposures = e.name(s, v.Exposures)
	return &Found{Index: s.index, Trace: e.draw(s.index), Violation: v, History: s.history, Verdict: s.verdict,
		Worlds: s.worker.worlds, Before: e.operations}
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
// counts only where strict, and only when it is broken. A rule that is known to
// be broken counts only when it is not.
func overall(rules []RuleResult, strict bool) Outcome {
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
