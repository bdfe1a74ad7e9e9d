package report_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
)

// surveyed is a run of the whole budget that broke a rule, and another that it
// was known to break, and kept a third that it was known to break.
func surveyed(t *testing.T) report.Run {
	r := violated(t)
	r.Whole = true
	r.Implementation = report.Implementation{Name: "acme | video", Version: "2.3.1", Reached: "image acme/video:2.3.1", Digest: "sha256:0f"}
	r.Configuration = "version: 1\ntarget:\n  name: acme | video\n"
	r.Others = []harness.Case{{Found: unreproduced(t).Found}}
	r.Others[0].Found.Violation.Rule = "LIST-3"
	for i := range r.Rules {
		switch r.Rules[i].ID {
		case "LIST-3":
			r.Rules[i].Verdict, r.Rules[i].Violations, r.Rules[i].Known = harness.Fail, 2, "ticket 123"
		case "BOOK-1":
			r.Rules[i].Verdict, r.Rules[i].Checks, r.Rules[i].Known = harness.Pass, 5, "ticket 124"
		}
	}
	return r
}

func TestAStatementIsWhatTheGoldenFilesSay(t *testing.T) {
	r := surveyed(t)
	suite := strings.NewReplacer("crosstalk "+report.Suite(), "crosstalk v0", `"suite": "`+report.Suite()+`"`, `"suite": "v0"`)
	golden(t, "statement.md", func(w io.Writer) error { return replaced(w, suite, &r, report.StatementMarkdown) })
	golden(t, "statement.json", func(w io.Writer) error { return replaced(w, suite, &r, report.StatementJSON) })
	golden(t, "surveyed.txt", func(w io.Writer) error { return report.Text(w, &r) })
	golden(t, "surveyed.xml", func(w io.Writer) error { return report.JUnit(w, &r) })
}

// replaced writes a report with the version of the suite replaced.
func replaced(w io.Writer, by *strings.Replacer, r *report.Run, write func(io.Writer, *report.Run) error) error {
	var b strings.Builder
	if err := write(&b, r); err != nil {
		return err
	}
	_, err := by.WriteString(w, b.String())
	return err
}

func TestAStatementHasACounterexampleForEachCase(t *testing.T) {
	r := surveyed(t)
	var b strings.Builder
	require.NoError(t, report.StatementJSON(&b, &r))
	var s report.Statement
	require.NoError(t, json.Unmarshal([]byte(b.String()), &s))
	require.Len(t, s.Counterexamples, 2)
	require.Contains(t, strings.Join(s.Limits, "\n"), "take it off the list of known failures")
	require.NotContains(t, strings.Join(s.Limits, "\n"), "stops at the first violation")
}
