package harness_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// TestRightfulServicesAreNotAccused explores every service that conforms, the
// reference clinic among them. Those that make the harness wait are explored while
// the others are.
func TestRightfulServicesAreNotAccused(t *testing.T) {
	t.Parallel()
	t.Run("all", func(t *testing.T) {
		for _, v := range rightful.All() {
			t.Run(v.Slug, func(t *testing.T) {
				if v.Waits {
					t.Parallel()
				}
				requireCleared(t, v)
			})
		}
	})
	t.Run("the table in FAULTS.md is of today", func(t *testing.T) {
		golden.Block(t, "../targets/clinic/FAULTS.md", "rightful", rightfulTable())
	})
}

func requireCleared(t *testing.T, v rightful.Variant) {
	t.Helper()
	n := *rightTraces
	o := harness.Options{Traces: n, Seed: 1, Workers: cmp.Or(v.Workers(), 4), Strict: true}
	l := clinic.Launcher{Configure: v.Apply, Label: "clinic, " + v.Slug}
	r, err := harness.Explore(context.Background(), l, o)
	require.NoError(t, err)
	if r.Found != nil {
		t.Fatalf("accused by %s: %s\n%s", r.Found.Violation.Signature, r.Found.Violation.Message, r.Found.Trace)
	}
	require.Equal(t, n, r.Traces)
	personal := l.Capabilities().Policy.Links == models.PersonalLinks
	for _, rule := range r.Rules {
		switch {
		case rule.ID == "NI-1": // it compares runs, and was not asked for
		case rule.ID == "CACHE-2" && personal: // whoever opens a link is logged in
			require.Equal(t, judge.NotApplicable, rule.Verdict)
		default:
			require.Equal(t, judge.Pass, rule.Verdict, "%+v", rule)
		}
	}
	require.Equal(t, judge.Conformant, r.Verdict)
}

// TestWhatOthersDoIsNotObservedOnTheCorrectClinic explores the reference clinic by
// comparing runs.
func TestWhatOthersDoIsNotObservedOnTheCorrectClinic(t *testing.T) {
	t.Parallel()
	r, err := harness.Explore(context.Background(), clinic.Launcher{}, harness.Options{Traces: 150, Seed: 1, Strict: true, Noninterference: true})
	require.NoError(t, err)
	require.Nil(t, r.Found)
	require.Equal(t, judge.Pass, verdictOn(t, r, "NI-1").Verdict)
}

// rightfulTable is a table in Markdown.
func rightfulTable() string {
	var b strings.Builder
	b.WriteString("| service | what is unusual about it |\n|---|---|\n")
	for _, v := range rightful.All() {
		fmt.Fprintf(&b, "| %s | %s |\n", v.Slug, v.What)
	}
	return b.String()
}
