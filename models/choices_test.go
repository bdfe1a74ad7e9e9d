package models

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// chosen are choices of which some are decided: "drop=leaves".
func chosen(t *testing.T, c Choices, pairs ...[2]string) Choices {
	t.Helper()
	for _, p := range pairs {
		var ok bool
		c, ok = c.Choose(p[0], p[1])
		require.True(t, ok, "%s=%s", p[0], p[1])
	}
	return c
}

func TestAnAxisHasKeysOfItsOwnAndAQuestionInTheLanguage(t *testing.T) {
	keys := make(map[string]bool)
	for i, a := range Axes() {
		require.False(t, keys[a.Key], a.Key)
		keys[a.Key] = true
		at, ok := axisByKey(a.Key)
		require.True(t, ok)
		require.Equal(t, axis(i), at)
		require.GreaterOrEqual(t, len(a.Values), 2)
		for v, value := range a.Values {
			require.Equal(t, v, a.value(value.Key), "%s of %s stands twice", value.Key, a.Key)
		}
		for op := range strings.SplitSeq(a.Question, "; ") {
			_, err := ParseOperation(op)
			require.NoError(t, err, a.Key)
		}
	}
	require.Len(t, keys, int(outside))
}

func TestOfWhatIsNotChosenEveryValueIsPossible(t *testing.T) {
	var c Choices
	require.Equal(t, []string{"waits", "leaves", "timeout"}, c.Of("drop"))
	require.False(t, c.Decided("drop"))
	c = chosen(t, c, [2]string{"drop", "leaves"})
	require.Equal(t, []string{"leaves"}, c.Of("drop"))
	require.True(t, c.Decided("drop"))
	require.False(t, c.Decided("starts"))
	require.Equal(t, Choices{}, c.Open("drop"))
	require.Nil(t, c.Of("nothing"))
	for _, wrong := range [][2]string{{"nothing", "leaves"}, {"drop", "nothing"}} {
		_, ok := c.Choose(wrong[0], wrong[1])
		require.False(t, ok)
	}
	for _, a := range Axes() {
		require.Equal(t, []string{a.Values[0].Key}, ReferenceChoices().Of(a.Key))
	}
}

func TestTwoChoicesHaveInCommonWhatBothAllow(t *testing.T) {
	leaves := chosen(t, Choices{}, [2]string{"drop", "leaves"})
	waits := chosen(t, Choices{}, [2]string{"drop", "waits"})
	both, apart := leaves.Both(chosen(t, Choices{}, [2]string{"starts", "clinician"}))
	require.Empty(t, apart)
	require.Equal(t, "starts=clinician drop=leaves", both.String())
	both, apart = leaves.Both(waits)
	require.Equal(t, []string{"drop"}, apart)
	require.Equal(t, leaves, both)
	require.Equal(t, []string{"waits", "leaves"}, leaves.either(waits).Of("drop"))
	require.Equal(t, Choices{}, leaves.either(Choices{}))
}

func TestChoicesAreReadAsTheyAreWritten(t *testing.T) {
	some := chosen(t, Choices{}, [2]string{"drop", "leaves"}).either(chosen(t, Choices{}, [2]string{"drop", "timeout"}))
	for _, c := range []Choices{{}, ReferenceChoices(), some} {
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var got Choices
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, c, got, "%s", text)
	}
	text, err := json.Marshal(some)
	require.NoError(t, err)
	require.JSONEq(t, `{"drop":["leaves","timeout"]}`, string(text))
	text, err = json.Marshal(Policy{})
	require.NoError(t, err)
	require.NotContains(t, string(text), "choices")
	for wrong, want := range map[string]string{
		`{"nothing":["leaves"]}`: `unknown choice "nothing"`,
		`{"drop":["nothing"]}`:   `unknown value of drop "nothing"`,
		`{"drop":"leaves"}`:      "choices: json",
	} {
		var c Choices
		require.ErrorContains(t, json.Unmarshal([]byte(wrong), &c), want)
	}
}
