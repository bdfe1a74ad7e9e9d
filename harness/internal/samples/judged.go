package samples

import (
	"context"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
)

// LongTraces draws traces of up to n operations.
func LongTraces(n int) func(seed int) models.Trace {
	mix := scenarios.Consultations()
	mix.MaxOps = n
	g := mix.Traces(models.ReferencePolicy())
	return func(seed int) models.Trace { return scenarios.Draw(g, seed) }
}

// Failing yields n drawn traces that break a rule on services of a launcher.
func Failing(t T, l *Ideal, j *judge.Judge, draw func(int) models.Trace, n int) []failure {
	t.Helper()
	var out []failure
	for seed := 0; len(out) < n; seed++ {
		require.Less(t, seed, 1000*n, "the leak shows too seldom")
		trace := draw(seed)
		got, err := j.Again(context.Background(), trace, history.Replaying)
		require.NoError(t, err)
		if v, ok := got.Verdict.Gravest(); ok {
			out = append(out, failure{trace, v})
		}
	}
	return out
}

type failure struct {
	Trace     models.Trace
	Violation models.Violation
}

// NewJudge returns a judge of ideal services, which are all closed when the test
// ends.
func NewJudge(t T, l *Ideal) *judge.Judge {
	t.Helper()
	j := judge.NewJudge(context.Background(), l, 2, nil)
	t.Cleanup(func() {
		require.NoError(t, j.Close())
		require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
	})
	return j
}

// Parse reads a trace whose lines may be indented.
func Parse(t T, lines string) models.Trace {
	t.Helper()
	trace, err := models.Parse(strings.ReplaceAll(lines, "\t", ""))
	require.NoError(t, err)
	return trace
}
