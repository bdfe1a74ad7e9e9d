package report

import (
	"io"
	"runtime/debug"
	"strings"
	"text/template"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
)

// StatementSchema names the form of [Statement].
const StatementSchema = "crosstalk-statement/1"

// Implementation says which service was put to the test.
type Implementation struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Reached is how: the URL, the image or the adapter's command.
	Reached string `json:"reached,omitempty"`
	// Digest is the image's content digest, "sha256:...".
	Digest string `json:"digest,omitempty"`
}

// Statement says what a service was tested for, with which result, so that
// somebody else can repeat it.
type Statement struct {
	Schema         string          `json:"schema"` // [StatementSchema]
	Implementation Implementation  `json:"implementation"`
	Suite          string          `json:"suite"` // the version of crosstalk
	Date           time.Time       `json:"date"`
	Verdict        harness.Outcome `json:"verdict"`
	Complete       bool            `json:"complete"`
	Seed           int             `json:"seed"`
	Workers        int             `json:"workers"`
	Traces         int             `json:"traces"`
	Operations     int             `json:"operations"`
	Requests       int             `json:"requests"`
	Rules          []Rule          `json:"rules"`
	// Counterexamples are minimal traces, by the rule that each was reduced for.
	Counterexamples []Counterexample `json:"counterexamples,omitempty"`
	// Configuration is that of the test, without secrets.
	Configuration string   `json:"configuration,omitempty"`
	Limits        []string `json:"limits"`
}

// Statement is that of a run.
func (r *Run) Statement() *Statement {
	s := &Statement{
		Schema: StatementSchema, Implementation: r.Implementation, Suite: Suite(), Date: r.Started.UTC(),
		Verdict: r.verdict(), Complete: r.End == Finished, Seed: r.Seed, Workers: r.Workers,
		Traces: r.Traces, Operations: r.Operations, Requests: r.Requests,
		Rules: rulesOf(r.Rules), Configuration: r.Configuration, Limits: r.Limits(),
	}
	for _, c := range r.cases() {
		s.Counterexamples = append(s.Counterexamples, c.counterexample())
	}
	return s
}

// StatementJSON writes a statement for machines.
func StatementJSON(w io.Writer, r *Run) error { return encode(w, r.Statement()) }

// StatementMarkdown writes a statement for people.
func StatementMarkdown(w io.Writer, r *Run) error { return statementPage.Execute(w, r.Statement()) }

// Suite is the version of crosstalk as it was built: the module's, or the
// revision it was built from.
func Suite() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := build.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	settings := make(map[string]string)
	for _, s := range build.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return "unreleased"
	}
	if settings["vcs.modified"] == "true" {
		revision += " with changes"
	}
	return revision
}

// statementPage is the statement in Markdown.
var statementPage = template.Must(template.New("statement").Funcs(template.FuncMap{
	"cell":  func(s string) string { return strings.ReplaceAll(s, "|", `\|`) },
	"fence": func(s string) string { return "```\n" + strings.TrimRight(s, "\n") + "\n```" },
	"count": grouped,
}).Parse(`# Conformance statement: {{.Implementation.Name}}{{with .Implementation.Version}} {{.}}{{end}}

**{{.Verdict}}**{{if not .Complete}} (the run did not come to its end){{end}}

| | |
|---|---|
| Implementation | {{cell .Implementation.Name}} {{cell .Implementation.Version}} |
{{with .Implementation.Reached}}| Reached at | {{cell .}} |
{{end}}{{with .Implementation.Digest}}| Image digest | {{.}} |
{{end}}| Suite | crosstalk {{cell .Suite}} |
| Date | {{.Date.Format "2006-01-02 15:04 MST"}} |
| Explored | {{count .Traces}} traces, {{count .Operations}} operations, {{count .Requests}} requests, seed {{.Seed}}, workers {{.Workers}} |

## Rules

A rule that could not have failed is never a pass: *checks* counts the answers that could have broken it.

| rule | level | verdict | checks | broken | what it says |
|---|---|---|---|---|---|
{{range .Rules}}| {{.ID}} | {{.Level}} | {{.Verdict}}{{with .Known}} (known: {{cell .}}){{end}}{{if .Unexpected}}: **unexpected**{{end}} | {{count .Checks}} | {{count .Violations}} | {{cell .Sentence}} |
{{end}}{{range .Counterexamples}}
## {{.Violation.Rule}}: {{.Violation.Message}}

{{fence .Trace}}
{{range .Violation.Exposures}}
- {{.Sentence}}{{end}}
{{end}}
## Limits
{{range .Limits}}
- {{.}}{{end}}
{{with .Configuration}}
## Configuration

Secrets are left out.

{{fence .}}
{{end}}`))
