package container

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAServiceThatIsSlowToOpenItsPortIsWaitedFor(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	for name, ready := range map[string]Ready{"path": {}, "connection": {TCP: true}, "log line": {Log: "^server (listens|hears)$"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fleet, _ := newTestFleet(t)
			instance, err := fleet.Run(t.Context(), Options{Image: image, Env: map[string]string{"DELAY": "700ms"}, Ready: ready})
			require.NoError(t, err)
			require.Contains(t, instance.URL, "http://127.0.0.1:", "the published port is preferred")
			require.Equal(t, http.StatusOK, get(t, instance.URL+"/healthz"))
		})
	}
}

func TestACheckSaysWhetherTheServiceIsReady(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	check := Ready{Exec: []string{"/service", "check"}}
	missing := Ready{Path: "/note", Status: []int{http.StatusNoContent, http.StatusNotFound}}
	t.Run("not ready", func(t *testing.T) { testNotReady(t, instance) })
	require.NoError(t, awaitAs(t.Context(), instance, missing, eventually))
	require.Equal(t, http.StatusNoContent, get(t, instance.URL+"/write"))
	require.NoError(t, awaitAs(t.Context(), instance, check, eventually))

	gaveUp := errors.New("gave up")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 300*time.Millisecond, gaveUp)
	defer cancel()
	require.ErrorIs(t, awaitAs(ctx, instance, Ready{Exec: []string{"/service", "hang"}}, eventually), gaveUp)
	require.NoError(t, instance.Close(), "a command that hangs does not keep it from being removed")
	requireNothingLeft(t, run)
}

func testNotReady(t *testing.T, instance *Instance) {
	cases := map[string]struct {
		ready Ready
		want  []string
	}{
		"another status": {Ready{Path: "/note", Status: []int{200, 204}}, []string{"no 200 or 204 from /note", "404 Not Found"}},
		"no such line":   {Ready{Log: "never"}, []string{`no log line that matches "never"`, `last log line "server listens"`}},
		"a command fails": {Ready{Exec: []string{"/service", "check"}}, []string{
			`no exit with status 0 from ["/service" "check"]`, `last exit status 6, last output "no note yet"`,
		}},
		"a command is missing": {Ready{Exec: []string{"/bin/sh"}}, []string{"/bin/sh", "no such file"}},
	}
	waits := map[string]chan error{} // all at a time
	for name, c := range cases {
		waits[name] = make(chan error, 1)
		done := waits[name]
		go func() { done <- awaitAs(t.Context(), instance, c.ready, 2*time.Second) }()
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := <-waits[name]
			require.ErrorIs(t, err, ErrNotReady)
			for _, want := range append(c.want, "within 2s", "its last log lines:\n  server is up") {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// awaitAs waits as if the instance had been started with other options.
func awaitAs(ctx context.Context, i *Instance, ready Ready, within time.Duration) error {
	ready.Within = within
	ready, err := ready.complete()
	if err != nil {
		return err
	}
	opts := i.opts
	opts.Ready = ready
	twin := &Instance{ID: i.ID, Name: i.Name, pod: i.pod, engine: i.engine, started: i.started, opts: opts}
	return twin.awaitService(ctx, "")
}

func TestALongLineIsSearchedInPieces(t *testing.T) {
	t.Parallel()
	search := &lineSearch{pattern: regexp.MustCompile("^ready$")}
	log := search.stream()
	_, err := log.Write([]byte(strings.Repeat("x", 3*longestLine) + "\nnot ready\nrea"))
	require.NoError(t, err)
	require.Equal(t, "not ready", string(search.last))
	_, err = search.stream().Write([]byte("dy\n"))
	require.NoError(t, err, "streams do not mix")
	_, err = log.Write([]byte("dy\r\nand on"))
	require.ErrorIs(t, err, errFound)
}

func FuzzLineSearch(f *testing.F) {
	f.Add("server is up\nserver listens\n", 3)
	f.Add("a\r\n\n\nready", 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size < 1 || len(text) >= longestLine {
			t.Skip()
		}
		whole := &lineSearch{pattern: regexp.MustCompile("(?i)ready")}
		_, want := whole.stream().Write([]byte(text))
		pieces := &lineSearch{pattern: whole.pattern}
		to := pieces.stream()
		var got error
		for rest := text; rest != "" && got == nil; rest = rest[min(size, len(rest)):] {
			_, got = to.Write([]byte(rest[:min(size, len(rest))]))
		}
		require.Equal(t, want, got)
		require.Equal(t, whole.last, pieces.last)
	})
}
