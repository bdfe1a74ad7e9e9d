package rundir_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

// results reads results.json of a run's directory.
func resultsIn(t *testing.T, dir string) (out results.Results) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, evidence.ResultsFile))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

func TestADirectoryIsReadableFromTheFirstMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "run")
	final := samples.Violated(t)
	dir, err := rundir.Create(path, evidence.Run{Result: harness.Result{Target: "clinic", Seed: 7}})
	require.NoError(t, err)
	got := resultsIn(t, path)
	require.False(t, got.Complete)
	require.Equal(t, evidence.Running, got.End)
	require.Nil(t, got.ExitCode)
	require.FileExists(t, filepath.Join(path, evidence.HistoryFile))

	found := final.Result
	found.Minimal = nil
	dir.Found(&found)
	got = resultsIn(t, path)
	require.False(t, got.Complete)
	require.Equal(t, "LIST-1", got.Found.Violation.Rule)
	require.Equal(t, 8, len(samples.ReadTrace(t, path, evidence.FoundTrace).Ops))

	require.NoError(t, dir.Finish(final))
	got = resultsIn(t, path)
	require.True(t, got.Complete)
	require.Equal(t, 1, *got.ExitCode)
	require.True(t, got.Minimal.Proven)
	require.Equal(t, "crosstalk replay "+path+"/minimal.trace --fault x", got.Commands.Replay)
	require.FileExists(t, filepath.Join(path, evidence.JUnitFile))
	minimal := samples.ReadTrace(t, path, evidence.MinimalTrace)
	require.Equal(t, []string{"target: clinic", "violation: LIST-1 presented by list", "replay: " + got.Commands.Replay}, minimal.Notes)
	entries, err := os.ReadDir(path)
	require.NoError(t, err)
	for _, e := range entries {
		require.False(t, strings.HasPrefix(e.Name(), "."), "%s is left over", e.Name())
	}
}

func TestAnEarlierRunIsNeverOverwritten(t *testing.T) {
	path := t.TempDir()
	dir, err := rundir.Create(path, evidence.Run{})
	require.NoError(t, err)
	require.NoError(t, dir.Finish(samples.Violated(t)))
	before := resultsIn(t, path)
	_, err = rundir.Create(path, evidence.Run{})
	require.ErrorIs(t, err, rundir.ErrTaken)
	require.Equal(t, before, resultsIn(t, path))
}

func TestProgressIsSavedNowAndThen(t *testing.T) {
	path := t.TempDir()
	dir, err := rundir.Create(path, evidence.Run{})
	require.NoError(t, err)
	dir.Progress(harness.Progress{Traces: 5})
	require.Zero(t, resultsIn(t, path).Traces, "the last write is less than a second old")
	require.NoError(t, dir.Finish(samples.Violated(t)))
}

func TestADirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := rundir.Create(filepath.Join(file, "run"), evidence.Run{})
	require.ErrorContains(t, err, "make the run's directory")
}

func TestTheTraceSaysWhichLinesArePerhapsNotNeeded(t *testing.T) {
	path := t.TempDir()
	dir, err := rundir.Create(path, evidence.Run{})
	require.NoError(t, err)
	final := samples.Violated(t)
	row := &final.Minimal.Certificate.Without[2]
	row.Whole, row.P, row.Perhaps = &reduce.Rate{Failed: 4, Runs: 60}, 0.06, true
	require.NoError(t, dir.Finish(final))
	got := resultsIn(t, path)
	require.False(t, got.Minimal.Proven)
	require.Equal(t, final.Minimal.Certificate, got.Minimal.Certificate)
	text, err := os.ReadFile(filepath.Join(path, evidence.MinimalTrace))
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), "//"))
	require.Contains(t, string(text), "\ndr1 = clinician()          // perhaps not needed\n")
	require.True(t, samples.ReadTrace(t, path, evidence.MinimalTrace).Equal(final.Minimal.Trace))
}
