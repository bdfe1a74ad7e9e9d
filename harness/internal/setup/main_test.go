package setup_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/setup"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if binary, err := deskOnce(); err == nil {
		os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

// deskOnce builds the service of these tests, static, so that it is an image of
// its own.
var deskOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "crosstalk-desk-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "desk")
	build := exec.Command("go", "build", "-o", binary, "./testdata/desk")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build desk: %w: %s", err, out)
	}
	return binary, nil
})

func deskBinary(t *testing.T) string {
	t.Helper()
	binary, err := deskOnce()
	require.NoError(t, err)
	return binary
}

// requireEngine skips the test where there is no engine, or fails it where one is
// required.
func requireEngine(t testing.TB) {
	t.Helper()
	reason, required := container.SkipReason(t.Context())
	if reason == "" {
		return
	}
	if required {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// options give a test a fleet of its own.
func options(t testing.TB) setup.Options {
	fleet := sync.OnceValue(func() *container.Fleet {
		fleet := container.NewFleet("", nil)
		t.Cleanup(func() { require.NoError(t, fleet.Close()) })
		return fleet
	})
	return setup.Options{Fleet: func(context.Context) (*container.Fleet, error) { return fleet(), nil }}
}

// written writes a file with this target, and reads it. Of an adapter's the file
// says nothing else.
func written(t *testing.T, target string) *config.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crosstalk.yaml")
	text := "version: 1\ntarget:\n  " + strings.ReplaceAll(strings.TrimSpace(target), "\n", "\n  ") + "\n"
	if !strings.HasPrefix(target, "process:") {
		text += "auth: {operator: {bearer: \"${TOKEN:-letmein}\"}}\n" +
			"operations: {patient: {as: anyone, method: POST, path: /patients, form: {name: \"{{.name}}\"}}}\n"
	}
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	f, err := config.Load(path, func(string) (string, bool) { return "", false })
	require.NoError(t, err, text)
	return f
}

// opened is a service that is closed with the test.
func opened(t *testing.T, f *config.File) *setup.Service {
	t.Helper()
	s, err := setup.Open(t.Context(), f, options(t))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// launched is a launch of a service. It is closed with the test, and may be
// before.
func launched(t *testing.T, l targets.Launcher) targets.Target {
	t.Helper()
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = target.Close() })
	return target
}

// apply performs an operation in a world that every launch calls the same.
func apply(t *testing.T, target targets.Target, op models.Operation) (models.Response, error) {
	t.Helper()
	world, err := target.Open(t.Context(), "w1")
	require.NoError(t, err)
	return world.Apply(t.Context(), models.Call{Step: 1, Op: op})
}

// register registers the same patient each time, who is known to a service that
// has not forgotten everybody.
func register(t *testing.T, target targets.Target) models.Outcome {
	t.Helper()
	r, err := apply(t, target, models.Patient{Name: "alice"})
	require.NoError(t, err)
	return r.Outcome
}

// running starts the service as a process, and returns its URL.
func running(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(deskBinary(t))
	cmd.Env = append(os.Environ(), "ADDRESS=127.0.0.1:0", "TOKEN=letmein")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	return "http://" + strings.TrimSpace(address)
}
