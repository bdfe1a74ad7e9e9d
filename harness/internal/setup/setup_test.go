package setup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/setup"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

func exclusive(s *setup.Service) bool {
	one, ok := s.Launcher.(targets.Exclusive)
	return ok && one.Exclusive()
}

func TestAContainerIsResetAndRestartedAsTheFileSays(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	for name, tt := range map[string]struct {
		how                         string
		fresh, exclusive, restarted bool
		again                       models.Outcome
	}{
		"by a new container, if it says nothing": {"restart: container", true, false, true, models.OK},
		"not at all":                             {"reset: none", false, true, false, models.Conflict},
		"by a command":                           {"reset: {exec: [/service, reset]}\nrestart: {exec: [/service, reset]}", true, true, true, models.OK},
		"by a request": {"reset: {http: {method: POST, path: /reset}}\nrestart: {http: {method: POST, path: /restart}}",
			true, true, true, models.OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, written(t, "build: {binary: "+deskBinary(t)+"}\n"+tt.how))
			require.Equal(t, tt.fresh, s.Fresh())
			require.Equal(t, tt.exclusive, exclusive(s))
			require.Equal(t, tt.restarted, s.Capabilities().Supports(models.KindRestart))
			require.Empty(t, s.Digest(), "no container was started")
			first := launched(t, s)
			require.Regexp(t, "^sha256:", s.Digest())
			require.Equal(t, models.OK, register(t, first))
			require.Equal(t, models.Conflict, register(t, first))
			if tt.restarted {
				requireRestarted(t, first)
			}
			require.NoError(t, first.Close())
			require.Equal(t, tt.again, register(t, launched(t, s)))
		})
	}
}

// requireRestarted restarts a service that does not remember beyond that.
func requireRestarted(t *testing.T, target targets.Target) {
	t.Helper()
	r, err := apply(t, target, models.Restart{})
	require.NoError(t, err)
	require.Equal(t, models.OK, r.Outcome)
	require.Equal(t, models.OK, register(t, target))
}

func TestAnImageIsStartedWithServicesBesideIt(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	image, err := container.BuildStatic(t.Context(), deskBinary(t), "desk")
	require.NoError(t, err)
	seed := filepath.Join(t.TempDir(), "seed")
	require.NoError(t, os.WriteFile(seed, []byte("x"), 0o600))
	s := opened(t, written(t, `
name: acme
version: "2.3"
image: `+image.Ref+`
port: 9000
environment: {ADDRESS: ":9000", BESIDE: "db:5432"}
files: [{from: `+seed+`, to: /data/seed}]
services:
  db: {image: `+image.Ref+`, environment: {ADDRESS: ":5432"}, port: 5432, ready: {tcp: true}}
`))
	require.Equal(t, "acme", s.Name())
	require.Equal(t, "image "+image.Ref, s.Reached)
	require.Equal(t, "2.3", s.Version)
	require.Equal(t, models.OK, register(t, launched(t, s)), "it reaches the service beside it")
}

func TestWhatTheFileDoesNotSayCannotBeDone(t *testing.T) {
	t.Parallel()
	s := opened(t, written(t, "url: "+running(t)))
	require.False(t, s.Capabilities().Supports(models.KindRestart))
	require.False(t, s.Fresh())
}

func TestARunningServiceIsResetAndRestartedByRequests(t *testing.T) {
	t.Parallel()
	s := opened(t, written(t, "url: "+running(t)+`
reset: {http: {method: POST, path: /reset}}
restart: {http: {method: POST, path: /restart}}`))
	require.True(t, s.Fresh())
	require.True(t, exclusive(s))
	target := launched(t, s)
	require.Equal(t, models.OK, register(t, target))
	require.Equal(t, models.Conflict, register(t, target))
	requireRestarted(t, target)
	require.NoError(t, target.Close())
	require.Equal(t, models.OK, register(t, launched(t, s)), "the operator's token is sent with the reset")
}

func TestOperationsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	f := written(t, "url: "+running(t)+"\nrestart: {http: {method: POST, path: /restart}}")
	f.Run.Without = []models.Kind{models.KindRestart}
	s := opened(t, f)
	require.False(t, s.Capabilities().Supports(models.KindRestart))
	require.True(t, s.Capabilities().Supports(models.KindPatient))
}

func TestTheValueThatIsToBlameIsNamed(t *testing.T) {
	t.Parallel()
	url := "url: " + running(t) + "\n"
	for name, tt := range map[string]struct{ target, blamed, says string }{
		"nobody listens":          {"url: http://127.0.0.1:1", "target.url", "start the service, or correct target.url"},
		"a reset is not there":    {url + "reset: {http: {method: POST, path: /resett}}", "target.reset", "missing (404)"},
		"a reset is refused":      {url + "reset: {http: {as: anyone, method: POST, path: /reset}}", "target.reset", "denied (403)"},
		"an adapter is not there": {"process: {command: [./no-such-adapter]}", "target.process.command", "no-such-adapter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireBlamed(t, tt.target, tt.blamed, tt.says)
		})
	}
}

func TestTheValueThatIsToBlameForAContainerIsNamed(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	build := "build: {binary: " + deskBinary(t) + "}\n"
	for name, tt := range map[string]struct{ target, blamed, says string }{
		"a binary is not there": {"build: {binary: /no/such/binary}", "target.build.binary", "/no/such/binary"},
		"it never gets ready":   {build + "ready: {path: /nowhere, within: 500ms}", "target.ready", "404"},
		"a command resets":      {build + "reset: {exec: [/service, fail]}", "target.reset.exec", "/service fail exited with 7: told to fail"},
		"a request that resets": {build + "reset: {http: {method: POST, path: /resett}}", "target.reset", "missing (404)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireBlamed(t, tt.target, tt.blamed, tt.says)
		})
	}
}

// requireBlamed requires that a service cannot be opened and launched, for which
// a value of the file at a key, or below it, is to blame.
func requireBlamed(t *testing.T, target, key, says string) {
	t.Helper()
	s, err := setup.Open(t.Context(), written(t, target), options(t))
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
		_, err = s.Launch(t.Context())
	}
	require.ErrorContains(t, err, says)
	requireBelow(t, key, setup.Blame(err))
}

func requireBelow(t *testing.T, key, got string) {
	t.Helper()
	require.True(t, strings.HasPrefix(got+".", key+"."), "expected %s to be blamed, got %s", key, got)
}

func TestAFailedRestartBlamesItsKey(t *testing.T) {
	t.Parallel()
	target := launched(t, opened(t, written(t, "url: "+running(t)+"\nrestart: {http: {as: anyone, method: POST, path: /restart}}")))
	_, err := apply(t, target, models.Restart{})
	require.ErrorContains(t, err, "denied (403)")
	requireBelow(t, "target.restart", setup.Blame(err))
}

func TestProblemsOfTheRequestsAreAtTheirPlaces(t *testing.T) {
	t.Parallel()
	f := written(t, "url: http://127.0.0.1:1\nreset: {http: {as: guest, method: POST, path: \"/{{.wrld}}\"}}")
	_, err := setup.Open(t.Context(), f, options(t))
	problems, ok := err.(config.Problems)
	require.True(t, ok, "%v", err)
	require.ErrorContains(t, err, `nobody is "guest" here`)
	require.ErrorContains(t, err, "unknown name .wrld here; did you mean .world?")
	for _, p := range problems {
		require.Equal(t, 4, p.Line, p)
		require.Contains(t, p.Path, "target.reset.http")
	}
}
