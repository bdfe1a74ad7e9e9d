package report

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/harness"
)

// SummaryFile has the result for the page of a CI job.
const SummaryFile = "summary.md"

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
func Summary(w io.Writer, r *Run) error {
	var b bytes.Buffer
	p := &page{w: &b}
	p.line("## crosstalk: %s", markdown(summaryVerdict(r)))
	p.blank()
	if e, ok := r.evidence(); ok {
		p.summaryStory(r, &e)
	}
	if r.Problem != "" {
		p.line("**%s**\n", markdown(r.Problem))
	}
	for _, l := range r.Limits() {
		p.line("- %s", markdown(l))
	}
	if len(r.Limits()) > 0 {
		p.blank()
	}
	p.summaryRules(r)
	p.line("%s: %s, seed %d, %s.", markdown(r.Target), spent(r.Traces, r.Operations, r.Requests), r.Seed, count(r.Workers, "worker"))
	_, err := w.Write(bounded(b.Bytes(), maxSummary))
	return err
}

// summaryVerdict is the verdict in a few words.
func summaryVerdict(r *Run) string {
	text := strings.ToUpper(string(r.verdict()))
	if r.Found != nil && r.verdict() != harness.Violated && r.advisory() {
		text += ", with advice"
	}
	switch r.End {
	case Running:
		text += " so far (the run goes on, or was killed)"
	case Interrupted:
		text += " so far (interrupted)"
	case Failed:
		text += " (the run failed)"
	}
	return text
}

// summaryStory writes what happened, with its trace.
func (p *page) summaryStory(r *Run, e *evidence) {
	p.line("**%s:** %s.", markdown(e.violation.Rule), markdown(e.headline()))
	p.blank()
	if others := r.cases()[1:]; len(others) > 0 {
		for i := range others {
			p.line("- also **%s:** %s", markdown(others[i].violation.Rule), markdown(others[i].headline()))
		}
		p.blank()
	}
	p.fence("text", e.annotated(), summaryLines)
	if step := e.violation.Step; step >= 1 && step <= len(e.trace.Ops) {
		p.line("| line %d | %s |", step, cell(e.trace.Ops[step-1].String()))
		p.line("|---|---|")
		p.line("| expected | %s |", cell(e.expected(step)))
		p.line("| answered | %s |", cell(e.answer(step)))
		p.line("| so | %s |", cell(e.violation.Message))
		p.blank()
	}
	p.summaryExposed(e)
	if c := r.Commands(); c.Replay != "" {
		p.line("See it again:")
		p.blank()
		p.fence("sh", c.Replay, summaryLines)
		if len(r.Recorded()) > 0 {
			p.line("Without crosstalk: `sh %s BASE_URL`.", ReproScript)
			p.blank()
		}
	}
}

// summaryExposed writes a table of who was exposed.
func (p *page) summaryExposed(e *evidence) {
	all := e.violation.Exposures
	if len(all) == 0 {
		return
	}
	p.line("Exposed: %s.", markdown(totals(&e.violation)))
	p.blank()
	p.line("| who was shown it | whose | recording | level | by |")
	p.line("|---|---|---|---|---|")
	for _, x := range all[:min(len(all), summaryExposures)] {
		p.line("| %s | %s | %s | %s | %s |", cell(string(x.Viewer)), cell(e.owner(x)), cell(string(x.Recording)), x.Level, cell(string(x.Path)))
	}
	if more := len(all) + e.violation.More - min(len(all), summaryExposures); more > 0 {
		p.blank()
		p.line("and %d more, in %s.", more, ResultsFile)
	}
	p.blank()
}

// summaryRules writes the table of rules, folded.
func (p *page) summaryRules(r *Run) {
	broken := 0
	for _, rule := range r.Rules {
		if rule.Verdict == harness.Fail {
			broken++
		}
	}
	p.line("<details><summary>%s, %d broken</summary>", count(len(r.Rules), "rule"), broken)
	p.blank()
	p.line("| rule | level | verdict | checks | broken | what it says |")
	p.line("|---|---|---|---|---|---|")
	for _, rule := range r.Rules {
		verdict := string(rule.Verdict)
		if rule.Known != "" {
			verdict += " (known failure: " + rule.Known + ")"
		}
		if rule.Unexpected() {
			verdict += ": unexpected"
		}
		p.line("| %s | %s | %s | %s | %s | %s |", cell(rule.ID), rule.Level, cell(verdict), grouped(rule.Checks), grouped(rule.Violations), cell(rule.Sentence))
	}
	p.blank()
	p.line("</details>")
	p.blank()
}

// fence writes lines of text as they are, some of the last ones of too many.
// The fence is longer than any in the text.
func (p *page) fence(language, text string, most int) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	p.line("%s%s", marks, language)
	if over := len(lines) - most; over > 0 {
		p.line("... %s before these", count(over, "line"))
		lines = lines[over:]
	}
	for _, line := range lines {
		p.line("%s", cutTo(oneLine(line), 300))
	}
	p.line("%s", marks)
	p.blank()
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
	for _, c := range cutTo(oneLine(s), 1000) {
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
	const remark = "\nThis summary was cut; everything is in " + ResultsFile + ".\n"
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
