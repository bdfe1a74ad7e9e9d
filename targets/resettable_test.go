package targets_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// idleService is a target that does nothing.
type idleService struct{ targets.Target }

func (idleService) Name() string                      { return "service" }
func (idleService) Capabilities() models.Capabilities { return models.Capabilities{} }

func TestEachLaunchResetsTheServiceOnceTheLastIsClosed(t *testing.T) {
	resets := 0
	l := targets.Resettable(idleService{}, func(context.Context) error { resets++; return nil })
	require.True(t, l.Fresh())
	first, err := l.Launch(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, resets)

	launched := make(chan error)
	go func() {
		second, err := l.Launch(t.Context())
		if err == nil {
			err = second.Close()
		}
		launched <- err
	}()
	select {
	case <-launched:
		require.Fail(t, "the service is in use")
	default:
	}
	require.Equal(t, 1, resets, "nobody resets a service in use")
	require.NoError(t, first.Close())
	require.NoError(t, <-launched)
	require.NoError(t, first.Close(), "closing twice is harmless")
	require.Equal(t, 2, resets)
}

func TestALaunchGivesUpWithItsContext(t *testing.T) {
	l := targets.Resettable(idleService{}, func(context.Context) error { return nil })
	_, err := l.Launch(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = l.Launch(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAServiceThatCannotBeResetIsStillThereForTheNextLaunch(t *testing.T) {
	broken := errors.New("broken")
	l := targets.Resettable(idleService{}, func(context.Context) error { return broken })
	for range 2 {
		_, err := l.Launch(t.Context())
		require.ErrorIs(t, err, broken)
		require.ErrorContains(t, err, "reset service")
	}
}
