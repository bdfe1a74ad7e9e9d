package harness_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
)

func TestExploreOfACorrectServiceIsConformant(t *testing.T) {
	l := &ideal{}
	r, err := harness.Explore(context.Background(), l, harness.Options{Traces: 2000, Seed: 1, Workers: 2})
	require.NoError(t, err)
	for _, rule := range r.Rules {
		require.Equal(t, harness.Pass, rule.Verdict, "%s, asked %d times", rule.ID, rule.Checks)
	}
	require.Equal(t, harness.Conformant, r.Verdict)
	require.Equal(t, 2000, r.Traces)
	require.Nil(t, r.Found)
	require.Positive(t, r.Coverage.ShapeSame)
	require.Positive(t, r.Coverage.ShapeOther)
	require.Equal(t, l.launched.Load(), l.closed.Load(), "every service launched is closed")
}

func TestExploreFindsAndReducesALeak(t *testing.T) {
	for seed := range 5 {
		l := &ideal{leak: switchUnscopes}
		r, err := harness.Explore(context.Background(), l, harness.Options{Traces: 200, Seed: 1000 * seed})
		require.NoError(t, err)
		require.Equal(t, harness.Violated, r.Verdict)
		require.True(t, r.Found.Reproduced)
		require.Equal(t, "LIST-1", r.Minimal.Violation.Rule)
		t.Logf("trace %d, %d ops before, %d replays, rate %s\n%s", r.Found.Index, r.Found.Before, r.Minimal.Replays, r.Minimal.Certificate.Runs, r.Minimal.Trace)
		require.Equal(t, 11, len(r.Minimal.Trace.Ops))
		require.True(t, r.Minimal.Proven())
		require.Equal(t, l.launched.Load(), l.closed.Load(), "every service launched is closed")
	}
}
