package container

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/moby/moby/client"
)

var errClosed = errors.New("it was closed")

// stopGrace is how long, in seconds, a service may take to end before it is killed.
const stopGrace = 2

// Restart stops the container and starts it again on the same files, and returns when its service is ready again. The
// services beside it go on. It returns the URL that reaches the service from then on, which may be another than before.
// Whatever goes wrong, the container is still to be closed. On a closed fleet, or one that is closed meanwhile, the error
// wraps [ErrClosed]; that the service exits early or is not ready in time is [ErrExited] or [ErrNotReady], as in [Fleet.Run].
func (i *Instance) Restart(ctx context.Context) (url string, err error) {
	return i.restart(ctx, []*Instance{i})
}

// RestartAll restarts the container as [Instance.Restart] does, and its services with it: it stops first, they start first,
// each in its turn.
func (i *Instance) RestartAll(ctx context.Context) (url string, err error) {
	if !i.isMain() {
		return i.Restart(ctx)
	}
	return i.restart(ctx, i.pod.members())
}

// restart stops the containers from the last to the first and starts them from the first to the last, of which i is one.
func (i *Instance) restart(ctx context.Context, order []*Instance) (url string, err error) {
	ctx, leave, err := i.pod.fleet.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	for _, other := range slices.Backward(order) {
		if err := other.stop(ctx); err != nil {
			return "", fmt.Errorf("restart container %s: stop: %w", other.Name, because(ctx, err))
		}
	}
	for _, other := range order {
		if err := other.startAgain(ctx); err != nil {
			return "", fmt.Errorf("restart container %s: start: %w", other.Name, because(ctx, err))
		}
	}
	return i.URL, nil
}

func (i *Instance) stop(ctx context.Context) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return errClosed
	}
	grace := stopGrace
	_, err := i.engine.ContainerStop(ctx, i.ID, client.ContainerStopOptions{Timeout: &grace})
	return err
}

func (i *Instance) startAgain(ctx context.Context) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return errClosed
	}
	since, err := i.stopped(ctx)
	if err != nil {
		return err
	}
	if _, err := i.engine.ContainerStart(ctx, i.ID, client.ContainerStartOptions{}); err != nil {
		return err
	}
	return i.awaitService(ctx, since)
}

// stopped returns a time by the engine's clock between the last line of the log so far and the next start, where a line of the
// log tells that the service is ready. Neither the start nor the end that the engine notes of a container is such a time: lines
// are dated when they are read.
func (i *Instance) stopped(ctx context.Context) (at string, err error) {
	if i.opts.Ready.Log == "" {
		return "", nil
	}
	engine, err := i.engine.Info(ctx, client.InfoOptions{})
	if err != nil {
		return "", fmt.Errorf("ask engine for its time: %w", err)
	}
	return engine.Info.SystemTime, nil
}
