package judge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

func broken(rule string, level models.Level) models.Violation {
	return models.Violation{Signature: models.Signature{Rule: rule, Level: level}}
}

func TestWhatCountsIsPursuedFirstAndThenWhatWasSeenEarlier(t *testing.T) {
	must, should := broken("LIST-1", models.Presented), broken("CACHE-1", models.NotExposed)
	for name, c := range map[string]struct {
		one, other judge.Sighting
		strict     bool
		precedes   bool
	}{
		"a MUST rule before a SHOULD rule that was broken earlier": {judge.Sighting{Index: 9, Violation: must}, judge.Sighting{Index: 1, Violation: should}, false, true},
		"a SHOULD rule behind a MUST rule":                         {judge.Sighting{Index: 1, Violation: should}, judge.Sighting{Index: 9, Violation: must}, false, false},
		"the earlier where both count":                             {judge.Sighting{Index: 1, Violation: should}, judge.Sighting{Index: 9, Violation: must}, true, true},
		"the later where both count":                               {judge.Sighting{Index: 9, Violation: must}, judge.Sighting{Index: 1, Violation: should}, true, false},
		"neither of the same trace":                                {judge.Sighting{Index: 1, Violation: must}, judge.Sighting{Index: 1, Violation: must}, false, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.precedes, c.one.Precedes(&c.other, c.strict)) })
	}
}

func TestTheGravestViolationIsOfAMustRuleAndOfTheGreatestExposure(t *testing.T) {
	v := judge.Verdict{Violations: []models.Violation{broken("CACHE-1", models.Controlled), broken("LIST-1", models.Presented), broken("READ-1", models.Obtained), broken("READ-2", models.Obtained)}}
	gravest, ok := v.Gravest()
	require.True(t, ok)
	require.Equal(t, "READ-1", gravest.Rule)
	gravest, ok = v.GravestBut(func(rule string) bool { return rule != "CACHE-1" && rule != "LIST-1" })
	require.True(t, ok)
	require.Equal(t, "LIST-1", gravest.Rule)
	_, ok = v.GravestBut(func(string) bool { return true })
	require.False(t, ok)
}

func TestTheExitCodeSaysTheVerdict(t *testing.T) {
	require.Equal(t, []int{0, 1, 2}, []int{judge.Conformant.ExitCode(), judge.Violated.ExitCode(), judge.Inconclusive.ExitCode()})
}
