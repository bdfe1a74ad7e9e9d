package history_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestHistoriesAreGivenAsSoonAsTheyAreWhole(t *testing.T) {
	text, histories := logged(t, 5)
	var got []*history.Logged
	require.NoError(t, history.EachHistory(strings.NewReader(text), func(l *history.Logged) error {
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
	require.ErrorIs(t, history.EachHistory(strings.NewReader(text), func(*history.Logged) error { seen++; return stop }), stop)
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
	require.NoError(t, history.EachHistory(strings.NewReader(strings.TrimSuffix(text.String(), "\n")), func(l *history.Logged) error {
		order = append(order, l.World)
		require.Equal(t, l.World == "w2", l.Done)
		require.Equal(t, l.World == "w3", l.Begun != nil)
		return nil
	}))
	require.Equal(t, []models.Namespace{"w2", "w1", "w3"}, order)
}

func FuzzReadLog(f *testing.F) {
	f.Add(`{"world":"w1","purpose":"explore","trace":0,"policy":{},"started":"2026-01-02T03:04:05Z"}` + "\n" +
		`{"world":"w1","step":1,"begin":"alice = patient()"}` + "\n" +
		`{"world":"w1","step":1,"op":"alice = patient()","response":{"outcome":"ok"},"atMicros":1,"tookMicros":2}` + "\n" + `{"world":"w1","done":true}` + "\n")
	f.Add("nonsense\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := history.ReadLog(strings.NewReader(text))
		given := 0
		eachErr := history.EachHistory(strings.NewReader(text), func(l *history.Logged) error {
			given++
			judge.CheckAllExposures(&l.History)
			return nil
		})
		require.Equal(t, err == nil, eachErr == nil)
		if err == nil {
			require.LessOrEqual(t, given, len(all))
		}
	})
}
