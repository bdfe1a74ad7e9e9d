package container

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/moby/moby/client"
)

// Sweep removes the containers, with their volumes, of runs that were killed: those whose owner was a process of this host
// that no longer exists. It leaves alone what belongs to a running process or to another host, and is no error that another
// sweep is faster. It returns how many containers it removed; without an engine the error wraps [ErrNoEngine].
func Sweep(ctx context.Context) (removed int, err error) {
	engine, err := open(ctx)
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	ids, err := orphans(ctx, engine)
	if err != nil {
		return 0, err
	}
	var count atomic.Int64
	err = inParallel(ids, func(id string) error {
		if err := remove(ctx, engine, id); err != nil {
			return err
		}
		count.Add(1)
		return nil
	})
	return int(count.Load()), err
}

// orphans lists the ids of the containers whose owner has ended.
func orphans(ctx context.Context, engine *client.Client) ([]string, error) {
	here, err := self()
	if err != nil {
		return nil, fmt.Errorf("name this process: %w", err)
	}
	options := client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", labelPID)}
	ours, err := engine.ContainerList(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	var ids []string
	for _, found := range ours.Items {
		if by, ok := ownerOf(found.Labels); ok && by.ended(here, isLocal(engine)) {
			ids = append(ids, found.ID)
		}
	}
	return ids, nil
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
