package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Text writes what a run found, for people: a violation with its trace, or what
// was exercised without one.
func Text(w io.Writer, r *Run) error { return writeText(&page{w: w}, r) }

// ColoredText is Text in the colors of a terminal.
func ColoredText(w io.Writer, r *Run) error { return writeText(&page{w: w, colors: true}, r) }

func writeText(p *page, r *Run) error {
	switch {
	case r.advisory():
		p.advised(r)
	case r.Minimal != nil:
		p.reduced(r)
	case r.Found != nil:
		p.unreproduced(r)
	default:
		p.clean(r)
	}
	return p.err
}

// reduced writes a violation with its minimal trace.
func (p *page) reduced(r *Run) {
	e := minimalEvidence(r.Minimal)
	p.violation(&e, "VIOLATION")
	p.evidence(r, &e)
	p.others(r)
	p.foundAt(r)
}

// others writes the violations of other rules, where the whole budget was
// explored.
func (p *page) others(r *Run) {
	if len(r.Others) == 0 {
		return
	}
	for _, e := range r.cases()[1:] {
		p.violation(&e, "ALSO")
		p.shown(&e)
	}
	p.verdicts(r.Rules)
	p.blank()
}

// evidence writes a minimal trace, how to see it again, and its certificate.
func (p *page) evidence(r *Run, e *evidence) {
	p.minimalTrace(r.Minimal, e)
	p.line("To see it again")
	p.line("  %s", r.Commands().Replay)
	p.blank()
	p.certificate(r.Minimal)
}

// advised writes the verdict by the MUST rules, and then the violation of a
// SHOULD rule.
func (p *page) advised(r *Run) {
	p.verdict(r)
	p.blank()
	e := foundEvidence(r.Found)
	if r.Minimal != nil {
		e = minimalEvidence(r.Minimal)
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
func (p *page) violation(e *evidence, label string) {
	p.painted(alarming, func() { p.wrapped(label+"  ", e.violation.Rule+": "+e.headline()) })
	if rule, err := models.RuleByID(e.violation.Rule); err == nil {
		p.wrapped(strings.Repeat(" ", len(label)+2), rule.Sentence+" ["+references(rule)+"]")
	}
	p.blank()
}

// references are the numbers under which a rule's breach is known elsewhere.
func references(r models.Rule) string {
	var out []string
	for _, n := range r.CWE {
		out = append(out, fmt.Sprintf("CWE-%d", n))
	}
	return strings.Join(append(out, "OWASP "+r.OWASP), ", ")
}

// minimalTrace writes a minimal trace and what it shows.
func (p *page) minimalTrace(m *harness.Minimal, e *evidence) {
	need := "every one of them is needed"
	if !m.Proven() {
		need = "perhaps not all of them needed: the reduction was not finished"
	}
	p.line("%s, %s", count(len(m.Trace.Ops), "operation"), need)
	p.blank()
	p.shown(e)
}

// shown writes the trace, what was expected, and who was exposed.
func (p *page) shown(e *evidence) {
	p.indented(e.annotated())
	p.blank()
	p.story(e)
	if len(e.violation.Exposures) > 0 {
		p.line("Exposed: %s", totals(&e.violation))
		for _, s := range e.sentences(e.violation.Exposures, e.violation.More) {
			p.wrapped("  ", s)
		}
		p.blank()
	}
	if others := e.others(); len(others) > 0 {
		p.line("Also broken by this trace")
		for _, v := range others {
			p.wrapped("  ", fmt.Sprintf("%s: %s", e.trace.Ops[v.Step-1], e.describe(v)))
		}
		p.blank()
	}
}

// story tells the trace step by step in words: what came back, and where that is
// not what was expected, what was. The step that breaks the rule is marked.
func (p *page) story(e *evidence) {
	p.line("Step by step")
	told, answered := make([]string, len(e.trace.Ops)), 0
	for i, op := range e.trace.Ops {
		told[i] = models.Sentence(op)
		answered = max(answered, utf8.RuneCountInString(told[i]))
	}
	answered = min(answered, longestTale)
	for i := range told {
		step := i + 1
		if step != e.violation.Step {
			p.step("  ", step, told[i], answered, e.differing(step))
			continue
		}
		p.painted(alarming, func() {
			p.step("> ", step, told[i], answered, e.answer(step))
			p.wrapped("      expected  ", e.expected(step))
			p.wrapped("      so        ", e.violation.Message)
		})
	}
	p.blank()
}

// longestTale is the number of characters up to which steps are told in a column.
const longestTale = 64

func (p *page) step(mark string, number int, told string, column int, answer string) {
	gap := max(column-utf8.RuneCountInString(told), 0)
	p.wrapped(fmt.Sprintf("%s%3d  %s%s  ", mark, number, told, strings.Repeat(" ", gap)), answer)
}

// differing is what a step was answered, and what was expected where that is
// another outcome.
func (e *evidence) differing(step int) string {
	answer := e.answer(step)
	if step > len(e.history.Events) || step > len(e.verdict.Expected) {
		return answer
	}
	if want := e.verdict.Expected[step-1].Outcome; want != e.history.Events[step-1].Response.Outcome {
		answer += fmt.Sprintf(" (expected %s)", want)
	}
	return answer
}

// totals counts viewers, owners and recordings, as incidents are counted.
func totals(v *models.Violation) string {
	type owner struct {
		world models.Namespace
		name  models.Handle
	}
	viewers, owners := make(map[models.Handle]bool), make(map[owner]bool)
	for _, x := range v.Exposures {
		viewers[x.Viewer], owners[owner{x.World, x.Owner}] = true, true
	}
	noun := "recording"
	if v.Level == models.Controlled {
		noun = "consultation"
	}
	return fmt.Sprintf("%s of %s to %s", count(len(v.Exposures)+v.More, noun), count(len(owners), "patient"), count(len(viewers), "viewer"))
}

// certificate writes the proof that a trace is 1-minimal.
func (p *page) certificate(m *harness.Minimal) {
	if m.Rate.Failed < m.Rate.Runs {
		p.wrapped("", fmt.Sprintf("The service answers differently from run to run: before it was reduced, the trace showed the violation in %s runs.", m.Rate))
		p.blank()
	}
	if !m.Proven() {
		return
	}
	p.line("Certificate that no line can be left out, by fresh runs")
	rows := [][]string{{"whole trace", "", fmt.Sprintf("shows in %s runs", m.Certificate.Runs)}}
	for i, o := range m.Certificate.Without {
		also := ""
		if o.Also > 0 {
			also = fmt.Sprintf("(and %s)", needing(o.Also))
		}
		rows = append(rows, []string{fmt.Sprintf("without line %d, %s", i+1, o.Op), also, fmt.Sprintf("does not show, %s", count(o.Runs, "run"))})
	}
	p.table("  ", rows)
	p.blank()
}

func needing(n int) string {
	if n == 1 {
		return "1 line that needs it"
	}
	return fmt.Sprintf("%d lines that need it", n)
}

// foundAt says how the violation was found, and what that took.
func (p *page) foundAt(r *Run) {
	f := r.Found
	p.line("How it was found")
	rows := [][]string{{"target  ", r.Target}}
	if r.Source != "" {
		rows = append(rows, []string{"given", r.Source + ", " + count(len(f.Trace.Ops), "operation")})
	} else {
		rows = append(rows,
			[]string{"found in", fmt.Sprintf("trace %d (counted from 0), after %s in all", f.Index, count(f.Before, "operation"))},
			[]string{"explored", spent(r.Traces, r.Operations, r.Requests)})
	}
	if m := r.Minimal; m != nil {
		rows = append(rows, []string{"reduced", fmt.Sprintf("from %d to %s in %s, %s", m.From, count(len(m.Trace.Ops), "operation"),
			count(m.Replays, "replay"), count(m.Requests, "request"))})
	}
	rows = append(rows, []string{"rules", tally(r.Rules)}, []string{"took", elapsed(r.Elapsed)})
	if r.Source == "" {
		rows = append(rows, []string{"seed", fmt.Sprintf("%d, with %s", r.Seed, count(r.Workers, "worker"))})
	}
	p.closing(rows, r)
}

// tally counts the rules by verdict, and names those that are broken: "2 fail
// (LIST-1, READ-1), 12 pass".
func tally(rules []harness.RuleResult) string {
	var parts []string
	for _, verdict := range []harness.Outcome{harness.Fail, harness.Pass, harness.Inconclusive, harness.NotExercised, harness.NotApplicable} {
		var ids []string
		for _, r := range rules {
			if r.Verdict == verdict {
				ids = append(ids, r.ID)
			}
		}
		switch {
		case len(ids) == 0:
		case verdict == harness.Fail:
			parts = append(parts, fmt.Sprintf("%d fail (%s)", len(ids), strings.Join(ids, ", ")))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", len(ids), verdict))
		}
	}
	return strings.Join(parts, ", ")
}

func spent(traces, operations, requests int) string {
	return fmt.Sprintf("%s, %s, %s", count(traces, "trace"), count(operations, "operation"), count(requests, "request"))
}

// closing writes the last table: how to repeat the run, where everything was
// written, and what the run does not tell.
func (p *page) closing(rows [][]string, r *Run) {
	p.table("  ", append(rows, []string{"files", r.Dir}))
	p.line("  repeat    %s", r.Commands().Repeat) // whole, so that it can be copied
	for _, l := range r.Limits() {
		p.wrapped("  note      ", l)
	}
}

// unreproduced writes a violation that did not show again, or was not tried
// again, as it was found.
func (p *page) unreproduced(r *Run) {
	e := foundEvidence(r.Found)
	p.violation(&e, "VIOLATION")
	switch {
	case r.Found.Reproduced:
		p.wrapped("", "It was shown again on a fresh service, and not reduced. This is the trace that showed it:")
	case r.End == Finished:
		p.wrapped("", "NOT REPRODUCED: it was seen once, and not again on a fresh service: neither by this trace alone nor behind those before it. "+
			"It may need more of what the service had seen, or be a matter of timing. This is the trace that showed it, in a service that had seen other traces:")
	default:
		p.wrapped("", "The run ended before it was tried again on a fresh service. This is the trace that showed it:")
	}
	p.blank()
	p.shown(&e)
	p.foundAt(r)
}

// clean writes what was exercised where no rule was violated.
func (p *page) clean(r *Run) {
	if r.Source != "" {
		p.wrapped("NO VIOLATION  ", fmt.Sprintf("%s: no rule is broken by %s; there is nothing to reduce", r.Target, r.Source))
		return
	}
	p.verdict(r)
	p.blank()
	p.exercised(r)
}

// exercised writes what was exercised, and how to repeat the run.
func (p *page) exercised(r *Run) {
	p.verdicts(r.Rules)
	p.blank()
	p.coverage(&r.Coverage)
	p.blank()
	p.closing([][]string{
		{"took    ", elapsed(r.Elapsed)},
		{"seed", fmt.Sprintf("%d, with %s, mix %s", r.Seed, count(r.Workers, "worker"), r.Mix)},
	}, r)
}

func (p *page) verdict(r *Run) {
	noun := "rule"
	if r.advisory() {
		noun = "MUST rule"
	}
	what := fmt.Sprintf("%s: no %s was violated in %s", r.Target, noun, spent(r.Traces, r.Operations, r.Requests))
	if known := r.known(); len(known) > 0 {
		what = fmt.Sprintf("%s: besides %s, as known, no %s was violated in %s", r.Target, listed(known), noun, spent(r.Traces, r.Operations, r.Requests))
	}
	unexpected := r.unexpected()
	for _, rule := range unexpected {
		p.wrapped("UNEXPECTED PASS  ", fmt.Sprintf("%s: %s passed, which was known to be broken (%s); take it off the list of known failures", r.Target, rule.ID, rule.Known))
	}
	switch {
	case len(unexpected) > 0:
	case r.End == Interrupted:
		p.wrapped("INTERRUPTED   ", what+" so far")
	case r.End != Finished:
		p.wrapped("STOPPED       ", what+" so far")
	case r.Verdict == harness.Conformant:
		p.painted(reassured, func() { p.wrapped("CONFORMANT    ", what) })
	default:
		p.painted(doubtful, func() { p.wrapped("INCONCLUSIVE  ", what+", but not every MUST rule was exercised conclusively") })
		p.wrapped("              ", "This is not a pass: "+open(r.Rules)+". "+remedy(&r.Coverage))
	}
}

// open lists the MUST rules that stand in the way of a pass.
func open(rules []harness.RuleResult) string {
	var parts []string
	for _, verdict := range []harness.Outcome{harness.NotExercised, harness.Inconclusive} {
		var ids []string
		for _, r := range rules {
			if r.Level == "MUST" && r.Verdict == verdict {
				ids = append(ids, r.ID)
			}
		}
		if len(ids) > 0 {
			parts = append(parts, listed(ids)+" "+string(verdict))
		}
	}
	return strings.Join(parts, "; ")
}

// remedy says what to do about rules that were not exercised: operations that
// were never accepted leave others without anything to act on.
func remedy(c *harness.Coverage) string {
	var refused []string
	for _, k := range models.Kinds() {
		if c.Operations[k] > 0 && c.Accepted[k] == 0 {
			refused = append(refused, fmt.Sprintf("%s (%d times)", k, c.Operations[k]))
		}
	}
	if len(refused) == 0 {
		return "Explore more traces (--traces)."
	}
	return "Never answered ok: " + listed(refused) + ". See what the first of them was answered, in " + HistoryFile + "."
}

// verdicts writes the table of rules with how often each was asked.
func (p *page) verdicts(rules []harness.RuleResult) {
	rows := [][]string{{"rule", "level", "verdict", "checks", "what it says"}}
	for _, r := range rules {
		sentence := r.Sentence
		if r.Known != "" {
			sentence += " (known failure: " + r.Known + ")"
		}
		if r.Inconclusive > 0 {
			sentence += fmt.Sprintf(" (%d more checks were inconclusive)", r.Inconclusive)
		}
		rows = append(rows, []string{r.ID, r.Level, string(r.Verdict), grouped(r.Checks), sentence})
	}
	p.table("  ", rows)
}

// coverage writes what was exercised.
func (p *page) coverage(c *harness.Coverage) {
	p.wrapped("  ", fmt.Sprintf("Shape of 9 June 2020 (booked audio, switched to video, then listed): %s in which the same patient listed, %d in which another did.",
		count(c.ShapeSame, "trace"), c.ShapeOther))
	p.wrapped("  ", "Cells (how the viewer's consultations were switched x how the owner's was), by path, each asked where the viewer must not see the recording; with a control where its owner did see it:")
	rows := [][]string{}
	for _, path := range coveredPaths {
		cells, controlled, checks := cellsOf(c, path)
		rows = append(rows, []string{string(path), fmt.Sprintf("%d of %d exercised", cells, cellsPerPath),
			fmt.Sprintf("%d with a control", controlled), count(checks, "check")})
	}
	p.table("    ", rows)
}

// coveredPaths are the paths whose cells are counted.
var coveredPaths = [...]models.Path{models.PathList, models.PathPage, models.PathCount, models.PathGet, models.PathHead, models.PathContent,
	models.PathThumb, models.PathScript, models.PathLink}

// cellsPerPath is the number of switch histories of a viewer times those of an
// owner.
const cellsPerPath = 4 * 4

func cellsOf(c *harness.Coverage, path models.Path) (cells, controlled, checks int) {
	for _, cell := range c.Cells {
		if cell.Path != path {
			continue
		}
		cells++
		checks += cell.Checks
		if cell.Controls > 0 {
			controlled++
		}
	}
	return cells, controlled, checks
}
