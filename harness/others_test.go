package harness_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// leaky breaks a SHOULD rule by every answer, and MUST rules after a switch.
func leaky(w *samples.IdealWorld, c models.Call, r *models.Response) {
	cacheable(w, c, r)
	samples.SwitchUnscopes(w, c, r)
}

func TestTheWholeBudgetIsExploredAndEachBrokenRuleReduced(t *testing.T) {
	r := explore(t, &samples.Ideal{Leak: leaky}, harness.Options{Traces: 60, Seed: 1, Workers: 2, Whole: true})
	require.Equal(t, 60, r.Traces)
	require.Equal(t, judge.Violated, r.Verdict)
	require.Equal(t, "LIST-1", r.Minimal.Violation.Rule)
	shown := map[string]bool{}
	for _, m := range append([]*reduce.Minimal{r.Minimal}, minimals(r.Others)...) {
		require.True(t, m.Proven())
		for _, v := range m.Verdict.Violations {
			shown[v.Rule] = true
		}
	}
	for _, rule := range r.Rules {
		require.Equal(t, rule.Verdict == judge.Fail, shown[rule.ID], "%s is shown by a minimal trace where it is broken", rule.ID)
	}
	require.True(t, shown["LIST-1"] && shown["CACHE-1"])
}

func minimals(cases []harness.Case) (out []*reduce.Minimal) {
	for _, c := range cases {
		out = append(out, c.Minimal)
	}
	return out
}

func TestAKnownFailureNeitherEndsTheExplorationNorCounts(t *testing.T) {
	known := map[string]string{"CACHE-1": "planned"}
	r := explore(t, &samples.Ideal{Leak: cacheable}, harness.Options{Traces: 200, Seed: 1, Workers: 2, Strict: true, Known: known})
	require.Equal(t, 200, r.Traces)
	require.Equal(t, judge.Conformant, r.Verdict)
	require.Nil(t, r.Found)
	require.Equal(t, judge.Fail, verdictOn(t, r, "CACHE-1").Verdict)
	require.Equal(t, "planned", verdictOn(t, r, "CACHE-1").Known)
}

func TestAViolationThatIsNotKnownIsPursuedBesideOneThatIs(t *testing.T) {
	r := explore(t, &samples.Ideal{Leak: leaky}, harness.Options{Traces: 200, Seed: 1, Workers: 2, Strict: true, Known: map[string]string{"CACHE-1": "planned"}})
	require.Equal(t, judge.Violated, r.Verdict)
	require.Equal(t, "LIST-1", r.Minimal.Violation.Rule)
}

func TestAKnownFailureThatPassesFailsTheRun(t *testing.T) {
	r := explore(t, &samples.Ideal{}, harness.Options{Traces: 200, Seed: 1, Workers: 2, Known: map[string]string{"LIST-1": "mended meanwhile"}})
	require.Equal(t, judge.Violated, r.Verdict)
	require.Nil(t, r.Found)
	require.True(t, verdictOn(t, r, "LIST-1").Unexpected())
}
