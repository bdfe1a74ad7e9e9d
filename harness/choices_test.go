package harness_test

import (
	"context"
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

var (
	choiceTraces = flag.Int("choices", 40, "explore each clinic with choices of its own with so many traces")
	combinations = flag.Int("combinations", 10, "explore so many clinics with a random combination of choices")
)

// TestRightfulChoicesAreNotAccused explores the clinic with each choice about the
// course of a consultation, and with random combinations of them. None is declared.
func TestRightfulChoicesAreNotAccused(t *testing.T) {
	t.Parallel()
	for _, choice := range rightful.Choices() {
		t.Run(choice.Slug, func(t *testing.T) { requireNotAccused(t, rightful.Combination{choice}) })
	}
	for seed := range uint64(*combinations) {
		made := rightful.Combine(seed)
		t.Run(fmt.Sprintf("%d %s", seed, made.Name()), func(t *testing.T) { requireNotAccused(t, made) })
	}
}

// mostInconclusive is the greatest share of checks that may be inconclusive.
const mostInconclusive = 0.02

func requireNotAccused(t *testing.T, made rightful.Combination) {
	t.Helper()
	l := clinic.Launcher{Configure: made.Apply, Label: "clinic, " + made.Name()}
	r, err := harness.Explore(context.Background(), l, harness.Options{Traces: *choiceTraces, Seed: 1, Workers: 2, Strict: true})
	require.NoError(t, err)
	if r.Found != nil {
		t.Fatalf("accused by %s: %s\n%s", r.Found.Violation.Signature, r.Found.Violation.Message, r.Found.Trace)
	}
	require.Equal(t, *choiceTraces, r.Traces)
	row := proof.NewChoiceRow(made.Name(), r)
	require.NotZero(t, row.Checks)
	require.LessOrEqual(t, row.Share(), mostInconclusive, "%+v", r.Rules)
}
