package harness_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// pagesCountAll is a leak that no rule names: a listing comes in a page for each
// recording on the service, of which those of others are empty.
func pagesCountAll(w *samples.IdealWorld, c models.Call, r *models.Response) {
	if c.Op.Kind() == models.KindList && r.Listing != nil {
		r.Listing.Pages = 1 + len(w.Everybodys())
	}
}

func verdictOn(t *testing.T, r *harness.Result, id string) judge.RuleResult {
	t.Helper()
	for _, rule := range r.Rules {
		if rule.ID == id {
			return rule
		}
	}
	t.Fatalf("no rule %s", id)
	return judge.RuleResult{}
}

func TestWhatOthersDoIsNotObservedOnACorrectService(t *testing.T) {
	r := explore(t, &samples.Ideal{}, harness.Options{Traces: 300, Seed: 3, Workers: 2, Noninterference: true})
	require.Nil(t, r.Found)
	ni := verdictOn(t, r, "NI-1")
	require.Equal(t, judge.Pass, ni.Verdict)
	require.Greater(t, ni.Checks, 1000)
}

func TestALeakThatNoRuleNamesIsFoundByComparing(t *testing.T) {
	l := &samples.Ideal{Leak: pagesCountAll}
	quiet := explore(t, l, harness.Options{Traces: 300, Seed: 3, Workers: 2})
	require.Nil(t, quiet.Found, "no other rule catches it")

	r := explore(t, l, harness.Options{Traces: 300, Seed: 3, Workers: 2, Noninterference: true})
	require.NotNil(t, r.Minimal)
	require.Equal(t, models.Signature{Rule: "NI-1", Level: models.Inferred, Path: models.PathList}, r.Minimal.Violation.Signature)
	require.True(t, r.Minimal.Proven())
	require.Len(t, r.Minimal.Trace.Ops, 8, "two patients, a clinician, a consultation with media, and a listing:\n%s", r.Minimal.Trace)
	require.Equal(t, judge.Violated, r.Verdict)
}
