package setup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

// contained takes a service whose containers crosstalk starts.
func (s *Service) contained(ctx context.Context, f *config.File, o Options) error {
	a, err := compile(f, o)
	if err != nil {
		return err
	}
	fleet, err := o.Fleet(ctx)
	if err != nil {
		return err
	}
	image, err := imageOf(ctx, f)
	if err != nil {
		return err
	}
	s.Reached = "image " + image
	var digest atomic.Value
	digest.Store("")
	s.Digest = func() string { return digest.Load().(string) }
	caps, err := a.capabilities()
	if err != nil {
		return err
	}
	l := container.Launcher{Fleet: fleet, Options: options(f, image, o.KeepLogs), Label: f.Target.Name, Caps: caps,
		Connect: func(i *container.Instance) (targets.Target, error) {
			digest.Store(i.Digest)
			return a.inside(i)
		}}
	s.Launcher = l
	if f.Target.Reset.Way != config.WayContainer {
		s.Launcher = &kept{Launcher: l, api: a}
		s.close = s.Launcher.(*kept).close
	}
	return nil
}

// imageOf is the image to start; one around a binary is built first.
func imageOf(ctx context.Context, f *config.File) (string, error) {
	if f.Target.Build == nil {
		return f.Target.Image, nil
	}
	binary := f.Target.Build.Binary
	image, err := container.BuildStatic(ctx, binary, imageName(binary))
	if err != nil {
		return "", &Error{"target.build.binary", err}
	}
	return image.Ref, nil
}

// imageName is the name of a binary as far as an image can have it.
func imageName(binary string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, filepath.Base(binary))
	name = strings.Trim(name, "-")
	if name == "" {
		return "service"
	}
	return name
}

// options are how the container of a service is started.
func options(f *config.File, image, logs string) container.Options {
	out := optionsOf(&f.Target.Container, image)
	out.KeepLogs, out.Secrets = logs, f.Secrets()
	for _, s := range f.Target.Services {
		out.Services = append(out.Services, container.Service{Name: s.Name, Options: optionsOf(&s.Container, s.Image)})
	}
	return out
}

func optionsOf(c *config.Container, image string) container.Options {
	o := container.Options{Image: image, Env: c.Environment, Entrypoint: c.Entrypoint, Cmd: c.Command, Port: c.Port,
		Ready: container.Ready{Path: c.Ready.Path, Status: c.Ready.Status, TCP: c.Ready.TCP, Log: c.Ready.Log, Exec: c.Ready.Exec, Within: c.Ready.Within}}
	for _, file := range c.Files {
		o.Files = append(o.Files, container.File{From: file.From, To: file.To})
	}
	return o
}

// capabilities are those of the service in a container, before there is one.
func (a *api) capabilities() (models.Capabilities, error) {
	var again func(context.Context) (string, error)
	if r := a.file.Target.Restart; r != nil && r.Way != config.WayNone {
		again = func(context.Context) (string, error) { return "", errors.New("no container was started") }
	}
	t, err := a.connect("http://127.0.0.1", again)
	if err != nil {
		return models.Capabilities{}, err
	}
	return t.Capabilities(), nil
}

// inside connects to the service in a container.
func (a *api) inside(i *container.Instance) (targets.Target, error) {
	var again func(context.Context) (string, error)
	if r := a.file.Target.Restart; r != nil {
		switch r.Way {
		case config.WayContainer:
			again = i.Restart
		case config.WayExec:
			again = func(ctx context.Context) (string, error) { return i.URL, run(ctx, i, "target.restart.exec", r.Exec) }
		}
	}
	return a.connect(i.URL, again)
}

// run runs a command in a container, which must succeed.
func run(ctx context.Context, i *container.Instance, key string, command []string) error {
	code, output, err := i.Exec(ctx, command)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s exited with %d: %s", strings.Join(command, " "), code, strings.TrimSpace(string(output)))
	}
	return blaming(key, err)
}

// kept is one container that is kept for all launches, and reset in place or not
// at all. The container is started by the first launch.
type kept struct {
	container.Launcher
	api *api

	mu      sync.Mutex
	inner   targets.Launcher
	started targets.Target
}

// Fresh reports whether the service forgets everybody between launches.
func (k *kept) Fresh() bool { return k.api.file.Target.Reset.Way != config.WayNone }

// Exclusive is true: there is one container.
func (k *kept) Exclusive() bool { return true }

// Launch starts the container the first time, and resets it each time.
func (k *kept) Launch(ctx context.Context) (targets.Target, error) {
	inner, err := k.start(ctx)
	if err != nil {
		return nil, err
	}
	return inner.Launch(ctx)
}

func (k *kept) start(ctx context.Context) (targets.Launcher, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.inner != nil {
		return k.inner, nil
	}
	var instance *container.Instance
	l := k.Launcher
	connect := l.Connect
	l.Connect = func(i *container.Instance) (targets.Target, error) {
		instance = i
		return connect(i)
	}
	target, err := l.Launch(ctx)
	if err != nil {
		return nil, err
	}
	k.started = target
	k.inner = unreset{target}
	reset := k.api.file.Target.Reset
	switch reset.Way {
	case config.WayExec:
		k.inner = targets.Resettable(target, func(ctx context.Context) error { return run(ctx, instance, "target.reset.exec", reset.Exec) })
	case config.WayHTTP:
		t, err := k.api.connect(instance.URL, nil)
		if err != nil {
			return nil, err
		}
		k.inner = targets.Resettable(target, func(ctx context.Context) error { return blaming("target.reset", t.Do(ctx, k.api.reset)) })
	}
	return k.inner, nil
}

func (k *kept) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.started == nil {
		return nil
	}
	return k.started.Close()
}

// unreset gives the same service to every launch.
type unreset struct{ targets.Target }

func (u unreset) Launch(context.Context) (targets.Target, error) { return open(u), nil }
func (unreset) Fresh() bool                                      { return false }

// open is a target that stays open when a launch is closed.
type open struct{ targets.Target }

// Secrets are those of the target.
func (o open) Secrets() []targets.Secret { return targets.SecretsOf(o.Target) }

func (open) Close() error { return nil }
