package harness_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

func TestAFoldOfHistoriesIsTheResultOfExploring(t *testing.T) {
	var log strings.Builder
	r, err := harness.Explore(t.Context(), &samples.Ideal{Leak: samples.SwitchUnscopes}, harness.Options{Traces: 30, Seed: 1, Workers: 2, Whole: true, Log: &log})
	require.NoError(t, err)
	require.NotNil(t, r.Found)
	var fold judge.Tally
	require.NoError(t, history.EachHistory(strings.NewReader(log.String()), func(l *history.Logged) error {
		if l.Purpose == history.Exploring {
			v := judge.Check(&l.History)
			fold.Add(l.Number, &l.History, &v)
		}
		return nil
	}))
	require.Equal(t, r.Rules, fold.RulesAgain(r.Rules))
	require.Equal(t, r.Coverage, fold.Coverage)
	require.Equal(t, []int{r.Traces, r.Operations, r.Requests}, []int{fold.Traces, fold.Operations, fold.Requests})
	require.Equal(t, r.Refused, fold.Refused)
	require.Equal(t, r.Verdict, judge.Overall(fold.RulesAgain(r.Rules), false))

	cell, ok := coverage.CellOf(r.Minimal.History, &r.Minimal.Violation)
	require.True(t, ok)
	require.Contains(t, cells(r.Coverage), cell, "what was found was counted")
}

func cells(c coverage.Coverage) []coverage.Cell {
	var out []coverage.Cell
	for _, n := range c.Cells {
		out = append(out, n.Cell)
	}
	return out
}
