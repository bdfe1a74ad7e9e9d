package container

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	docker "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// Sweep removes the containers, with their volumes, and the networks of runs that were killed: those whose owner was a process
// of this host that no longer exists. It leaves alone what belongs to a running process or to another host, and is no error
// that another sweep is faster. It returns how many containers it removed; without an engine the error wraps [ErrNoEngine].
func Sweep(ctx context.Context) (removed int, err error) {
	engine, err := open(ctx)
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	here, err := self()
	if err != nil {
		return 0, fmt.Errorf("name this process: %w", err)
	}
	orphaned := func(labels map[string]string) bool {
		by, ok := ownerOf(labels)
		return ok && by.ended(here, isLocal(engine))
	}
	removed, err = sweepContainers(ctx, engine, orphaned)
	return removed, errors.Join(err, sweepNetworks(ctx, engine, orphaned))
}

// sweepContainers removes the containers whose labels are those of an orphan.
func sweepContainers(ctx context.Context, engine *client.Client, orphaned func(labels map[string]string) bool) (removed int, err error) {
	options := client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", labelPID)}
	ours, err := engine.ContainerList(ctx, options)
	if err != nil {
		return 0, fmt.Errorf("list containers: %w", err)
	}
	var count atomic.Int64
	err = inParallel(ours.Items, func(found docker.Summary) error {
		if !orphaned(found.Labels) {
			return nil
		}
		if err := remove(ctx, engine, found.ID); err != nil {
			return err
		}
		count.Add(1)
		return nil
	})
	return int(count.Load()), err
}

// sweepNetworks removes the networks whose labels are those of an orphan. It comes after the containers: nobody removes a
// network in use.
func sweepNetworks(ctx context.Context, engine *client.Client, orphaned func(labels map[string]string) bool) error {
	ours, err := listNetworks(ctx, engine)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	return inParallel(ours, func(found network.Summary) error {
		if !orphaned(found.Labels) {
			return nil
		}
		return (&privateNetwork{found.ID, found.Name, engine}).remove(ctx)
	})
}

// isLocal reports whether the engine runs on this machine.
func isLocal(engine *client.Client) bool {
	scheme, _, _ := strings.Cut(engine.DaemonHost(), ":")
	return scheme == "unix" || scheme == "npipe"
}

// remove deletes a container by id or name, running or not, with its volumes. That there is none is no error.
func remove(ctx context.Context, engine *client.Client, container string) error {
	_, err := engine.ContainerRemove(ctx, container, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err != nil && !gone(err) {
		return fmt.Errorf("remove container %s: %w", container, err)
	}
	return nil
}
