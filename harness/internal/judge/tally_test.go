package judge_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
)

func TestWhatHistoriesDoNotTellIsTakenFromTheSavedRules(t *testing.T) {
	saved := (&judge.Tally{}).RulesAgain(nil)
	for i := range saved {
		saved[i].Verdict = judge.NotApplicable
	}
	saved[0].Known = "ticket 12"
	at := slices.IndexFunc(saved, func(r judge.RuleResult) bool { return r.ID == "NI-1" })
	saved[at].Verdict, saved[at].Checks = judge.Pass, 7
	require.Equal(t, saved, (&judge.Tally{}).RulesAgain(saved))
}
