package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// asCrosstalk has the test binary be the program.
const asCrosstalk = "CROSSTALK_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asCrosstalk) != "" {
		os.Exit(run(os.Args, os.Stdout, os.Stderr))
	}
	code := m.Run()
	if staticBuilt {
		if binary, err := staticOnce(); err == nil {
			os.RemoveAll(filepath.Dir(binary))
		}
	}
	os.Exit(code)
}

// patience bounds how long one command of the tests may take.
const patience = 2 * time.Minute

// command is a crosstalk command line in a directory, to be run as a process.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Args = append([]string{"crosstalk"}, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asCrosstalk+"=1", operatorTokenVariable+"=", clinicBinaryVariable+"=", fastPasswordsVariable+"=")
	return cmd
}

// output is what a command wrote, and its exit code.
type output struct {
	stdout, stderr string
	code           int
}

func finish(t *testing.T, cmd *exec.Cmd) output {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Start())
	return await(t, cmd, &stdout, &stderr)
}

// await waits for a command that writes to two buffers.
func await(t *testing.T, cmd *exec.Cmd, stdout, stderr *bytes.Buffer) output {
	t.Helper()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// crosstalk runs a command line in a directory to its end.
func crosstalk(t *testing.T, dir string, args ...string) output {
	t.Helper()
	return finish(t, command(t, dir, args...))
}

// started is a command that goes on.
type started struct {
	*exec.Cmd
	stdout, stderr *bytes.Buffer
}

func start(t *testing.T, cmd *exec.Cmd) started {
	t.Helper()
	s := started{cmd, new(bytes.Buffer), new(bytes.Buffer)}
	cmd.Stdout, cmd.Stderr = s.stdout, s.stderr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return s
}

func (s started) end(t *testing.T, signals ...syscall.Signal) output {
	t.Helper()
	for _, signal := range signals {
		require.NoError(t, s.Process.Signal(signal))
		time.Sleep(50 * time.Millisecond)
	}
	return await(t, s.Cmd, s.stdout, s.stderr)
}

// resultsOf reads the results of a run.
func resultsOf(t *testing.T, dir string) (out results.Results) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, evidence.ResultsFile))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &out), "%s", text)
	require.Equal(t, results.Schema, out.Schema)
	return out
}

// whileExploring waits until a run's history has grown to many lines.
func whileExploring(t *testing.T, dir string) {
	t.Helper()
	require.Eventually(t, func() bool {
		var so struct{ Traces int }
		text, err := os.ReadFile(filepath.Join(dir, evidence.ResultsFile))
		return err == nil && json.Unmarshal(text, &so) == nil && so.Traces > 0
	}, patience, 20*time.Millisecond)
}

func traceIn(t *testing.T, file string) models.Trace {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	trace, err := models.ParseFile(file, string(text))
	require.NoError(t, err)
	return trace
}

// panics panics when it is written to.
type panics struct{}

func (panics) Write([]byte) (int, error) { panic("no paper") }

func TestAPanicIsABugInTheHarness(t *testing.T) {
	var stderr strings.Builder
	require.Equal(t, exitBug, run([]string{"crosstalk", "rules"}, panics{}, &stderr))
	require.Contains(t, stderr.String(), "crosstalk: bug in the harness: panic: no paper\n")
}

func TestProgressIsToldOnLinesWhereThereIsNoTerminal(t *testing.T) {
	var stderr strings.Builder
	a := &app{stderr: &stderr}
	p := a.newProgress("bola: ", harness.Options{Traces: 13})
	require.Nil(t, p.live, "a buffer is no terminal")
	p.last = time.Time{}
	p.tell(harnessProgress(3))
	p.tell(harnessProgress(4))
	p.last = time.Time{}
	p.tell(harness.Progress{Phase: history.Reducing, Length: 12, Replays: 34, Elapsed: 2 * time.Second})
	p.done()
	require.Equal(t, "bola: exploring: 3 traces, 30 operations, 30 operations/s, 2 workers, 10 traces left (about 3s)\n"+
		"bola: reducing: 12 operations left, 34 replays, 2s\n", stderr.String(), "at most every five seconds")
}

func TestTheLiveLineIsTakenAway(t *testing.T) {
	var screen strings.Builder
	l := newLiveLine(&screen)
	l.show("exploring: 3 traces", 0.5)
	l.close()
	require.NotContains(t, screen.String(), "\n\n")
}

func TestTheBudgetIsToldByWhicheverBoundThereIs(t *testing.T) {
	now := harness.Progress{Phase: history.Exploring, Traces: 50, Elapsed: 10 * time.Second}
	require.Equal(t, "50s left", (&progress{budget: harness.Options{Time: time.Minute, Traces: 100}}).left(now))
	require.Equal(t, "50 traces left (about 10s)", (&progress{budget: harness.Options{Traces: 100}}).left(now))
	require.InDelta(t, 0.5, (&progress{budget: harness.Options{Traces: 100}}).share(now), 0.001)
	require.Equal(t, -1.0, (&progress{}).share(now))
}

var _ io.Writer = panics{}
