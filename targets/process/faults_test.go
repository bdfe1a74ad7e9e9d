package process_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

// TestWhatIsWrongWithAnAdapterIsAnErrorOfOneLine has every misdeed done, and
// compares the errors with testdata/faults.golden.
func TestWhatIsWrongWithAnAdapterIsAnErrorOfOneLine(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts many processes")
	}
	t.Parallel()
	names := slices.Sorted(maps.Keys(misdeeds()))
	got := make([]string, len(names))
	busy := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			busy <- struct{}{}
			defer func() { <-busy }()
			got[i] = fmt.Sprintf("== %s\n%v\n", name, wrong(t, name))
		})
	}
	all.Wait()
	requireGolden(t, "faults.golden", strings.Join(got, ""))
}

// wrong is the error that a misdeed leads to.
func wrong(t *testing.T, name string) error {
	c := fake(t, name)
	if name == "hangs" || name == "is silent" {
		c.Timeout = time.Second
	}
	_, err := operate(t.Context(), c, "alice = patient()\n"+lineFor(misdeeds()[name].at))
	if !errors.Is(err, process.ErrAdapter) {
		t.Errorf("%s: %v is not the adapter's fault", name, err)
	}
	return err
}

// lineFor is the line of a trace at which something is done.
func lineFor(at string) string {
	switch at {
	case "apply get":
		return "alice.get(?1)"
	case "apply play":
		return "alice.play(?1)"
	case "apply audit":
		return "alice.audit()"
	}
	return "alice.list()"
}

// operate performs the lines of a trace until there is an error.
func operate(ctx context.Context, c process.Config, text string) (r models.Response, err error) {
	l, err := process.Open(ctx, c)
	if err != nil {
		return r, err
	}
	target, err := l.Launch(ctx)
	if err != nil {
		return r, errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, target.Close(), l.Close()) }()
	w, err := target.Open(ctx, "w")
	if err != nil {
		return r, err
	}
	trace, err := models.Parse(text)
	if err != nil {
		return r, err
	}
	for i, op := range trace.Ops {
		if r, err = w.Apply(ctx, models.Call{Step: i + 1, Op: op}); err != nil {
			break
		}
	}
	return r, errors.Join(err, w.Close())
}

func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "go test ./targets/process -update writes it")
	require.Equal(t, string(want), got)
}

func TestAProgramThatCannotBeStartedIsTheAdaptersFault(t *testing.T) {
	_, err := process.Open(t.Context(), process.Config{Command: []string{"./no-such-adapter"}, Name: "acme"})
	require.ErrorIs(t, err, process.ErrAdapter)
	require.Equal(t, "adapter acme: start it: fork/exec ./no-such-adapter: no such file or directory; expected a program that can be run", err.Error())
	_, err = process.Open(t.Context(), process.Config{})
	require.ErrorIs(t, err, process.ErrAdapter)
}

func TestAnOperationThatTheAdapterDoesNotPerformIsNotAskedFor(t *testing.T) {
	c := fake(t, "agrees", freshVariable+"=no")
	_, err := operate(t.Context(), c, "service.restart()")
	require.ErrorIs(t, err, process.ErrAdapter)
	require.ErrorContains(t, err, "adapter acme (step 1, service.restart()): restart is not performed")
}

func TestEveryProcessSaysTheSameOfItself(t *testing.T) {
	c := fake(t, "agrees")
	c.Env = append(c.Env, moodVariable+"="+filepath.Join(t.TempDir(), "mood"))
	l, err := process.Open(t.Context(), c)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	first, err := l.Launch(t.Context())
	require.NoError(t, err)
	_, err = l.Launch(t.Context())
	require.ErrorIs(t, err, process.ErrAdapter)
	require.ErrorContains(t, err, "adapter acme, message 1 (hello): said something else of itself than the first process")
	require.NoError(t, first.Close())
}
