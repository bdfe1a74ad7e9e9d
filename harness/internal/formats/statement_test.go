package formats_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

// surveyed is a run of the whole budget that broke a rule, and another that it
// was known to break, and kept a third that it was known to break.
func surveyed(t *testing.T) evidence.Run {
	r := samples.Violated(t)
	r.Whole = true
	r.Implementation = evidence.Implementation{Name: "acme | video", Version: "2.3.1", Reached: "image acme/video:2.3.1", Digest: "sha256:0f"}
	r.Configuration = "version: 1\ntarget:\n  name: acme | video\n"
	r.Others = []harness.Case{{Found: samples.Unreproduced(t).Found}}
	r.Others[0].Found.Violation.Rule = "LIST-3"
	for i := range r.Rules {
		switch r.Rules[i].ID {
		case "LIST-3":
			r.Rules[i].Verdict, r.Rules[i].Violations, r.Rules[i].Known = judge.Fail, 2, "ticket 123"
		case "BOOK-1":
			r.Rules[i].Verdict, r.Rules[i].Checks, r.Rules[i].Known = judge.Pass, 5, "ticket 124"
		}
	}
	return r
}

func TestAStatementIsWhatTheGoldenFilesSay(t *testing.T) {
	r := surveyed(t)
	suite := strings.NewReplacer("crosstalk "+evidence.Suite(), "crosstalk v0", `"suite": "`+evidence.Suite()+`"`, `"suite": "v0"`)
	golden.Compare(t, "statement.md", func(w io.Writer) error { return replaced(w, suite, &r, formats.StatementMarkdown) })
	golden.Compare(t, "statement.json", func(w io.Writer) error { return replaced(w, suite, &r, formats.StatementJSON) })
	golden.Compare(t, "surveyed.txt", func(w io.Writer) error { return terminal.Text(w, &r) })
	golden.Compare(t, "surveyed.xml", func(w io.Writer) error { return formats.JUnit(w, &r) })
}

// replaced writes a report with the version of the suite replaced.
func replaced(w io.Writer, by *strings.Replacer, r *evidence.Run, write func(io.Writer, *evidence.Run) error) error {
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
	require.NoError(t, formats.StatementJSON(&b, &r))
	var s formats.Statement
	require.NoError(t, json.Unmarshal([]byte(b.String()), &s))
	require.Len(t, s.Counterexamples, 2)
	require.Contains(t, strings.Join(s.Limits, "\n"), "take it off the list of known failures")
	require.NotContains(t, strings.Join(s.Limits, "\n"), "stops at the first violation")
}

func TestAStatementSaysWhatWasRefused(t *testing.T) {
	r := samples.Kinds(t)["refused"]
	var text, data strings.Builder
	require.NoError(t, formats.StatementMarkdown(&text, &r))
	require.Contains(t, text.String(), "**inconclusive**\n\nevery leave was refused (41 of 41)\n\nthe service refuses a valid token of bob's (and 1 more)\n")
	require.Contains(t, text.String(), "cancel in 1 of 52 answers")
	require.NoError(t, formats.StatementJSON(&data, &r))
	var s formats.Statement
	require.NoError(t, json.Unmarshal([]byte(data.String()), &s))
	require.Equal(t, r.Refused.Kinds, s.Refused)
	require.Equal(t, r.Refused.Tokens, s.RefusedTokens)
	require.Len(t, s.Unasked, 2)

	r.Rules[1].Known, r.Refused.Kinds[1].Rules = "ticket 7", []string{r.Rules[1].ID}
	require.Len(t, r.Unasked(), 1, "a rule that is known to be broken accounts for it")
}
