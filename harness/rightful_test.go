package harness_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// hunt is how a rightful service is explored.
type hunt struct {
	traces, workers int
	skip            string // why it is not
}

// unusual are those whose answers come otherwise than the reference clinic's.
// Where waiting takes most of the time, more workers wait at once.
var unusual = map[string]hunt{
	"slow":           {traces: 2000, workers: 16},
	"lagging":        {traces: 2000, workers: 16, skip: "shares are not asked for again within the lag"},
	"groups":         {traces: 1000},
	"sequential-ids": {traces: 1000},
	"reused-ids":     {traces: 2000},
}

// TestRightfulServicesAreNotAccused explores all at the same time.
func TestRightfulServicesAreNotAccused(t *testing.T) {
	for _, v := range rightful.All() {
		t.Run(v.Slug, func(t *testing.T) {
			t.Parallel()
			h, ok := unusual[v.Slug]
			if !ok {
				h = hunt{traces: 300} // the mechanism is the reference clinic's
			}
			if h.skip != "" {
				t.Skip(h.skip)
			}
			l := clinic.Launcher{Configure: v.Apply, Label: "clinic, " + v.Slug}
			o := harness.Options{Traces: h.traces, Seed: 1, Workers: h.workers, Strict: true}
			r, err := harness.Explore(context.Background(), l, o)
			require.NoError(t, err)
			if r.Found != nil {
				t.Fatalf("accused by %s: %s\n%s", r.Found.Violation.Signature, r.Found.Violation.Message, r.Found.Trace)
			}
			requireAllPassed(t, r)
			require.Equal(t, harness.Conformant, r.Verdict)
		})
	}
}

// requireAllPassed requires that every rule was asked and passed, but for the one
// that compares runs.
func requireAllPassed(t *testing.T, r *harness.Result) {
	t.Helper()
	for _, rule := range r.Rules {
		if rule.ID != "NI-1" {
			require.Equal(t, harness.Pass, rule.Verdict, "%+v", rule)
		}
	}
}
