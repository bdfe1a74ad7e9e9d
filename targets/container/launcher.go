package container

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Launcher starts a new container for each service that is asked for.
type Launcher struct {
	Fleet   *Fleet
	Options Options // Options.Image is what is started
	// Label names the service in the words of the command line, for example "container:clinic".
	Label string
	// Caps are what the service in the image supports and declares.
	Caps models.Capabilities
	// Connect returns a target that reaches the service of a container at its URL. It may restart the container, which
	// remains the launcher's to remove.
	Connect func(*Instance) (targets.Target, error)
}

var _ targets.Launcher = Launcher{}

// Name is the label.
func (l Launcher) Name() string { return l.Label }

// Capabilities are those of the service in the image.
func (l Launcher) Capabilities() models.Capabilities { return l.Caps }

// Fresh is true: nobody has used a new container.
func (l Launcher) Fresh() bool { return true }

// Launch starts a container and connects to its service. Closing the target removes the container, too.
func (l Launcher) Launch(ctx context.Context) (targets.Target, error) {
	instance, err := l.Fleet.Run(ctx, l.Options)
	if err != nil {
		return nil, err
	}
	target, err := l.Connect(instance)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connect to %s: %w", instance.URL, err), instance.Close())
	}
	return contained{target, instance, l.Label}, nil
}

// contained is a target whose service runs in a container of its own.
type contained struct {
	targets.Target
	instance *Instance
	label    string
}

func (c contained) Name() string { return c.label }

// Logs are the lines that the service wrote from one time to another, each behind its time.
func (c contained) Logs(ctx context.Context, from, to time.Time) ([]byte, error) {
	return c.instance.LogsBetween(ctx, from, to)
}

// Secrets are those of the target.
func (c contained) Secrets() []targets.Secret { return targets.SecretsOf(c.Target) }

// Close ends the connection and removes the container, even if the first fails. The logs that are kept are without the
// target's secrets.
func (c contained) Close() error {
	c.instance.Keep(c.Secrets()...)
	return errors.Join(c.Target.Close(), c.instance.Close())
}
