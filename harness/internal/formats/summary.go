package formats

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
)

// maxSummary bounds a summary in bytes, so that it fits with others into what a
// CI service shows of a job.
const maxSummary = 60 << 10

// The greatest numbers of lines of a trace and of exposures that a summary has.
const (
	summaryLines     = 120
	summaryExposures = 50
)

// Summary writes the result as Markdown for the page of a CI job, which GitHub
// and GitLab show alike: the verdict, the story, the minimal trace, who was
// exposed, and how to see it again. It has 60 KiB at most. What comes from the
// service is escaped.
func Summary(w io.Writer, r *evidence.Run) error {
	var b bytes.Buffer
	p := &page{layout.NewPage(&b)}
	p.Line("## crosstalk: %s", markdown(summaryVerdict(r)))
	p.Blank()
	if e, ok := r.Evidence(); ok {
		p.summaryStory(r, &e)
	}
	if r.Problem != "" {
		p.Line("**%s**\n", markdown(r.Problem))
	}
	for _, l := range r.Limits() {
		p.Line("- %s", markdown(l))
	}
	if len(r.Limits()) > 0 {
		p.Blank()
	}
	p.summaryRules(r)
	p.Line("%s: %s, seed %d, %s.", markdown(r.Target), evidence.Spent(r.Traces, r.Operations, r.Requests), r.Seed, wording.Count(r.Workers, "worker"))
	_, err := w.Write(bounded(b.Bytes(), maxSummary))
	return err
}

// summaryVerdict is the verdict in a few words.
func summaryVerdict(r *evidence.Run) string {
	text := strings.ToUpper(string(r.Concluded()))
	if r.Found != nil && r.Concluded() != judge.Violated && r.Advisory() {
		text += ", with advice"
	}
	if all := r.Unasked(); len(all) > 0 && r.Concluded() == judge.Inconclusive {
		text += ": " + wording.Listed(all)
	} else if r.Concluded() == judge.Conformant {
		text += r.Proviso()
	}
	switch r.End {
	case evidence.Running:
		text += " so far (the run goes on, or was killed)"
	case evidence.Interrupted:
		text += " so far (interrupted)"
	case evidence.Failed:
		text += " (the run failed)"
	}
	return text
}

// summaryStory writes what happened, with its trace.
func (p *page) summaryStory(r *evidence.Run, e *evidence.Evidence) {
	p.Line("**%s:** %s.", markdown(e.Violation.Rule), markdown(e.Headline()))
	p.Blank()
	if others := r.Cases()[1:]; len(others) > 0 {
		for i := range others {
			p.Line("- also **%s:** %s", markdown(others[i].Violation.Rule), markdown(others[i].Headline()))
		}
		p.Blank()
	}
	p.fence("text", e.Annotated(), summaryLines)
	if step := e.Violation.Step; step >= 1 && step <= len(e.Trace.Ops) {
		p.Line("| line %d | %s |", step, cell(e.Trace.Ops[step-1].String()))
		p.Line("|---|---|")
		p.Line("| expected | %s |", cell(e.Expected(step)))
		p.Line("| answered | %s |", cell(e.Answer(step)))
		p.Line("| so | %s |", cell(e.Violation.Message))
		if intended := e.Intended(e.Violation); intended != "" {
			p.Line("| or | %s |", cell(intended))
		}
		p.Blank()
	}
	p.summaryDivergence(e)
	p.summaryExposed(e)
	if c := r.Commands(); c.Replay != "" {
		p.Line("See it again:")
		p.Blank()
		p.fence("sh", c.Replay, summaryLines)
		if len(r.Exchanges()) > 0 {
			p.Line("Without crosstalk: `sh %s BASE_URL`.", evidence.ReproScript)
			p.Blank()
		}
	}
}

// summaryDivergence writes the first answer that no correct service gives, where that
// tells more than what was expected.
func (p *page) summaryDivergence(e *evidence.Evidence) {
	d := e.Divergence()
	if !d.Tells(&e.Violation) {
		return
	}
	p.Line("| first divergence | line %d, %s |", d.Step, cell(e.Trace.Ops[d.Step-1].String()))
	p.Line("|---|---|")
	for _, row := range d.Rows() {
		p.Line("| %s | %s |", row[0], cell(row[1]))
	}
	p.Blank()
}

// summaryExposed writes a table of who was exposed.
func (p *page) summaryExposed(e *evidence.Evidence) {
	all := e.Violation.Exposures
	if len(all) == 0 {
		return
	}
	p.Line("Exposed: %s.", markdown(evidence.Totals(&e.Violation)))
	p.Blank()
	p.Line("| who was shown it | whose | recording | level | by |")
	p.Line("|---|---|---|---|---|")
	for _, x := range all[:min(len(all), summaryExposures)] {
		p.Line("| %s | %s | %s | %s | %s |", cell(string(x.Viewer)), cell(e.Owner(x)), cell(string(x.Recording)), x.Level, cell(string(x.Path)))
	}
	if more := len(all) + e.Violation.More - min(len(all), summaryExposures); more > 0 {
		p.Blank()
		p.Line("and %d more, in %s.", more, evidence.ResultsFile)
	}
	p.Blank()
}

// summaryRules writes the table of rules, folded.
func (p *page) summaryRules(r *evidence.Run) {
	broken := 0
	for _, rule := range r.Rules {
		if rule.Verdict == judge.Fail {
			broken++
		}
	}
	p.Line("<details><summary>%s, %d broken</summary>", wording.Count(len(r.Rules), "rule"), broken)
	p.Blank()
	p.Line("| rule | level | verdict | checks | broken | what it says |")
	p.Line("|---|---|---|---|---|---|")
	for _, rule := range r.Rules {
		verdict := string(rule.Verdict)
		if rule.Known != "" {
			verdict += " (known failure: " + rule.Known + ")"
		}
		if rule.Unexpected() {
			verdict += ": unexpected"
		}
		p.Line("| %s | %s | %s | %s | %s | %s |", cell(rule.ID), rule.Level, cell(verdict), wording.Grouped(rule.Checks), wording.Grouped(rule.Violations), cell(rule.Sentence))
	}
	p.Blank()
	p.Line("</details>")
	p.Blank()
}

// fence writes lines of text as they are, some of the last ones of too many.
// The fence is longer than any in the text.
func (p *page) fence(language, text string, most int) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	p.Line("%s%s", marks, language)
	if over := len(lines) - most; over > 0 {
		p.Line("... %s before these", wording.Count(over, "line"))
		lines = lines[over:]
	}
	for _, line := range lines {
		p.Line("%s", cutTo(wording.OneLine(line), 300))
	}
	p.Line("%s", marks)
	p.Blank()
}

// cutTo is the beginning of a text, of n characters at most.
func cutTo(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-3]) + "..."
}

// markdown is a text in one line that Markdown shows as it is: no markup, HTML,
// link, mention or image.
func markdown(s string) string {
	var b strings.Builder
	for _, c := range cutTo(wording.OneLine(s), 1000) {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '@':
			b.WriteString("&#64;") // mentions nobody
		case strings.ContainsRune("\\`*_[]#!|~$", c):
			b.WriteByte('\\')
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":&#47;&#47;") // is no link
}

// cell is a text in a cell of a table.
func cell(s string) string {
	if s == "" {
		return " "
	}
	return markdown(s)
}

// bounded is a text of n bytes at most: what is too long ends with a remark
// behind its last whole line, and what is folded or fenced there is closed.
func bounded(text []byte, n int) []byte {
	if len(text) <= n {
		return text
	}
	const remark = "\nThis summary was cut; everything is in " + evidence.ResultsFile + ".\n"
	const folded = "\n</details>\n"
	text = text[:n-len(remark)-len(folded)-len("```\n")]
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	if bytes.Count(text, []byte("\n```"))%2 == 1 {
		text = append(bytes.Clone(text), "```\n"...)
	}
	if bytes.Count(text, []byte("<details>")) > bytes.Count(text, []byte("</details>")) {
		text = append(bytes.Clone(text), folded...)
	}
	return append(bytes.Clone(text), remark...)
}
