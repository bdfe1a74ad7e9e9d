package report_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// operatorToken is that of the clinics of these tests.
const operatorToken = "operator-token-of-the-tests"

// withFault launches clinics with a seeded fault, or without any.
func withFault(t *testing.T, slug string) clinic.Launcher {
	t.Helper()
	l := clinic.Launcher{Configure: func(c *clinic.Config) { c.OperatorToken = operatorToken }}
	if slug == "" {
		return l
	}
	fault, err := faults.Find(slug)
	require.NoError(t, err)
	l.Configure = func(c *clinic.Config) {
		c.OperatorToken = operatorToken
		fault.Apply(c)
	}
	l.Label = "clinic --fault " + slug
	return l
}

// traceOf is the minimal trace of a fault.
func traceOf(t *testing.T, slug string) models.Trace {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "golden", slug+".trace"))
	require.NoError(t, err)
	trace, err := models.Parse(string(text))
	require.NoError(t, err)
	return trace
}

// recorded is a run that found what a trace shows on a clinic with a fault, and
// took it down.
func recorded(t *testing.T, slug string, trace models.Trace) report.Run {
	t.Helper()
	ctx := context.Background()
	j := harness.NewJudge(ctx, withFault(t, slug), 0, nil)
	defer j.Close()
	record, err := j.Record(ctx, trace)
	require.NoError(t, err)
	require.NotEmpty(t, record.Verdict.Violations)
	v, _ := record.Verdict.Gravest()
	r := runOf(&harness.Judgement{History: record.History, Verdict: record.Verdict})
	r.Exit, r.Target = 1, "clinic --fault "+slug
	r.Found = &harness.Found{Trace: trace, Violation: v, History: record.History, Verdict: record.Verdict, Reproduced: true}
	r.Minimal = &harness.Minimal{Trace: trace, Violation: v, History: record.History, Verdict: record.Verdict, Record: record,
		Rate: harness.Rate{Failed: 1, Runs: 1}, From: len(trace.Ops)}
	return r
}
