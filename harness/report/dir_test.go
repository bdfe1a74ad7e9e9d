package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
)

// results reads results.json of a run's directory.
func results(t *testing.T, dir string) (out report.Results) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, report.ResultsFile))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

func TestADirectoryIsReadableFromTheFirstMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "run")
	final := violated(t)
	dir, err := report.Create(path, report.Run{Result: harness.Result{Target: "clinic", Seed: 7}})
	require.NoError(t, err)
	got := results(t, path)
	require.False(t, got.Complete)
	require.Equal(t, report.Running, got.End)
	require.Nil(t, got.ExitCode)
	require.FileExists(t, filepath.Join(path, report.HistoryFile))

	found := final.Result
	found.Minimal = nil
	dir.Found(&found)
	got = results(t, path)
	require.False(t, got.Complete)
	require.Equal(t, "LIST-1", got.Found.Violation.Rule)
	require.Equal(t, 8, len(readTrace(t, path, report.FoundTrace).Ops))

	require.NoError(t, dir.Finish(final))
	got = results(t, path)
	require.True(t, got.Complete)
	require.Equal(t, 1, *got.ExitCode)
	require.True(t, got.Minimal.Proven)
	require.Equal(t, "crosstalk replay "+path+"/minimal.trace --fault x", got.Commands.Replay)
	require.FileExists(t, filepath.Join(path, report.JUnitFile))
	minimal := readTrace(t, path, report.MinimalTrace)
	require.Equal(t, []string{"target: clinic", "violation: LIST-1 presented by list", "replay: " + got.Commands.Replay}, minimal.Notes)
	entries, err := os.ReadDir(path)
	require.NoError(t, err)
	for _, e := range entries {
		require.False(t, strings.HasPrefix(e.Name(), "."), "%s is left over", e.Name())
	}
}

func readTrace(t *testing.T, dir, name string) models.Trace {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	trace, err := models.ParseFile(name, string(text))
	require.NoError(t, err)
	return trace
}

func TestAnEarlierRunIsNeverOverwritten(t *testing.T) {
	path := t.TempDir()
	dir, err := report.Create(path, report.Run{})
	require.NoError(t, err)
	require.NoError(t, dir.Finish(violated(t)))
	before := results(t, path)
	_, err = report.Create(path, report.Run{})
	require.ErrorIs(t, err, report.ErrTaken)
	require.Equal(t, before, results(t, path))
}

func TestProgressIsSavedNowAndThen(t *testing.T) {
	path := t.TempDir()
	dir, err := report.Create(path, report.Run{})
	require.NoError(t, err)
	dir.Progress(harness.Progress{Traces: 5})
	require.Zero(t, results(t, path).Traces, "the last write is less than a second old")
	require.NoError(t, dir.Finish(violated(t)))
}

func TestADirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := report.Create(filepath.Join(file, "run"), report.Run{})
	require.ErrorContains(t, err, "make the run's directory")
}
