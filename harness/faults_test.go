package harness_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// allSeeds are five seeds, far enough apart that their traces are not the same.
var allSeeds = []int{1, 10_001, 20_001, 30_001, 40_001}

// The extent of the proof, which make proof gives as a whole.
var (
	seedCount   = flag.Int("seeds", 1, "look for each fault from so many of the five seeds")
	rightTraces = flag.Int("traces", 200, "explore each service that conforms with so many traces")
)

func faulty(f faults.Fault) clinic.Launcher {
	return clinic.Launcher{Configure: f.Apply, Label: "clinic --fault " + f.Slug}
}

// requireReplays requires that a minimal trace is certified, shows its
// violation on the clinic with the fault, and shows none on the correct one.
func requireReplays(t *testing.T, f faults.Fault, m *reduce.Minimal) {
	t.Helper()
	require.True(t, m.Proven())
	require.Equal(t, reduce.Rate{Failed: 3, Runs: 3}, m.Certificate.Runs)
	require.Contains(t, f.Rules, m.Violation.Rule)
	require.Empty(t, replay(t, clinic.Launcher{}, m.Trace, f).Violations, "on the correct clinic\n%s", m.Trace)
	verdict := replay(t, faulty(f), m.Trace, f)
	v, ok := verdict.Find(m.Violation.Signature)
	require.True(t, ok, "%s", m.Trace)
	require.Equal(t, len(m.Trace.Ops), v.Step, "the trace ends with the violation")
}

// replay runs a trace, looking for what a fault breaks.
func replay(t *testing.T, l clinic.Launcher, trace models.Trace, f faults.Fault) judge.Verdict {
	t.Helper()
	j := judge.NewJudge(context.Background(), l, 1, nil)
	j.Compare(harness.Options{}.For(f.Rules).Noninterference)
	got, err := j.Again(context.Background(), trace, history.Replaying)
	require.NoError(t, err)
	require.NoError(t, j.Close())
	return got.Verdict
}

// TestGoldenTraces is a regression test on top of the drawn ones: the minimal
// trace that was once found for each fault still shows it, and shows nothing on
// the correct clinic.
func TestGoldenTraces(t *testing.T) {
	for _, f := range faults.All() {
		t.Run(f.Slug, func(t *testing.T) {
			file := filepath.Join("testdata", "golden", f.Slug+".trace")
			if golden.Updating() {
				writeGolden(t, f, file)
			}
			text, err := os.ReadFile(file)
			require.NoError(t, err, "make golden writes it")
			trace, err := models.ParseFile(file, string(text))
			require.NoError(t, err)
			v, ok := func() (models.Violation, bool) { v := replay(t, faulty(f), trace, f); return v.Gravest() }()
			require.True(t, ok, "%s", trace)
			require.Contains(t, f.Rules, v.Rule)
			require.Empty(t, replay(t, clinic.Launcher{}, trace, f).Violations, "on the correct clinic")
		})
	}
}

func writeGolden(t *testing.T, f faults.Fault, file string) {
	t.Helper()
	r, err := harness.Explore(context.Background(), faulty(f), harness.Options{Traces: 1000, Seed: 1, Workers: 1}.For(f.Rules))
	require.NoError(t, err)
	require.NotNil(t, r.Minimal)
	trace := r.Minimal.Trace
	trace.Notes = []string{"target: " + faulty(f).Label, "shows: " + r.Minimal.Violation.Signature.String()}
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(trace.String()), 0o644))
}
