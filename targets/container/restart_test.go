package container

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets"
)

func TestFilesOutliveARestart(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, get(t, instance.URL+"/note"))
	require.Equal(t, http.StatusNoContent, get(t, instance.URL+"/write"))
	for range 2 {
		begin := time.Now()
		url, err := instance.Restart(t.Context())
		require.NoError(t, err)
		t.Logf("restarted in %v at %s", time.Since(begin).Round(time.Millisecond), url)
		require.Equal(t, url, instance.URL)
		require.Equal(t, http.StatusOK, get(t, url+"/note"))
	}
	require.Len(t, containersOf(t, run), 1)
	require.NoError(t, instance.Close())
	_, err = instance.Restart(t.Context())
	require.ErrorIs(t, err, errClosed)
}

func TestAServiceThatDoesNotStartAgainIsAnErrorWithItsLogs(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{
		Image: image, Env: map[string]string{"ONCE": "1"}, Ready: Ready{Log: "^server listens$"},
	})
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, get(t, instance.URL+"/write"))
	_, err = instance.Restart(t.Context())
	require.ErrorIs(t, err, ErrExited, "a line from before the restart does not count")
	require.ErrorContains(t, err, "once is enough")
	require.NoError(t, instance.Close())
	require.Empty(t, containersOf(t, run))
}

func TestACancelledRestartLeavesAContainerThatCanBeClosed(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	ctx, cancel := context.WithCancelCause(t.Context())
	gaveUp := errors.New("gave up")
	cancel(gaveUp)
	_, err = instance.Restart(ctx)
	require.ErrorIs(t, err, gaveUp)
	require.NoError(t, fleet.Close())
	require.Empty(t, containersOf(t, run))
	_, err = instance.Restart(t.Context())
	require.ErrorIs(t, err, ErrClosed)
}

func TestALaunchedTargetCanHaveItsContainerRestarted(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, _ := newTestFleet(t)
	var restart func(context.Context) (string, error)
	l := Launcher{Fleet: fleet, Options: Options{Image: image},
		Connect: func(i *Instance) (targets.Target, error) {
			require.Equal(t, http.StatusNoContent, get(t, i.URL+"/write"))
			restart = i.Restart
			return &connection{}, nil
		}}
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	url, err := restart(t.Context())
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, get(t, url+"/note"))
	require.NoError(t, target.Close())
}
