package report

import (
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Replay is what one trace showed on a fresh service.
type Replay struct {
	Target    string
	Trace     models.Trace
	Judgement *harness.Judgement
	Rules     []harness.RuleResult
	// Strict says that broken SHOULD rules count like broken MUST rules.
	Strict bool
}

// Verdict is the verdict on the trace.
func (r *Replay) Verdict() harness.Outcome { return VerdictOfOne(r.Rules, r.Strict) }

// VerdictOfOne is the verdict on one trace by those on its rules. A rule that
// the trace does not exercise does not matter, nor does a SHOULD rule unless
// strict.
func VerdictOfOne(rules []harness.RuleResult, strict bool) harness.Outcome {
	verdict := harness.Conformant
	for _, r := range rules {
		switch {
		case r.Level != "MUST" && !strict:
		case r.Verdict == harness.Fail:
			return harness.Violated
		case r.Level == "MUST" && r.Verdict == harness.Inconclusive:
			verdict = harness.Inconclusive
		}
	}
	return verdict
}

// Replayed writes what a replay showed: the trace with its answers, and each
// rule broken.
func Replayed(w io.Writer, r *Replay) error {
	p := &page{w: w}
	e := evidence{trace: r.Trace, history: r.Judgement.History, verdict: &r.Judgement.Verdict}
	violations := r.Judgement.Verdict.Violations
	switch r.Verdict() {
	case harness.Violated:
		e.violation, _ = r.Judgement.Verdict.Gravest()
		p.violation(&e, "VIOLATION")
	case harness.Conformant:
		p.wrapped("NO VIOLATION  ", fmt.Sprintf("%s: no %s is broken by this trace of %s", r.Target, ruleNoun(violations), count(len(r.Trace.Ops), "operation")))
		p.blank()
	default:
		p.wrapped("INCONCLUSIVE  ", fmt.Sprintf("%s: no rule is broken by this trace of %s, but some answers that would tell are missing: %s",
			r.Target, count(len(r.Trace.Ops), "operation"), hidden(r.Rules)))
		p.blank()
	}
	p.indented(e.annotatedWith(violations))
	p.blank()
	p.broken(&e, violations)
	p.line("%s", asked(r.Rules))
	return p.err
}

// ruleNoun says which rules are not broken where only SHOULD rules are, or none.
func ruleNoun(violations []models.Violation) string {
	if len(violations) > 0 {
		return "MUST rule"
	}
	return "rule"
}

// broken writes each violation, and what was expected in its place.
func (p *page) broken(e *evidence, violations []models.Violation) {
	for _, v := range violations {
		if v.Step < 1 || v.Step > len(e.trace.Ops) {
			continue
		}
		p.line("%s by step %d, %s", v.Rule, v.Step, e.trace.Ops[v.Step-1])
		p.wrapped("  expected  ", e.expected(v.Step))
		p.wrapped("  answered  ", e.answer(v.Step))
		p.wrapped("  so        ", v.Message)
		for _, s := range e.sentences(v.Exposures, v.More) {
			p.wrapped("  exposed   ", s)
		}
		p.blank()
	}
}

// hidden lists the rules whose checks an unknown outcome prevented.
func hidden(rules []harness.RuleResult) string {
	var out []string
	for _, r := range rules {
		if r.Verdict == harness.Inconclusive {
			out = append(out, r.ID)
		}
	}
	return listed(out)
}

// asked says how many rules were exercised how often.
func asked(rules []harness.RuleResult) string {
	n, checks := 0, 0
	for _, r := range rules {
		if r.Checks > 0 {
			n++
		}
		checks += r.Checks
	}
	return fmt.Sprintf("%d of %d rules were exercised, in %s.", n, len(rules), count(checks, "check"))
}
