package harness_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestHistoriesAreGivenAsSoonAsTheyAreWhole(t *testing.T) {
	text, histories := logged(t, 5)
	var got []*harness.Logged
	require.NoError(t, harness.EachHistory(strings.NewReader(text), func(l *harness.Logged) error {
		got = append(got, l)
		return nil
	}))
	require.Len(t, got, len(histories))
	for i, l := range got {
		require.True(t, l.Done)
		require.Equal(t, histories[i].World, l.World)
		require.Len(t, l.Events, len(histories[i].Events))
	}
	stop := errors.New("stop")
	seen := 0
	require.ErrorIs(t, harness.EachHistory(strings.NewReader(text), func(*harness.Logged) error { seen++; return stop }), stop)
	require.Equal(t, 1, seen)
}

func TestHistoriesThatDidNotEndFollowInTheOrderInWhichTheyBegan(t *testing.T) {
	var text strings.Builder
	for _, line := range []string{
		`{"world":"w1","purpose":"explore","trace":0}`, `{"world":"w2","purpose":"explore","trace":1}`, `{"world":"w3","purpose":"explore","trace":2}`,
		`{"world":"w3","step":1,"begin":"alice = patient()"}`, `{"world":"w2","done":true}`, `{"world":"w1","st`,
	} {
		text.WriteString(line + "\n")
	}
	var order []models.Namespace
	require.NoError(t, harness.EachHistory(strings.NewReader(strings.TrimSuffix(text.String(), "\n")), func(l *harness.Logged) error {
		order = append(order, l.World)
		require.Equal(t, l.World == "w2", l.Done)
		require.Equal(t, l.World == "w3", l.Begun != nil)
		return nil
	}))
	require.Equal(t, []models.Namespace{"w2", "w1", "w3"}, order)
}

func TestAFoldOfHistoriesIsTheResultOfExploring(t *testing.T) {
	var log strings.Builder
	r, err := harness.Explore(t.Context(), &ideal{leak: switchUnscopes}, harness.Options{Traces: 30, Seed: 1, Workers: 2, Whole: true, Log: harness.NewLog(&log)})
	require.NoError(t, err)
	require.NotNil(t, r.Found)
	var fold harness.Fold
	require.NoError(t, harness.EachHistory(strings.NewReader(log.String()), func(l *harness.Logged) error {
		if l.Purpose == harness.Exploring {
			v := harness.Check(&l.History)
			fold.Add(&l.History, &v)
		}
		return nil
	}))
	require.Equal(t, r.Rules, fold.Rules(r.Rules))
	require.Equal(t, r.Coverage, fold.Coverage)
	require.Equal(t, []int{r.Traces, r.Operations, r.Requests}, []int{fold.Traces, fold.Operations, fold.Requests})
	require.Equal(t, r.Verdict, harness.Overall(fold.Rules(r.Rules), false))

	cell, ok := harness.CellOf(r.Minimal.History, &r.Minimal.Violation)
	require.True(t, ok)
	require.Contains(t, cells(r.Coverage), cell, "what was found was counted")
}

func cells(c harness.Coverage) []harness.Cell {
	var out []harness.Cell
	for _, n := range c.Cells {
		out = append(out, n.Cell)
	}
	return out
}

func TestWhatHistoriesDoNotTellIsTakenFromTheSavedRules(t *testing.T) {
	saved := (&harness.Fold{}).Rules(nil)
	for i := range saved {
		saved[i].Verdict = harness.NotApplicable
	}
	saved[0].Known = "ticket 12"
	at := slices.IndexFunc(saved, func(r harness.RuleResult) bool { return r.ID == "NI-1" })
	saved[at].Verdict, saved[at].Checks = harness.Pass, 7
	require.Equal(t, saved, (&harness.Fold{}).Rules(saved))
}

func FuzzReadLog(f *testing.F) {
	f.Add(`{"world":"w1","purpose":"explore","trace":0,"policy":{},"started":"2026-01-02T03:04:05Z"}` + "\n" +
		`{"world":"w1","step":1,"begin":"alice = patient()"}` + "\n" +
		`{"world":"w1","step":1,"op":"alice = patient()","response":{"outcome":"ok"},"atMicros":1,"tookMicros":2}` + "\n" + `{"world":"w1","done":true}` + "\n")
	f.Add("nonsense\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := harness.ReadLog(strings.NewReader(text))
		given := 0
		eachErr := harness.EachHistory(strings.NewReader(text), func(l *harness.Logged) error {
			given++
			harness.CheckWhole(&l.History)
			return nil
		})
		require.Equal(t, err == nil, eachErr == nil)
		if err == nil {
			require.LessOrEqual(t, given, len(all))
		}
	})
}
