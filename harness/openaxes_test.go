package harness_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// TestEachFaultIsFoundWhereNoChoiceIsDeclared explores the clinic with each fault
// from the first seed, with every choice about the life of a visit open: what is seen
// is not excused by what a service may choose.
func TestEachFaultIsFoundWhereNoChoiceIsDeclared(t *testing.T) {
	t.Parallel()
	for _, f := range faults.All() {
		t.Run(f.Slug, func(t *testing.T) {
			o := harness.Options{Traces: 1000, Seed: 1, Workers: 2, Unreduced: true}.For(f.Rules)
			r, err := harness.Explore(context.Background(), clinic.Launcher{Configure: f.Apply, Undeclared: true}, o)
			require.NoError(t, err)
			require.NotNil(t, r.Found)
			require.True(t, slices.ContainsFunc(r.Found.Verdict.Violations, func(v models.Violation) bool { return slices.Contains(f.Rules, v.Rule) }), "%+v", r.Found.Violation)
			t.Logf("trace %d: %s", r.Found.Index, r.Found.Violation.Signature)
		})
	}
}
