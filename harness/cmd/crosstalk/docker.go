package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// docker is the fleet of containers of this process.
type docker struct{ fleet *container.Fleet }

// The port on which the clinic listens in its container, and its database there,
// which outlives a restart of the container.
const (
	containerPort     = 8080
	containerDatabase = "/data/clinic.db"
)

// containerLauncher returns the launcher of the clinic in containers.
func (a *app) containerLauncher(ctx context.Context, f *targetFlags, policy models.Policy, logs string) (targets.Launcher, error) {
	d, err := a.prepareDocker(ctx)
	if err != nil {
		return nil, err
	}
	image, err := buildClinic(ctx, f.binary)
	if err != nil {
		return nil, err
	}
	token := rand.Text()
	command := []string{"clinic", "--addr", fmt.Sprintf("0.0.0.0:%d", containerPort), "--db", containerDatabase}
	if f.fault != "" {
		command = append(command, "--fault", f.fault)
	}
	if len(f.choices) > 0 {
		command = append(command, "--choice", strings.Join(f.choices, ","))
	}
	return container.Launcher{
		Fleet: d.fleet,
		Label: f.label(),
		Caps:  models.Capabilities{Policy: policy},
		Options: container.Options{Image: image.Ref, Cmd: command, Port: containerPort, KeepLogs: logs, Secrets: []targets.Secret{rest.OperatorSecret(token)},
			Env: map[string]string{operatorTokenVariable: token, fastPasswordsVariable: "1"}},
		Connect: func(i *container.Instance) (targets.Target, error) {
			return rest.New(rest.Config{URL: i.URL, OperatorToken: token, Name: f.label(), Policy: policy, Restart: i.Restart})
		},
	}, nil
}

// prepareDocker removes what killed runs have left. It does so once.
func (a *app) prepareDocker(ctx context.Context) (*docker, error) {
	if a.docker != nil {
		return a.docker, nil
	}
	removed, err := container.Sweep(ctx)
	if err != nil {
		return nil, err
	}
	if removed > 0 {
		a.note("crosstalk: containers removed that a killed run had left: %d", removed)
	}
	a.docker = &docker{fleet: container.NewFleet("", nil)}
	a.onExit(a.docker.fleet.Close)
	return a.docker, nil
}

// buildClinic builds the clinic's image from a crosstalk binary: the one named,
// or this one.
func buildClinic(ctx context.Context, binary string) (container.Image, error) {
	self, err := os.Executable()
	if err != nil && binary == "" {
		return container.Image{}, fmt.Errorf("find this program: %w; name a static Linux binary of it with --clinic-binary", err)
	}
	image, err := container.BuildStatic(ctx, cmp.Or(binary, self), "clinic")
	if errors.Is(err, container.ErrNotStatic) {
		err = fmt.Errorf("%w, and name it with --clinic-binary or %s", err, clinicBinaryVariable)
	}
	return image, err
}
