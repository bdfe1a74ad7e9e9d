package samples

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// OperatorToken is that of the clinics of these tests.
const OperatorToken = "operator-token-of-the-tests"

// WithFault launches clinics with a seeded fault, or without any.
func WithFault(t T, slug string) clinic.Launcher {
	t.Helper()
	l := clinic.Launcher{Configure: func(c *clinic.Config) { c.OperatorToken = OperatorToken }}
	if slug == "" {
		return l
	}
	fault, err := faults.Find(slug)
	require.NoError(t, err)
	l.Configure = func(c *clinic.Config) {
		c.OperatorToken = OperatorToken
		fault.Apply(c)
	}
	l.Label = "clinic --fault " + slug
	return l
}

// Recorded is a run that found what a trace shows on a clinic with a fault, and
// recorded it.
func Recorded(t T, slug string, trace models.Trace) evidence.Run {
	t.Helper()
	ctx := context.Background()
	j := judge.NewJudge(ctx, WithFault(t, slug), 0, nil)
	defer j.Close()
	record, err := j.Record(ctx, trace)
	require.NoError(t, err)
	require.NotEmpty(t, record.Verdict.Violations)
	v, _ := record.Verdict.Gravest()
	r := RunOf(&judge.Judgement{History: record.History, Verdict: record.Verdict})
	r.Exit, r.Target = 1, "clinic --fault "+slug
	r.Found = &harness.Found{Trace: trace, Violation: v, History: record.History, Verdict: record.Verdict, Reproduced: true}
	r.Minimal = &reduce.Minimal{Trace: trace, Violation: v, History: record.History, Verdict: record.Verdict, Record: record,
		Rate: reduce.Rate{Failed: 1, Runs: 1}, From: len(trace.Ops)}
	return r
}

// Exchanged is a run whose minimal trace was recorded as these exchanges.
func Exchanged(t T, all ...targets.LoggedExchange) evidence.Run {
	t.Helper()
	r := Violated(t)
	for i := range all {
		if all[i].Step == 0 {
			all[i].Step = 1
		}
		all[i].Started = started.Add(time.Duration(i) * time.Second)
	}
	r.Minimal.Record = &judge.Record{History: r.Minimal.History, Verdict: r.Minimal.Verdict, Exchanges: all}
	return r
}
