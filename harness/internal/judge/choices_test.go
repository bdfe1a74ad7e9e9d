package judge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// shown are choices of which one is decided.
func shown(t *testing.T, key, value string) models.Choices {
	t.Helper()
	c, ok := models.Choices{}.Choose(key, value)
	require.True(t, ok)
	return c
}

func TestARunShowsWhatAllItsTracesAllow(t *testing.T) {
	var c judge.Chosen
	got, conflict := c.Choices()
	require.Equal(t, models.Choices{}, got)
	require.Nil(t, conflict)
	c.Add(0, models.Choices{})
	c.Add(1, shown(t, "drop", "leaves"))
	c.Add(2, shown(t, "starts", "clinician"))
	got, conflict = c.Choices()
	require.Equal(t, "starts=clinician drop=leaves", got.String())
	require.Nil(t, conflict)
}

func TestAServiceThatContradictsItselfDoesSoInTheSameTwoTracesWhateverTheirOrder(t *testing.T) {
	all := []models.Choices{shown(t, "starts", "first"), shown(t, "drop", "waits"), shown(t, "drop", "waits"), shown(t, "drop", "leaves"), shown(t, "drop", "timeout")}
	want := &judge.Conflict{Axis: "drop", Index: 3, Other: 1, Now: []string{"leaves"}, Then: []string{"waits"}}
	for _, order := range [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 0, 3, 1}} {
		var parts [2]judge.Chosen
		for _, i := range order {
			parts[i%2].Add(i, all[i])
		}
		parts[1].Merge(&parts[0])
		got, conflict := parts[1].Choices()
		require.Equal(t, want, conflict)
		require.Equal(t, "starts=first drop=waits", got.String())
	}
}
