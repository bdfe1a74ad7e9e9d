package harness_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// cacheable is no leak: it breaks a SHOULD rule.
func cacheable(_ *idealWorld, _ models.Call, r *models.Response) {
	r.CacheControl = "public, max-age=60"
}

func TestABrokenShouldRuleDoesNotEndTheExploration(t *testing.T) {
	r := explore(t, &ideal{leak: cacheable}, harness.Options{Traces: 400, Seed: 1, Workers: 2})
	require.Equal(t, 400, r.Traces)
	require.Equal(t, harness.Conformant, r.Verdict)
	require.Equal(t, harness.Fail, verdictOn(t, r, "CACHE-1").Verdict)
	require.Equal(t, "CACHE-1", r.Minimal.Violation.Rule)
	require.True(t, r.Minimal.Proven())
}

func TestABrokenShouldRuleEndsAStrictExploration(t *testing.T) {
	r := explore(t, &ideal{leak: cacheable}, harness.Options{Traces: 400, Seed: 1, Workers: 2, Strict: true})
	require.Less(t, r.Traces, 10)
	require.Equal(t, harness.Violated, r.Verdict)
	require.Equal(t, "CACHE-1", r.Minimal.Violation.Rule)
}

func TestAMustRuleIsPursuedBeforeAShouldRuleThatWasBrokenEarlier(t *testing.T) {
	r := explore(t, &ideal{leak: func(w *idealWorld, c models.Call, r *models.Response) {
		cacheable(w, c, r)
		switchUnscopes(w, c, r)
	}}, harness.Options{Traces: 400, Seed: 1, Workers: 2})
	require.Equal(t, harness.Violated, r.Verdict)
	require.Equal(t, "LIST-1", r.Minimal.Violation.Rule)
}
