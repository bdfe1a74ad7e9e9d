package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/diff"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
)

func TestASavedRunIsReportedAgainAndComparedWithItsFix(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := crosstalk(t, dir, "run", "--fault", "switch-drops-filter", "--seed", "1", "--out", "before")
	require.Equal(t, exitViolation, out.code, out.stderr)
	out = crosstalk(t, dir, "report", "before", "--aware-at", "2026-01-02T15:04:05+01:00", "--names", "--out", "incident")
	require.Zero(t, out.code, out.stderr)
	require.Contains(t, out.stdout, "verdict  violation, as saved")
	require.NotContains(t, out.stdout, "changed")
	for _, name := range []string{evidence.ResultsFile, evidence.JUnitFile, evidence.SARIFFile, evidence.SummaryFile, evidence.HTMLFile, evidence.MinimalTrace,
		evidence.MinimalHAR, evidence.ReproScript, evidence.ReproTest, evidence.ExposureCSV, evidence.ExposureJSON} {
		require.FileExists(t, filepath.Join(dir, "incident", name))
		require.FileExists(t, filepath.Join(dir, "before", name))
	}
	notice, err := os.ReadFile(filepath.Join(dir, "incident", evidence.Article33))
	require.NoError(t, err)
	require.Contains(t, string(notice), "2026-01-05 14:04:05 UTC (2026-01-05T15:04:05+01:00)")
	text, err := os.ReadFile(filepath.Join(dir, "incident", evidence.ExposureJSON))
	require.NoError(t, err)
	var pack exposure.Pack
	require.NoError(t, json.Unmarshal(text, &pack))
	require.NotEmpty(t, pack.Exposures)
	require.NotEmpty(t, pack.Exposures[0].RequestIDs, "under which the service's logs have them")
	require.Positive(t, pack.Levels[1].Subjects.AtLeast)

	out = crosstalk(t, dir, "run", "--seed", "1", "--traces", "60", "--out", "after")
	require.NotEqual(t, exitViolation, out.code, out.stderr)
	out = crosstalk(t, dir, "diff", "before", "after")
	require.Zero(t, out.code, out.stderr)
	require.Contains(t, out.stdout, "LIST-1 presented by")
	out = crosstalk(t, dir, "diff", "after", "before", "--json")
	require.Equal(t, exitViolation, out.code, out.stderr)
	var d diff.Diff
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &d))
	require.Equal(t, []string{"LIST-1"}, d.Broken)
}

func TestAKilledRunIsReported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := start(t, command(t, dir, "run", "--traces", "1000000", "--out", "out"))
	whileExploring(t, filepath.Join(dir, "out"))
	long.end(t, syscall.SIGKILL)
	out := crosstalk(t, dir, "report", "out")
	require.Zero(t, out.code, out.stderr)
	require.Contains(t, out.stdout, "the run did not come to its end (running)")
	require.FileExists(t, filepath.Join(dir, "out", evidence.HTMLFile))
	r := resultsOf(t, filepath.Join(dir, "out"))
	require.False(t, r.Complete)
	require.Positive(t, r.Rules[0].Checks)
}

func TestReportAndDiffRefuseWhatIsNoRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for line, message := range map[string]string{
		"report .":                 "crosstalk: . is no run of crosstalk: there is no results.json in it; name a directory that crosstalk run or reduce has written\n",
		"report":                   "crosstalk: report: expected the directory of a run, and got 0; see crosstalk report --help\n",
		"diff .":                   "crosstalk: diff: expected the directories of 2 runs, and got 1; see crosstalk diff --help\n",
		"diff . nowhere":           "crosstalk: . is no run of crosstalk: there is no results.json in it; name a directory that crosstalk run or reduce has written\n",
		"report . --aware-at noon": "crosstalk: --aware-at: expected a time as in 2026-01-02T15:04:05Z (RFC 3339, with a zone), got \"noon\"\n",
	} {
		out := crosstalk(t, dir, strings.Fields(line)...)
		require.Equal(t, exitConfiguration, out.code, line)
		require.Equal(t, message, out.stderr)
	}
}
