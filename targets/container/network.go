package container

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// A privateNetwork joins the containers of one pod and nobody else.
type privateNetwork struct {
	id     string
	name   string
	engine *client.Client
}

// createNetwork makes a network, without regard to ctx for the same reason as createWhole. After a failure whatever may have
// been created is removed.
func createNetwork(ctx context.Context, engine *client.Client, name string, labels map[string]string) (*privateNetwork, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	creating, cancel := context.WithTimeout(ctx, createTimeout)
	defer cancel()
	all := maps.Clone(labels)
	testcontainers.AddGenericLabels(all) // its reaper, where there is one, removes the network as well
	created, err := engine.NetworkCreate(creating, name, client.NetworkCreateOptions{Driver: network.NetworkBridge, Labels: all})
	if err == nil {
		return &privateNetwork{id: created.ID, name: name, engine: engine}, nil
	}
	removing, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	return nil, errors.Join(fmt.Errorf("create network %s: %w", name, err), removeOwnNetworks(removing, engine, name, labels))
}

// removeOwnNetworks removes networks of that name that this process owns: names of networks need not be unique.
func removeOwnNetworks(ctx context.Context, engine *client.Client, name string, labels map[string]string) error {
	me, _ := ownerOf(labels)
	found, err := listNetworks(ctx, engine)
	if err != nil {
		return err
	}
	var errs []error
	for _, n := range found {
		if by, ok := ownerOf(n.Labels); ok && by == me && n.Name == name {
			errs = append(errs, (&privateNetwork{n.ID, n.Name, engine}).remove(ctx))
		}
	}
	return errors.Join(errs...)
}

// listNetworks lists the networks whose labels name an owner.
func listNetworks(ctx context.Context, engine *client.Client) ([]network.Summary, error) {
	options := client.NetworkListOptions{Filters: make(client.Filters).Add("label", labelPID)}
	found, err := engine.NetworkList(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", err)
	}
	return found.Items, nil
}

// remove deletes the network; until ctx ends it waits for containers that are just being removed. That there is no network is
// no error.
func (n *privateNetwork) remove(ctx context.Context) error {
	if n == nil {
		return nil
	}
	rest := firstPause
	for {
		n.detachAll(ctx)
		_, err := n.engine.NetworkRemove(ctx, n.id, client.NetworkRemoveOptions{})
		if err == nil || errdefs.IsNotFound(err) {
			return nil
		}
		// Removing a network that is in use is forbidden, in the words of the engine.
		if !errdefs.IsPermissionDenied(err) && !errdefs.IsConflict(err) || ctx.Err() != nil {
			return fmt.Errorf("remove network %s: %w", n.name, err)
		}
		pause(ctx, rest)
		rest = min(2*rest, longestPause)
	}
}

// detachAll takes off what is still attached: it is about to be removed, or nobody's business. Whether it has succeeded is
// seen from removing the network.
func (n *privateNetwork) detachAll(ctx context.Context) {
	inspected, err := n.engine.NetworkInspect(ctx, n.id, client.NetworkInspectOptions{})
	if err != nil {
		return
	}
	for id := range inspected.Network.Containers {
		_, _ = n.engine.NetworkDisconnect(ctx, n.id, client.NetworkDisconnectOptions{Container: id, Force: true})
	}
}
