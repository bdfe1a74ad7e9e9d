package container

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	docker "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// Errors of a start that the service is to blame for.
var (
	// ErrExited means that the container ended before its service was ready.
	ErrExited = errors.New("container exited before it was ready")
	// ErrNotReady means that the service did not answer 200 in time.
	ErrNotReady = errors.New("service is not ready")
)

// createTimeout bounds creating a container, which takes a fraction of a second on an engine that is well.
const createTimeout = 15 * time.Second

// create makes the container and enters it in the fleet; it is not running yet.
func (f *Fleet) create(ctx context.Context, opts Options) (_ *Instance, err error) {
	engine, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			engine.Close()
		}
	}()
	request, err := f.request(opts)
	if err != nil {
		return nil, err
	}
	provider, err := testcontainers.ProviderDefault.GetProvider(testcontainers.WithLogger(debugLogger{f.log}))
	if err != nil {
		return nil, noEngine(err)
	}
	if err := fetch(ctx, engine, provider, opts.Image); err != nil {
		return nil, err
	}
	created, err := createWhole(ctx, engine, provider, request)
	if err != nil {
		return nil, err
	}
	instance := &Instance{
		ID: created.GetContainerID(), Name: request.Name,
		fleet: f, engine: engine, started: created, opts: opts,
	}
	f.add(instance)
	return instance, nil
}

// fetch sees to it that the image is present. An image of ours is never asked for elsewhere.
func fetch(ctx context.Context, engine *client.Client, from testcontainers.ImageProvider, image string) error {
	_, err := engine.ImageInspect(ctx, image)
	switch {
	case err == nil:
		return nil
	case !errdefs.IsNotFound(err):
		return fmt.Errorf("look for image: %w", err)
	case strings.HasPrefix(image, repository):
		return fmt.Errorf("look for image: %w: build it again", err)
	}
	if err := from.PullImage(ctx, image); err != nil {
		return fmt.Errorf("pull image: %w", err)
	}
	return nil
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
func (f *Fleet) request(opts Options) (testcontainers.ContainerRequest, error) {
	me, err := self()
	if err != nil {
		return testcontainers.ContainerRequest{}, fmt.Errorf("name owner of container: %w", err)
	}
	labels := me.labels()
	labels[labelRun] = f.run
	maps.Copy(labels, opts.Labels)
	port := servicePort(opts)
	loopback := network.PortBinding{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1}), HostPort: "0"}
	return testcontainers.ContainerRequest{
		Image:        opts.Image,
		Name:         f.nextName(),
		Env:          opts.Env,
		Cmd:          opts.Cmd,
		Labels:       labels,
		ExposedPorts: []string{port.String()},
		HostConfigModifier: func(host *docker.HostConfig) {
			host.PortBindings = network.PortMap{port: {loopback}}
		},
	}, nil
}

func servicePort(opts Options) network.Port {
	port, _ := network.PortFrom(uint16(opts.Port), network.TCP)
	return port
}

// start runs the created container and waits for its service.
func (i *Instance) start(ctx context.Context) error {
	if err := i.started.Start(ctx); err != nil {
		return err
	}
	return i.awaitService(ctx)
}

// awaitService is awaitReady whose error ends with the last log lines.
func (i *Instance) awaitService(ctx context.Context) error {
	if err := i.awaitReady(ctx); err != nil {
		return fmt.Errorf("%w; %s", err, i.lastLogs(ctx))
	}
	return nil
}

// awaitReady waits for the first of: an answer from the service, the container's end, the start timeout, the end of ctx.
func (i *Instance) awaitReady(ctx context.Context) error {
	opts := i.opts
	late := fmt.Errorf("%w: no 200 from %s within %v", ErrNotReady, opts.Health, opts.StartTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, opts.StartTimeout, late)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go i.watchExit(ctx, stop)
	inspected, err := i.engine.ContainerInspect(ctx, i.ID, client.ContainerInspectOptions{})
	if err != nil {
		return fmt.Errorf("inspect container: %w", because(ctx, err))
	}
	at := candidatesOf(i.engine.DaemonHost(), inspected.Container.NetworkSettings, servicePort(opts))
	i.URL, err = at.answering(ctx, opts.Health, headStart)
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); !errors.Is(cause, ErrNotReady) {
		return cause
	}
	return fmt.Errorf("%w (%w)", late, err)
}

// watchExit ends the wait when the container ends. It returns when ctx does.
func (i *Instance) watchExit(ctx context.Context, stop context.CancelCauseFunc) {
	exit := i.engine.ContainerWait(ctx, i.ID, client.ContainerWaitOptions{Condition: docker.WaitConditionNotRunning})
	select {
	case ended := <-exit.Result:
		stop(fmt.Errorf("%w, with status %d", ErrExited, ended.StatusCode))
	case err := <-exit.Error:
		stop(fmt.Errorf("watch container: %w", err))
	}
}
