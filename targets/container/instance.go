package container

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

const closeTimeout = 15 * time.Second

// An Instance is a running container whose service is ready. Its methods are safe for concurrent use.
type Instance struct {
	// URL reaches the service from this process: "http://host:port", without a path. Empty for a service that is ready by Log
	// or Exec. [Instance.Restart] and [Instance.RestartAll] change it and must not run while it is read.
	URL string
	// ID is the engine's id of the container, 64 hexadecimal digits.
	ID string
	// Name is the container's name: crosstalk-RUN-NUMBER, and for a service beside it crosstalk-RUN-NUMBER-SERVICE.
	Name string
	// Digest names the image's content. It is "REPOSITORY@sha256:…" where the image has one from a registry, which anybody can
	// pull, else the engine's own id of the image, "sha256:…".
	Digest string

	pod     *pod
	service string // name of the service; empty for the main container
	engine  *client.Client
	started testcontainers.Container
	opts    Options

	mu      sync.Mutex // serialises removing, stopping and starting again
	removed bool
}

// Service returns the service of that name that runs beside the container. It is closed with the container.
func (i *Instance) Service(name string) (service *Instance, found bool) {
	if !i.isMain() {
		return nil, false
	}
	for _, other := range i.pod.members() {
		if other.service == name && other != i {
			return other, true
		}
	}
	return nil, false
}

// Close removes the container at once, with its volumes, its services and their network. It does not depend on any context;
// each step gives up after 15 s. When it has failed it can be tried again, when all is gone it does nothing. Kept logs are
// written first; that they could not be is an error too, though the container is removed.
func (i *Instance) Close() error {
	if i.isMain() {
		return i.pod.close()
	}
	return i.discard()
}

// discard removes the container alone.
func (i *Instance) discard() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	unsaved := i.saveLogs(ctx)
	err := i.started.Terminate(ctx, testcontainers.StopTimeout(0))
	if err != nil && !gone(err) {
		return errors.Join(fmt.Errorf("remove container %s: %w", i.Name, err), unsaved)
	}
	i.removed = true
	return unsaved
}

func (i *Instance) isMain() bool { return i.service == "" }

func (i *Instance) isRemoved() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.removed
}

// gone reports whether an attempt to remove a container failed because it no longer exists or is being removed already (the
// one conflict that a forced removal can meet).
func gone(err error) bool { return errdefs.IsNotFound(err) || errdefs.IsConflict(err) }
