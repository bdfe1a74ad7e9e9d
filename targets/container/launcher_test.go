package container

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

func TestALaunchedTargetIsClosedWithItsContainer(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	reached := &connection{}
	l := Launcher{Fleet: fleet, Options: Options{Image: image}, Label: "container:server",
		Caps: models.Capabilities{Policy: models.ReferencePolicy()},
		Connect: func(i *Instance) (targets.Target, error) {
			reached.url = i.URL
			return reached, nil
		}}
	require.True(t, l.Fresh())
	require.Equal(t, models.ReferencePolicy(), l.Capabilities().Policy)

	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	require.Equal(t, "container:server", target.Name())
	require.Equal(t, http.StatusOK, get(t, reached.url+"/healthz"))
	require.Contains(t, reached.url, "http://127.0.0.1:", "the published port is preferred")
	require.Len(t, containersOf(t, run), 1)

	require.NoError(t, target.Close())
	require.Equal(t, 1, reached.closed)
	require.Empty(t, containersOf(t, run))
	require.NoError(t, target.Close(), "closing twice is harmless")
}

func TestAContainerThatCannotBeConnectedToIsRemoved(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	refuses := errors.New("refused")
	l := Launcher{Fleet: fleet, Options: Options{Image: image},
		Connect: func(*Instance) (targets.Target, error) { return nil, refuses }}
	_, err := l.Launch(t.Context())
	require.ErrorIs(t, err, refuses)
	require.Empty(t, containersOf(t, run))
}

// connection is a target that does nothing.
type connection struct {
	url    string
	closed int
}

func (c *connection) Name() string                      { return c.url }
func (c *connection) Capabilities() models.Capabilities { return models.Capabilities{} }
func (c *connection) Close() error                      { c.closed++; return nil }
func (c *connection) Open(context.Context, models.Namespace) (targets.World, error) {
	return nil, errors.New("not needed")
}
