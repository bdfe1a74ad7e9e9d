package container

import (
	"context"
	"errors"
	"fmt"

	"github.com/moby/moby/client"
)

var errClosed = errors.New("it was closed")

// stopGrace is how long, in seconds, a service may take to end before it is killed.
const stopGrace = 2

// Restart stops the container and starts it again on the same files, and returns when its service has answered 200 on the
// health path. It returns the URL that reaches the service from then on, which may be another than before. Whatever goes
// wrong, the container is still to be closed. On a closed fleet, or one that is closed meanwhile, the error wraps
// [ErrClosed]; that the service exits early or is not ready in time is [ErrExited] or [ErrNotReady], as in [Fleet.Run].
func (i *Instance) Restart(ctx context.Context) (url string, err error) {
	ctx, leave, err := i.fleet.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return "", fmt.Errorf("restart container %s: %w", i.Name, errClosed)
	}
	if err := i.restart(ctx); err != nil {
		return "", fmt.Errorf("restart container %s: %w", i.Name, because(ctx, err))
	}
	return i.URL, nil
}

func (i *Instance) restart(ctx context.Context) error {
	grace := stopGrace
	if _, err := i.engine.ContainerStop(ctx, i.ID, client.ContainerStopOptions{Timeout: &grace}); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if _, err := i.engine.ContainerStart(ctx, i.ID, client.ContainerStartOptions{}); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	return i.awaitService(ctx)
}
