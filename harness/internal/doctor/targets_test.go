package doctor_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/doctor"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/container"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

const operatorToken = "for-conformance-tests-only"

// startClinic starts a reference clinic on a port of its own.
func startClinic(t *testing.T) *clinic.Server {
	t.Helper()
	s, err := clinic.Start(t.Context(), "127.0.0.1:0", clinic.Config{OperatorToken: operatorToken, PasswordParams: clinic.FastPasswords()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestAServiceWithTheConformanceAPIIsHealthy(t *testing.T) {
	target, err := rest.New(rest.Config{URL: startClinic(t).URL, OperatorToken: operatorToken})
	require.NoError(t, err)
	r, text := examine(t, doctor.Patient{Launcher: targets.Shared(target)})
	require.True(t, r.Healthy(), text)
	require.Contains(t, text, "the service is not reset")
}

// stricter is a launcher that says that patients register later than they do.
type stricter struct{ targets.Launcher }

func (s stricter) Capabilities() models.Capabilities {
	c := s.Launcher.Capabilities()
	c.Policy.MinAge = 21
	return c
}

func (s stricter) Launch(ctx context.Context) (targets.Target, error) {
	t, err := s.Launcher.Launch(ctx)
	return strictTarget{t, s.Capabilities()}, err
}

type strictTarget struct {
	targets.Target
	caps models.Capabilities
}

func (s strictTarget) Capabilities() models.Capabilities { return s.caps }

func TestWithoutAFileOnlyReasonsAreGiven(t *testing.T) {
	r, text := examine(t, doctor.Patient{Launcher: stricter{clinic.Launcher{}}})
	require.False(t, r.Healthy(), text)
	require.Contains(t, text, "-> it says that patients register from 21\n")
	require.NotContains(t, text, "correct first")
}

// adapterFile writes a file whose service is an adapter.
func adapterFile(t *testing.T, command, environment string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crosstalk.yaml")
	text := fmt.Sprintf("version: 1\ntarget:\n  process:\n    command: %s\n    environment: %s\n", command, environment)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// pythonAdapter is the example adapter as a command, with the variables by which
// it finds a clinic.
func pythonAdapter(t *testing.T) (command, environment string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skipf("the example needs Python 3: %v", err)
	}
	adapter, err := filepath.Abs("../../../targets/process/example/adapter.py")
	require.NoError(t, err)
	return fmt.Sprintf("[python3, %q]", adapter), fmt.Sprintf("{CLINIC_URL: %q, CLINIC_OPERATOR_TOKEN: %q", startClinic(t).URL, operatorToken)
}

func TestAnAdapterIsHealthy(t *testing.T) {
	command, environment := pythonAdapter(t)
	d := diagnose(t.Context(), adapterFile(t, command, environment+"}"), nil, nil)
	require.Contains(t, d.text, " 0 wrong,")
	require.Zero(t, d.first, d.text)
}

func TestAnAdapterIsNamedForWhatItSays(t *testing.T) {
	command, environment := pythonAdapter(t)
	_, another := pythonAdapter(t)
	wrong := map[string]struct{ file, says string }{
		"there is no such program":   {adapterFile(t, "[./no-such-adapter]", "{}"), "no-such-adapter"},
		"it ends at once":            {adapterFile(t, `["false"]`, "{}"), "exited with code 1"},
		"it declares another age":    {adapterFile(t, command, environment+`, CLINIC_POLICY: '{"minAge": 21}'}`), "policy.min_age"},
		"it reaches no service":      {adapterFile(t, command, `{CLINIC_URL: "http://127.0.0.1:9"}`), "patient"},
		"it has no operator's token": {adapterFile(t, command, strings.Replace(another, operatorToken, "x", 1)+"}"), "dr1 = clinician(): expected ok, got denied"},
	}
	for name, c := range wrong {
		t.Run(name, func(t *testing.T) {
			d := diagnose(t.Context(), c.file, nil, nil)
			t.Log("\n" + trouble(d.text))
			require.Equal(t, 4, d.first.Line, d.text)
			require.Contains(t, d.text, c.says)
		})
	}
}

// contained changes the right file to one whose service runs in a container.
func contained(t *testing.T, target string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "visits.yaml"))
	require.NoError(t, err)
	out := strings.Replace(string(text), "  url: http://${VISITS_ADDRESS}\n", target, 1)
	path := filepath.Join(t.TempDir(), "crosstalk.yaml")
	require.NoError(t, os.WriteFile(path, []byte(out), 0o600))
	return path
}

func TestAServiceInAContainerIsNamedAtItsLine(t *testing.T) {
	if reason, required := container.SkipReason(t.Context()); reason != "" {
		require.False(t, required, reason)
		t.Skip(reason)
	}
	binary, err := visitsBinary()
	require.NoError(t, err)
	fleet := container.NewFleet("", nil)
	defer func() { require.NoError(t, fleet.Close()) }()
	build := fmt.Sprintf("  build: {binary: %q}\n", binary)
	for _, c := range []struct {
		name, target, without string
		line                  int
	}{
		{"healthy", build + "  command: [-listen, 0.0.0.0:8080]\n", "", 0},
		{"an image that does not exist", "  image: localhost:9/no/such:image\n", "", 7},
		{"a command that is none", build + "  command: [-listn, 0.0.0.0:8080]\n", "", 8},
		{"a service that listens to itself alone", build + "  ready: {path: /v3/status, within: 2s}\n", "  ready: {path: /v3/status}\n", 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := contained(t, c.target)
			if c.without != "" {
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), c.without, "", 1)), 0o600))
			}
			d := diagnose(t.Context(), path, env(""), func(context.Context) (*container.Fleet, error) { return fleet, nil })
			t.Log("\n" + trouble(d.text))
			require.Equal(t, c.line, d.first.Line, d.text)
		})
	}
}
