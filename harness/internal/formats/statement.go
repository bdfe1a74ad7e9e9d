package formats

import (
	"io"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// statementForm names the form of [Statement].
const statementForm = "crosstalk-statement/1"

// Statement says what a service was tested for, with which result, so that
// somebody else can repeat it.
type Statement struct {
	Schema         string                  `json:"schema"` // [statementForm]
	Implementation evidence.Implementation `json:"implementation"`
	Suite          string                  `json:"suite"` // the version of crosstalk
	Date           time.Time               `json:"date"`
	Verdict        judge.Conclusion        `json:"verdict"`
	Complete       bool                    `json:"complete"`
	Seed           int                     `json:"seed"`
	Workers        int                     `json:"workers"`
	Traces         int                     `json:"traces"`
	Operations     int                     `json:"operations"`
	Requests       int                     `json:"requests"`
	Rules          []results.Rule          `json:"rules"`
	Choices        judge.Choices           `json:"choices"` // about the life of a visit
	// Unasked says what the service refuses, so that what it would have led to was
	// never asked. Refused and RefusedTokens are as in results.json.
	Unasked       []string             `json:"unasked,omitempty"`
	Refused       []judge.RefusedKind  `json:"refused,omitempty"`
	RefusedTokens *judge.RefusedTokens `json:"refusedTokens,omitempty"`
	// Counterexamples are minimal traces, by the rule that each was reduced for.
	Counterexamples []results.Counterexample `json:"counterexamples,omitempty"`
	// Configuration is that of the test, without secrets.
	Configuration string   `json:"configuration,omitempty"`
	Limits        []string `json:"limits"`
}

// statementOf is that of a run.
func statementOf(r *evidence.Run) *Statement {
	s := &Statement{
		Schema: statementForm, Implementation: r.Implementation, Suite: evidence.Suite(), Date: r.Started.UTC(),
		Verdict: r.Concluded(), Complete: r.End == evidence.Finished, Seed: r.Seed, Workers: r.Workers,
		Traces: r.Traces, Operations: r.Operations, Requests: r.Requests,
		Rules: results.RulesOf(r.Rules), Choices: r.Choices, Unasked: r.Unasked(), Refused: r.Refused.Kinds, RefusedTokens: r.Refused.Tokens, Configuration: r.Configuration, Limits: r.Limits(),
	}
	for _, c := range r.Cases() {
		s.Counterexamples = append(s.Counterexamples, results.CounterexampleOf(&c))
	}
	return s
}

// StatementJSON writes a statement for machines.
func StatementJSON(w io.Writer, r *evidence.Run) error { return layout.JSON(w, statementOf(r)) }

// StatementMarkdown writes a statement for people.
func StatementMarkdown(w io.Writer, r *evidence.Run) error {
	return statementPage.Execute(w, statementOf(r))
}

// statementPage is the statement in Markdown.
var statementPage = template.Must(template.New("statement").Funcs(template.FuncMap{
	"cell":   func(s string) string { return strings.ReplaceAll(s, "|", `\|`) },
	"fence":  func(s string) string { return "```\n" + strings.TrimRight(s, "\n") + "\n```" },
	"count":  wording.Grouped,
	"chosen": chosen,
}).Parse(`# Conformance statement: {{.Implementation.Name}}{{with .Implementation.Version}} {{.}}{{end}}

**{{.Verdict}}**{{if not .Complete}} (the run did not come to its end){{end}}{{range .Unasked}}

{{.}}{{end}}

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
{{end}}{{with chosen .Choices}}
## Choices

What the service chose about the life of a visit.

| choice | value | |
|---|---|---|
{{range .}}| {{.Words}} | {{.Value}} | {{.How}} |
{{end}}{{end}}{{range .Counterexamples}}
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

// choice is what a service chose.
type choice struct{ Words, Value, How string }

// chosen are the choices that are declared or were observed.
func chosen(c judge.Choices) []choice {
	var out []choice
	for _, a := range models.Axes() {
		how, from := "declared", c.Declared
		if !from.Known(a.Key) {
			how, from = "observed", c.Observed
		}
		if !from.Known(a.Key) {
			continue
		}
		var values []string
		for _, v := range a.Values {
			if slices.Contains(from.Of(a.Key), v.Key) {
				values = append(values, v.Words)
			}
		}
		out = append(out, choice{a.Words, strings.Join(values, "; or "), how})
	}
	return out
}
