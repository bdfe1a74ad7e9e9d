package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

// staticBuilt says that staticOnce was asked for.
var staticBuilt bool

// staticOnce builds the program as it can be the only file of an image.
var staticOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "crosstalk-static-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "crosstalk")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build crosstalk: %w: %s", err, out)
	}
	return binary, nil
})

// containerised is a command line of the static binary, with the clinic in
// containers. Without an engine the test is skipped, or fails where one is
// required.
func containerised(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	if reason, required := container.SkipReason(t.Context()); reason != "" {
		if required {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	staticBuilt = true
	binary, err := staticOnce()
	require.NoError(t, err)
	cmd := command(t, dir, append(args, "--target", containerClinic)...)
	cmd.Path = binary
	return cmd
}

// containersOf lists the containers that a process owns.
func containersOf(t *testing.T, pid int) []string {
	t.Helper()
	engine, err := client.New(client.FromEnv)
	require.NoError(t, err)
	defer engine.Close()
	filters := make(client.Filters).Add("label", fmt.Sprintf("crosstalk.owner.pid=%d", pid))
	found, err := engine.ContainerList(context.Background(), client.ContainerListOptions{All: true, Filters: filters})
	require.NoError(t, err)
	ids := []string{}
	for _, c := range found.Items {
		ids = append(ids, c.ID)
	}
	return ids
}

// TestContainers is one test, so that the image is built once, and what kills
// runs comes before what takes the machine for itself.
func TestContainers(t *testing.T) {
	t.Parallel()
	for _, step := range []struct {
		name string
		test func(*testing.T)
	}{
		{"a trace is replayed with a binary that is named", testNamedBinary},
		{"recordings survive a restart", testRestartKeepsRecordings},
		{"a signal leaves no container", testSignalLeavesNoContainer},
		{"a second signal leaves no container", testSecondSignal},
		{"what a killed run leaves is removed by the next", testKilledRunIsSwept},
		{"a violation is found and reduced", testViolationInContainers},
	} {
		t.Run(step.name, step.test)
	}
}

func testNamedBinary(t *testing.T) {
	named := containerised(t, t.TempDir(), "replay", "gp-app-2020-06-09", "--fault", "switch-drops-filter")
	args := append(named.Args[1:], "--clinic-binary", named.Path)
	cmd := command(t, named.Dir, args...)
	out := finish(t, cmd)
	require.Equal(t, exitViolation, out.code, out.stderr)
	require.Contains(t, out.stdout, "LIST-1")
	require.Empty(t, containersOf(t, cmd.Process.Pid))
}

// restarted restarts a clinic in the middle of a consultation and after it.
const restarted = `alice = patient()
dr1 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
alice.speak(b1)
service.restart()
alice.speak(b1)
alice.leave(b1)
service.restart()
alice.list()
alice.play(b1.r1)
`

func testRestartKeepsRecordings(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "restarted.trace"), []byte(restarted), 0o600))
	cmd := containerised(t, dir, "replay", "restarted.trace")
	out := finish(t, cmd)
	require.Equal(t, exitConformant, out.code, out.stdout+out.stderr)
	require.Contains(t, out.stdout, "ok 512 of 512 bytes b1")
	require.Empty(t, containersOf(t, cmd.Process.Pid))
}

func testSignalLeavesNoContainer(t *testing.T) {
	dir := t.TempDir()
	long := start(t, containerised(t, dir, "run", "--traces", "1000000", "--out", "out"))
	whileExploring(t, filepath.Join(dir, "out"))
	require.NotEmpty(t, containersOf(t, long.Process.Pid))
	out := long.end(t, syscall.SIGTERM)
	require.Equal(t, exitInterrupted, out.code, out.stderr)
	require.Empty(t, containersOf(t, long.Process.Pid))
	require.Equal(t, evidence.Interrupted, resultsOf(t, filepath.Join(dir, "out")).End)
	logs, err := filepath.Glob(filepath.Join(dir, "out", evidence.LogsDir, "*.log"))
	require.NoError(t, err)
	require.NotEmpty(t, logs, "the containers' logs are kept")
}

func testSecondSignal(t *testing.T) {
	dir := t.TempDir()
	long := start(t, containerised(t, dir, "run", "--traces", "1000000", "--out", "out"))
	whileExploring(t, filepath.Join(dir, "out"))
	out := long.end(t, syscall.SIGINT, syscall.SIGINT)
	require.Equal(t, exitInterrupted, out.code, out.stderr)
	require.Empty(t, containersOf(t, long.Process.Pid))
}

func testKilledRunIsSwept(t *testing.T) {
	dir := t.TempDir()
	long := start(t, containerised(t, dir, "run", "--traces", "1000000", "--out", "out"))
	whileExploring(t, filepath.Join(dir, "out"))
	long.end(t, syscall.SIGKILL)
	require.NotEmpty(t, containersOf(t, long.Process.Pid))
	require.Equal(t, evidence.Running, resultsOf(t, filepath.Join(dir, "out")).End)

	next := finish(t, containerised(t, dir, "replay", "gp-app-2020-06-09"))
	require.Equal(t, exitConformant, next.code, next.stderr)
	require.Empty(t, containersOf(t, long.Process.Pid))
}

func testViolationInContainers(t *testing.T) {
	if testing.Short() {
		t.Skip("reducing starts some thirty containers")
	}
	dir := t.TempDir()
	cmd := containerised(t, dir, "run", "--fault", "cache-by-url", "--seed", "1", "--out", "out") // reduced in half as many replays as others
	out := finish(t, cmd)
	require.Equal(t, exitViolation, out.code, out.stderr)
	require.True(t, strings.HasPrefix(out.stdout, "VIOLATION  LIST-1"), out.stdout)
	require.LessOrEqual(t, len(traceIn(t, filepath.Join(dir, "out", evidence.MinimalTrace)).Ops), 12)
	require.Empty(t, containersOf(t, cmd.Process.Pid))
}
