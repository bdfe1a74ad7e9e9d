package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
)

func TestAViolationIsFoundReducedAndReplayed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := crosstalk(t, dir, "run", "--fault", "switch-drops-filter", "--seed", "1", "--out", "out")
	require.Equal(t, exitViolation, out.code, out.stderr)
	require.Contains(t, out.stdout, "VIOLATION  LIST-1: ")
	require.Contains(t, out.stdout, "crosstalk replay out/minimal.trace --fault switch-drops-filter\n")

	r := resultsOf(t, filepath.Join(dir, "out"))
	require.True(t, r.Complete)
	require.Equal(t, judge.Violated, r.Verdict)
	require.Equal(t, exitViolation, *r.ExitCode)
	require.True(t, r.Minimal.Proven)
	minimal := filepath.Join("out", evidence.MinimalTrace)
	require.LessOrEqual(t, len(traceIn(t, filepath.Join(dir, minimal)).Ops), 12)
	require.FileExists(t, filepath.Join(dir, "out", evidence.JUnitFile))

	again := crosstalk(t, dir, strings.Fields(strings.TrimPrefix(r.Commands.Replay, "crosstalk "))...)
	require.Equal(t, exitViolation, again.code, again.stderr)
	require.Contains(t, again.stdout, "<- LIST-1 presented")
	well := crosstalk(t, dir, "replay", minimal)
	require.Equal(t, exitConformant, well.code, well.stdout)
	require.Contains(t, well.stdout, "NO VIOLATION")

	repeated := crosstalk(t, dir, append(strings.Fields(strings.TrimPrefix(r.Commands.Repeat, "crosstalk ")), "--json")...)
	require.Equal(t, exitViolation, repeated.code, repeated.stderr)
	var second results.Results
	require.NoError(t, json.Unmarshal([]byte(repeated.stdout), &second))
	require.Equal(t, r.Minimal.Trace, second.Minimal.Trace, "the same seed finds the same")
}

func TestAScenarioIsReplayedAndReduced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	well := crosstalk(t, dir, "replay", "gp-app-2020-06-09")
	require.Equal(t, exitConformant, well.code, well.stdout)
	ill := crosstalk(t, dir, "replay", "gp-app-2020-06-09", "--fault", "switch-drops-filter")
	require.Equal(t, exitViolation, ill.code, ill.stdout)

	reduced := crosstalk(t, dir, "reduce", "gp-app-2020-06-09", "--fault", "switch-drops-filter", "--out", "out")
	require.Equal(t, exitViolation, reduced.code, reduced.stderr)
	require.Contains(t, reduced.stdout, "Certificate")
	require.LessOrEqual(t, len(traceIn(t, filepath.Join(dir, "out", evidence.MinimalTrace)).Ops), 12)
	nothing := crosstalk(t, dir, "reduce", "gp-app-2020-06-09")
	require.Equal(t, exitConformant, nothing.code, nothing.stderr)
	require.Contains(t, nothing.stdout, "there is nothing to reduce")
}

func TestTheCorrectClinicConforms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := crosstalk(t, dir, "run", "--traces", "300", "--seed", "1", "--json")
	require.Equal(t, exitConformant, out.code, out.stderr)
	runs, err := filepath.Glob(filepath.Join(dir, "crosstalk-out", "*-clinic"))
	require.NoError(t, err)
	require.Len(t, runs, 1)
	file, err := os.ReadFile(filepath.Join(runs[0], evidence.ResultsFile))
	require.NoError(t, err)
	require.Equal(t, string(file), out.stdout, "standard output has results.json and nothing else")
	require.Contains(t, out.stderr, "from seed 1")
}

func TestTooFewTracesAreInconclusive(t *testing.T) {
	t.Parallel()
	out := crosstalk(t, t.TempDir(), "run", "--traces", "1", "--seed", "1")
	require.Equal(t, judge.Inconclusive.ExitCode(), out.code, out.stderr)
	require.Contains(t, out.stdout, "This is not a pass")
}

func TestATimeBudgetEndsARun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := crosstalk(t, dir, "run", "--time", "2s", "--out", "out")
	require.Contains(t, []int{exitConformant, judge.Inconclusive.ExitCode()}, out.code, out.stderr)
	r := resultsOf(t, filepath.Join(dir, "out"))
	require.True(t, r.Complete)
	require.Positive(t, r.Traces)
}

func TestASignalLeavesTheResultsSoFar(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			long := start(t, command(t, dir, "run", "--traces", "1000000", "--out", "out"))
			whileExploring(t, filepath.Join(dir, "out"))
			out := long.end(t, signal)
			require.Equal(t, exitInterrupted, out.code, out.stderr)
			require.Contains(t, out.stdout, "INTERRUPTED")
			r := resultsOf(t, filepath.Join(dir, "out"))
			require.False(t, r.Complete)
			require.Equal(t, evidence.Interrupted, r.End)
			require.Equal(t, exitInterrupted, *r.ExitCode)
			require.Positive(t, r.Traces)
		})
	}
}

func TestAKilledRunLeavesReadableFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := start(t, command(t, dir, "run", "--traces", "1000000", "--out", "out"))
	whileExploring(t, filepath.Join(dir, "out"))
	long.end(t, syscall.SIGKILL)
	r := resultsOf(t, filepath.Join(dir, "out"))
	require.False(t, r.Complete)
	require.Equal(t, evidence.Running, r.End)
	require.Nil(t, r.ExitCode)
	require.Positive(t, r.Traces)
	require.Positive(t, r.Rules[0].Checks, "the rules' counts so far are there")

	file, err := os.Open(filepath.Join(dir, "out", evidence.HistoryFile))
	require.NoError(t, err)
	defer file.Close()
	traces, err := history.ReadLog(file)
	require.NoError(t, err)
	require.NotEmpty(t, traces)
	for _, logged := range traces {
		require.Empty(t, judge.Check(&logged.History).Violations)
	}
}

func TestARunningServiceIsExplored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	clinic := command(t, dir, "clinic", "--addr", "127.0.0.1:0", "--fault", "bola")
	clinic.Env = append(clinic.Env, fastPasswordsVariable+"=1")
	stdout, err := clinic.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, clinic.Start())
	defer clinic.Process.Kill()
	said := bufio.NewReader(stdout)
	url, token := after(t, said, "clinic: "), after(t, said, "operator token: ")

	explore := func(args ...string) output {
		cmd := command(t, dir, append([]string{"run", "--target", "rest:" + url}, args...)...)
		cmd.Env = append(cmd.Env, operatorTokenVariable+"="+token)
		return finish(t, cmd)
	}
	found := explore("--seed", "1")
	require.Equal(t, exitViolation, found.code, found.stderr)
	require.Contains(t, found.stdout, "READ-1")

	strangers := crosstalk(t, dir, "run", "--target", "rest:"+url, "--traces", "10")
	require.Equal(t, judge.Inconclusive.ExitCode(), strangers.code, strangers.stderr)
	require.Contains(t, strangers.stdout, "Never answered ok: clinician")

	require.NoError(t, clinic.Process.Signal(syscall.SIGTERM))
	require.NoError(t, clinic.Wait(), "a clinic that is told to end has done its work")
	gone := explore()
	require.Equal(t, exitUnreachable, gone.code, gone.stderr)
}

// after reads a line and returns what follows a prefix.
func after(t *testing.T, r *bufio.Reader, prefix string) string {
	t.Helper()
	line, err := r.ReadString('\n')
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(line, prefix), line)
	return strings.TrimSpace(strings.TrimPrefix(line, prefix))
}

func TestAServiceThatDiesIsUnreachable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	clinic := command(t, dir, "clinic", "--addr", "127.0.0.1:0")
	clinic.Env = append(clinic.Env, fastPasswordsVariable+"=1", operatorTokenVariable+"=t")
	stdout, err := clinic.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, clinic.Start())
	defer clinic.Process.Kill()
	url := after(t, bufio.NewReader(stdout), "clinic: ")

	cmd := command(t, dir, "run", "--target", "rest:"+url, "--traces", "1000000", "--out", "out")
	cmd.Env = append(cmd.Env, operatorTokenVariable+"=t")
	long := start(t, cmd)
	whileExploring(t, filepath.Join(dir, "out"))
	require.NoError(t, clinic.Process.Kill())
	out := long.end(t)
	require.Equal(t, exitUnreachable, out.code, out.stderr)
	r := resultsOf(t, filepath.Join(dir, "out"))
	require.Equal(t, evidence.Failed, r.End)
	require.Contains(t, r.Error, "unreachable")
	require.Contains(t, out.stderr, r.Error)
}

func TestFaultsAreFoundOrNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := crosstalk(t, dir, "faults", "bola", "switch-drops-filter", "--seed", "1", "--json")
	require.Equal(t, exitConformant, out.code, out.stderr)
	var table proof.Table
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &table))
	require.Equal(t, 2, table.Convincing())
	require.Equal(t, "READ-1", table.Rows[0].Runs[0].Rule)
	require.LessOrEqual(t, table.Rows[1].Runs[0].Minimal, 12)

	out = crosstalk(t, dir, "faults", "second-switch", "--seed", "1", "--traces", "1")
	require.Equal(t, exitViolation, out.code, out.stderr)
	require.Contains(t, out.stdout, "0 of 1 faults found")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "the table is all there is")
}
