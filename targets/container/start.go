package container

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	docker "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// createTimeout bounds creating a container, which takes a fraction of a second on an engine that is well.
const createTimeout = 15 * time.Second

// create makes a container and enters it in the pod; it is not running yet. The service is empty for the main container.
func (p *pod) create(ctx context.Context, service string, opts Options) (*Instance, error) {
	digest, err := fetch(ctx, p.engine, p.provider, opts.Image)
	if err != nil {
		return nil, err
	}
	request := p.request(service, opts)
	created, err := createWhole(ctx, p.engine, p.provider, request)
	if err != nil {
		return nil, err
	}
	instance := &Instance{
		ID: created.GetContainerID(), Name: request.Name, Digest: digest,
		pod: p, service: service, engine: p.engine, started: created, opts: opts,
	}
	p.add(instance)
	return instance, nil
}

// ErrNoImage means that an image is neither present nor to be had.
var ErrNoImage = errors.New("no such image")

// fetch sees to it that the image is present, and returns its digest. An image of ours is never asked for elsewhere.
func fetch(ctx context.Context, engine *client.Client, from testcontainers.ImageProvider, image string) (digest string, err error) {
	found, err := engine.ImageInspect(ctx, image)
	if err == nil {
		return digestIn(found, image), nil
	}
	if !errdefs.IsNotFound(err) {
		return "", fmt.Errorf("look for image: %w", err)
	}
	if strings.HasPrefix(image, repository) {
		return "", fmt.Errorf("%w: %w: build it again", ErrNoImage, err)
	}
	if err := from.PullImage(ctx, image); err != nil {
		return "", fmt.Errorf("%w: pull it: %w", ErrNoImage, err)
	}
	if found, err = engine.ImageInspect(ctx, image); err != nil {
		return "", fmt.Errorf("look for pulled image: %w", err)
	}
	return digestIn(found, image), nil
}

// digestIn is the digest that a registry knows the image by, of the repository that it was asked for in if there are several,
// else the image's id.
func digestIn(found client.ImageInspectResult, image string) string {
	digests := slices.Sorted(slices.Values(found.RepoDigests))
	for _, digest := range digests {
		name, _, _ := strings.Cut(digest, "@")
		if rest, ok := strings.CutPrefix(image, name); ok && (rest == "" || strings.ContainsAny(rest[:1], ":@")) {
			return digest
		}
	}
	if len(digests) > 0 {
		return digests[0]
	}
	return found.ID
}

// createWhole creates the container without regard to ctx. A request that is broken off leaves it open whether the engine
// goes on to create the container, which nobody would then remove. Whoever cancels waits a moment longer instead. After a
// failure whatever may have been created is removed by its name.
func createWhole(ctx context.Context, engine *client.Client, by testcontainers.ContainerProvider, request testcontainers.ContainerRequest) (testcontainers.Container, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	creating, cancel := context.WithTimeout(ctx, createTimeout)
	defer cancel()
	created, err := by.CreateContainer(creating, request)
	if err == nil {
		return created, nil
	}
	removing, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	return nil, errors.Join(err, remove(removing, engine, request.Name))
}

// request translates the options. The service is published on 127.0.0.1 only: it is full of other people's recordings, made
// up or not, and no neighbour on the network has any business with it.
func (p *pod) request(service string, opts Options) testcontainers.ContainerRequest {
	port := servicePort(opts)
	loopback := network.PortBinding{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1}), HostPort: "0"}
	request := testcontainers.ContainerRequest{
		Image:        opts.Image,
		Name:         p.name,
		Env:          opts.Env,
		Entrypoint:   opts.Entrypoint,
		Cmd:          opts.Cmd,
		Labels:       p.labelled(opts.Labels),
		ExposedPorts: []string{port.String()},
	}
	if service != "" {
		request.Name += "-" + service
	}
	if p.network != nil {
		request.Networks = []string{p.network.name}
		request.NetworkAliases = map[string][]string{p.network.name: {service}}
	}
	request.HostConfigModifier = func(host *docker.HostConfig) {
		host.PortBindings = network.PortMap{port: {loopback}}
		if p.network != nil {
			host.NetworkMode = docker.NetworkMode(p.network.name)
		}
	}
	return request
}

func servicePort(opts Options) network.Port {
	port, _ := network.PortFrom(uint16(opts.Port), network.TCP)
	return port
}

// start runs the created container and waits for its service.
func (i *Instance) start(ctx context.Context) error {
	if err := i.copyFiles(ctx); err != nil {
		return err
	}
	if err := i.started.Start(ctx); err != nil {
		return err
	}
	return i.awaitService(ctx, "")
}
