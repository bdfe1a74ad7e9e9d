package terminal

import (
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Replay is what one trace showed on a fresh service.
type Replay struct {
	Target    string
	Trace     models.Trace
	Judgement *judge.Judgement
	Rules     []judge.RuleResult
	// Strict says that broken SHOULD rules count like broken MUST rules.
	Strict bool
}

// Verdict is the verdict on the trace.
func (r *Replay) Verdict() judge.Conclusion {
	refused := judge.RefusedIn(r.Judgement.History, &r.Judgement.Verdict)
	return refused.QualifyOne(judge.VerdictOfOne(r.Rules, r.Strict))
}

// Replayed writes what a replay showed: the trace with its answers, and each
// rule broken.
func Replayed(w io.Writer, r *Replay) error {
	p := &page{layout.NewPage(w)}
	e := evidence.Evidence{Trace: r.Trace, History: r.Judgement.History, Verdict: &r.Judgement.Verdict}
	violations := r.Judgement.Verdict.Violations
	switch r.Verdict() {
	case judge.Violated:
		e.Violation, _ = r.Judgement.Verdict.Gravest()
		p.violation(&e, "VIOLATION")
	case judge.Conformant:
		p.Wrapped("NO VIOLATION  ", fmt.Sprintf("%s: no %s is broken by this trace of %s", r.Target, ruleNoun(violations), wording.Count(len(r.Trace.Ops), "operation")))
		p.Blank()
	default:
		p.Wrapped("INCONCLUSIVE  ", fmt.Sprintf("%s: no rule is broken by this trace of %s, but %s",
			r.Target, wording.Count(len(r.Trace.Ops), "operation"), r.open()))
		p.Blank()
	}
	p.Indented(e.AnnotatedWith(violations))
	p.Blank()
	p.broken(&e, violations)
	if len(violations) > 0 {
		p.divergence(&e)
	}
	p.refused(r)
	p.Line("%s", asked(r.Rules))
	return p.Err()
}

// open says what keeps the trace from an answer.
func (r *Replay) open() string {
	if len(evidence.Refusals(r.Trace, &r.Judgement.Verdict)) > 0 {
		return "the service refuses what it should allow"
	}
	return "some answers that would tell are missing: " + hidden(r.Rules)
}

// refused writes what the service refused though a correct one accepts it.
func (p *page) refused(r *Replay) {
	all := evidence.Refusals(r.Trace, &r.Judgement.Verdict)
	if len(all) == 0 {
		return
	}
	p.Line("An allowed operation was refused, which exposes nobody")
	for _, x := range all {
		p.Wrapped("  ", x)
	}
	p.Blank()
}

// ruleNoun says which rules are not broken where only SHOULD rules are, or none.
func ruleNoun(violations []models.Violation) string {
	if len(violations) > 0 {
		return "MUST rule"
	}
	return "rule"
}

// broken writes each violation, and what was expected in its place.
func (p *page) broken(e *evidence.Evidence, violations []models.Violation) {
	for _, v := range violations {
		if v.Step < 1 || v.Step > len(e.Trace.Ops) {
			continue
		}
		p.Line("%s by step %d, %s", v.Rule, v.Step, e.Trace.Ops[v.Step-1])
		p.Wrapped("  expected  ", e.Expected(v.Step))
		p.Wrapped("  answered  ", e.Answer(v.Step))
		p.Wrapped("  so        ", v.Message)
		p.intended("  or        ", e, v)
		for _, s := range e.Sentences(v.Exposures, v.More) {
			p.Wrapped("  exposed   ", s)
		}
		p.Blank()
	}
}

// hidden lists the rules whose checks an unknown outcome prevented.
func hidden(rules []judge.RuleResult) string {
	var out []string
	for _, r := range rules {
		if r.Verdict == judge.Inconclusive {
			out = append(out, r.ID)
		}
	}
	return wording.Listed(out)
}

// asked says how many rules were exercised how often.
func asked(rules []judge.RuleResult) string {
	n, checks := 0, 0
	for _, r := range rules {
		if r.Checks > 0 {
			n++
		}
		checks += r.Checks
	}
	return fmt.Sprintf("%d of %d rules were exercised, in %s.", n, len(rules), wording.Count(checks, "check"))
}
