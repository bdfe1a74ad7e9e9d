package harness_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// cacheable is no leak: it breaks a SHOULD rule, and so says nothing of links.
func cacheable(_ *samples.IdealWorld, _ models.Call, r *models.Response) {
	if r.Authentication != models.ByLink {
		r.CacheControl = "public, max-age=60"
	}
}

func TestABrokenShouldRuleDoesNotEndTheExploration(t *testing.T) {
	r := explore(t, &samples.Ideal{Leak: cacheable}, harness.Options{Traces: 400, Seed: 1, Workers: 2})
	require.Equal(t, 400, r.Traces)
	require.Equal(t, judge.Conformant, r.Verdict)
	require.Equal(t, judge.Fail, verdictOn(t, r, "CACHE-1").Verdict)
	require.Equal(t, "CACHE-1", r.Minimal.Violation.Rule)
	require.True(t, r.Minimal.Proven())
}

func TestABrokenShouldRuleEndsAStrictExploration(t *testing.T) {
	r := explore(t, &samples.Ideal{Leak: cacheable}, harness.Options{Traces: 400, Seed: 1, Workers: 2, Strict: true})
	require.Less(t, r.Traces, 10)
	require.Equal(t, judge.Violated, r.Verdict)
	require.Equal(t, "CACHE-1", r.Minimal.Violation.Rule)
}

func TestAMustRuleIsPursuedBeforeAShouldRuleThatWasBrokenEarlier(t *testing.T) {
	r := explore(t, &samples.Ideal{Leak: func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		cacheable(w, c, r)
		samples.SwitchUnscopes(w, c, r)
	}}, harness.Options{Traces: 400, Seed: 1, Workers: 2})
	require.Equal(t, judge.Violated, r.Verdict)
	require.Equal(t, "LIST-1", r.Minimal.Violation.Rule)
}
