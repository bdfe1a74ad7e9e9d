package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Text writes what a run found, for people: a violation with its trace, or what
// was exercised without one.
func Text(w io.Writer, r *evidence.Run) error { return writeText(&page{layout.NewPage(w)}, r) }

// ColoredText is Text in the colors of a terminal.
func ColoredText(w io.Writer, r *evidence.Run) error {
	return writeText(&page{layout.NewColoredPage(w)}, r)
}

func writeText(p *page, r *evidence.Run) error {
	switch {
	case r.Advisory():
		p.advised(r)
	case r.Minimal != nil:
		p.reduced(r)
	case r.Found != nil:
		p.unreproduced(r)
	default:
		p.clean(r)
	}
	return p.Err()
}

// reduced writes a violation with its minimal trace.
func (p *page) reduced(r *evidence.Run) {
	e := evidence.OfMinimal(r.Minimal)
	p.violation(&e, "VIOLATION")
	p.evidence(r, &e)
	p.others(r)
	p.foundAt(r)
}

// others writes the violations of other rules, where the whole budget was
// explored.
func (p *page) others(r *evidence.Run) {
	if len(r.Others) == 0 {
		return
	}
	for _, e := range r.Cases()[1:] {
		p.violation(&e, "ALSO")
		p.shown(&e)
	}
	p.verdicts(r.Rules)
	p.Blank()
}

// evidence writes a minimal trace, how to see it again, and its certificate.
func (p *page) evidence(r *evidence.Run, e *evidence.Evidence) {
	p.minimalTrace(r.Minimal, e)
	p.Line("To see it again")
	p.Line("  %s", r.Commands().Replay)
	p.Blank()
	p.certificate(r.Minimal)
}

// advised writes the verdict by the MUST rules, and then the violation of a
// SHOULD rule.
func (p *page) advised(r *evidence.Run) {
	p.verdict(r)
	p.Blank()
	e := evidence.OfFound(r.Found)
	if r.Minimal != nil {
		e = evidence.OfMinimal(r.Minimal)
	}
	p.violation(&e, "ADVICE")
	if r.Minimal != nil {
		p.evidence(r, &e)
	} else {
		p.shown(&e)
	}
	p.exercised(r)
}

// violation writes the first lines behind a label: what happened, and which rule
// it breaks.
func (p *page) violation(e *evidence.Evidence, label string) {
	p.Painted(layout.Alarming, func() { p.Wrapped(label+"  ", e.Violation.Rule+": "+e.Headline()) })
	if rule, err := models.RuleByID(e.Violation.Rule); err == nil {
		p.Wrapped(strings.Repeat(" ", len(label)+2), rule.Sentence+" ["+evidence.References(rule)+"]")
	}
	p.Blank()
}

// minimalTrace writes a minimal trace and what it shows.
func (p *page) minimalTrace(m *reduce.Minimal, e *evidence.Evidence) {
	p.Wrapped("", evidence.Need(m))
	p.Blank()
	p.shown(e)
}

// Shown writes what evidence shows: the trace, what was expected, and who was
// exposed.
func Shown(w io.Writer, e *evidence.Evidence) error {
	p := &page{layout.NewPage(w)}
	p.shown(e)
	return p.Err()
}

// shown writes the trace, what was expected, and who was exposed.
func (p *page) shown(e *evidence.Evidence) {
	p.Indented(e.Annotated())
	p.Blank()
	p.story(e)
	p.divergence(e)
	if len(e.Violation.Exposures) > 0 {
		p.Line("Exposed: %s", evidence.Totals(&e.Violation))
		for _, s := range e.Sentences(e.Violation.Exposures, e.Violation.More) {
			p.Wrapped("  ", s)
		}
		p.Blank()
	}
	if others := e.Others(); len(others) > 0 {
		p.Line("Also broken by this trace")
		for _, v := range others {
			p.Wrapped("  ", fmt.Sprintf("%s: %s", e.Trace.Ops[v.Step-1], e.Describe(v)))
		}
		p.Blank()
	}
}

// story has the trace step by step in words: what came back, and where that is
// not what was expected, what was. The step that breaks the rule is marked.
func (p *page) story(e *evidence.Evidence) {
	p.Line("Step by step")
	sentences, column := make([]string, len(e.Trace.Ops)), 0
	for i, op := range e.Trace.Ops {
		sentences[i] = models.Sentence(op)
		column = max(column, utf8.RuneCountInString(sentences[i]))
	}
	column = min(column, widestStep)
	for i := range sentences {
		step := i + 1
		if step != e.Violation.Step {
			p.step("  ", step, sentences[i], column, e.Differing(step))
			continue
		}
		p.Painted(layout.Alarming, func() {
			p.step("> ", step, sentences[i], column, e.Answer(step))
			p.Wrapped("      expected  ", e.Expected(step))
			p.Wrapped("      so        ", e.Violation.Message)
			p.intended("      or        ", e, e.Violation)
		})
	}
	p.Blank()
}

// intended says what may be declared so that a violation is none.
func (p *page) intended(prefix string, e *evidence.Evidence, v models.Violation) {
	if text := e.Intended(v); text != "" {
		p.Wrapped(prefix, text)
	}
}

// divergence writes the first answer that no correct service gives, where that tells
// more than the story.
func (p *page) divergence(e *evidence.Evidence) {
	d := e.Divergence()
	if !d.Tells(&e.Violation) {
		return
	}
	p.Line("First divergence: line %d, %s", d.Step, e.Trace.Ops[d.Step-1])
	var rows [][]string
	for _, row := range d.Rows() {
		rows = append(rows, row[:])
	}
	p.Table("  ", rows)
	p.Blank()
}

// widestStep is the number of characters up to which steps stand in a column.
const widestStep = 64

func (p *page) step(mark string, number int, sentence string, column int, answer string) {
	gap := max(column-utf8.RuneCountInString(sentence), 0)
	p.Wrapped(fmt.Sprintf("%s%3d  %s%s  ", mark, number, sentence, strings.Repeat(" ", gap)), answer)
}

// certificate writes the proof that a trace is 1-minimal.
func (p *page) certificate(m *reduce.Minimal) {
	if m.Rate.Failed < m.Rate.Runs {
		p.Wrapped("", fmt.Sprintf("The service answers differently from run to run: before it was reduced, the trace showed the violation in %s runs.", m.Rate))
		p.Blank()
	}
	if len(m.Certificate.Without) == 0 {
		return
	}
	p.Wrapped("", evidence.Certified(m))
	rows := [][]string{{"whole trace", "", fmt.Sprintf("shows in %s runs", m.Certificate.Runs)}}
	for i := range m.Certificate.Without {
		o, also := &m.Certificate.Without[i], ""
		if o.Also > 0 {
			also = fmt.Sprintf("(and %s)", needing(o.Also))
		}
		rows = append(rows, []string{fmt.Sprintf("without line %d, %s", i+1, o.Op), also, evidence.CameOfIt(o)})
	}
	p.Table("  ", rows)
	if on := m.Certificate.On.String(); on != "" {
		p.Wrapped("  ", on)
	}
	p.Blank()
}

func needing(n int) string {
	if n == 1 {
		return "1 line that needs it"
	}
	return fmt.Sprintf("%d lines that need it", n)
}

// foundAt says how the violation was found, and what that took.
func (p *page) foundAt(r *evidence.Run) {
	f := r.Found
	p.Line("How it was found")
	rows := [][]string{{"target  ", r.Target}}
	if r.Source != "" {
		rows = append(rows, []string{"given", r.Source + ", " + wording.Count(len(f.Trace.Ops), "operation")})
	} else {
		rows = append(rows,
			[]string{"found in", fmt.Sprintf("trace %d (counted from 0), after %s in all", f.Index, wording.Count(f.Before, "operation"))},
			[]string{"explored", evidence.Spent(r.Traces, r.Operations, r.Requests)})
	}
	if m := r.Minimal; m != nil {
		rows = append(rows, []string{"reduced", fmt.Sprintf("from %d to %s in %s, %s", m.From, wording.Count(len(m.Trace.Ops), "operation"),
			wording.Count(m.Replays, "replay"), wording.Count(m.Requests, "request"))})
	}
	rows = append(rows, []string{"rules", tally(r.Rules)})
	if seen := r.Choices.Observed.String(); seen != "" {
		rows = append(rows, []string{"observed", seen})
	}
	rows = append(rows, []string{"took", wording.Elapsed(r.Elapsed)})
	if r.Source == "" {
		rows = append(rows, []string{"seed", fmt.Sprintf("%d, with %s", r.Seed, wording.Count(r.Workers, "worker"))})
	}
	p.closing(rows, r)
}

// tally counts the rules by verdict, and names those that are broken: "2 fail
// (LIST-1, READ-1), 12 pass".
func tally(rules []judge.RuleResult) string {
	var parts []string
	for _, verdict := range []judge.Conclusion{judge.Fail, judge.Pass, judge.Inconclusive, judge.NotExercised, judge.NotApplicable} {
		var ids []string
		for _, r := range rules {
			if r.Verdict == verdict {
				ids = append(ids, r.ID)
			}
		}
		switch {
		case len(ids) == 0:
		case verdict == judge.Fail:
			parts = append(parts, fmt.Sprintf("%d fail (%s)", len(ids), strings.Join(ids, ", ")))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", len(ids), verdict))
		}
	}
	return strings.Join(parts, ", ")
}

// closing writes the last table: how to repeat the run, where everything was
// written, and what the run does not tell.
func (p *page) closing(rows [][]string, r *evidence.Run) {
	if r.Renewed > 0 {
		rows = append(rows, []string{"renewed", wording.Count(r.Renewed, "token") + " that had expired"})
	}
	p.Table("  ", append(rows, []string{"files", r.Dir}))
	p.Line("  repeat    %s", r.Commands().Repeat) // whole, so that it can be copied
	for _, l := range r.Limits() {
		p.Wrapped("  note      ", l)
	}
}

// unreproduced writes a violation that did not show again, or was not tried
// again, as it was found.
func (p *page) unreproduced(r *evidence.Run) {
	e := evidence.OfFound(r.Found)
	p.violation(&e, "VIOLATION")
	switch {
	case r.Found.Reproduced:
		p.Wrapped("", "It was shown again on a fresh service, and not reduced. This is the trace that showed it:")
	case r.End == evidence.Finished:
		p.Wrapped("", "NOT REPRODUCED: it was seen once, and not again on a fresh service: neither by this trace alone nor behind those before it. "+
			"It may need more of what the service had seen, or be a matter of timing. This is the trace that showed it, in a service that had seen other traces:")
	default:
		p.Wrapped("", "The run ended before it was tried again on a fresh service. This is the trace that showed it:")
	}
	p.Blank()
	p.shown(&e)
	p.foundAt(r)
}
