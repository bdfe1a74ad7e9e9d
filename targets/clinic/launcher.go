package clinic

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// Launcher starts embedded clinics: in this process, on a free port of the loopback interface, with a database in memory
// and the cheapest passwords. Many can run at once; they share nothing.
type Launcher struct {
	// Configure changes the configuration of each clinic before it starts, to seed a fault for example. nil: nothing.
	// It is called anew for each clinic and must keep nothing between calls.
	Configure func(*Config)
	// Label is the name of the clinics in the words of the command line, as in "clinic --fault SLUG". Empty: "clinic".
	Label string
}

var _ targets.Launcher = Launcher{}

// Name returns the label.
func (l Launcher) Name() string { return orDefault(l.Label, "clinic") }

// Fresh returns true: each clinic is a new one.
func (l Launcher) Fresh() bool { return true }

// Capabilities returns what the clinics declare: every operation, and the reference policy as far as the configuration
// does not change it.
func (l Launcher) Capabilities() models.Capabilities {
	return models.Capabilities{Policy: l.config().policy()}
}

// Launch starts a clinic. Closing the target stops it.
func (l Launcher) Launch(ctx context.Context) (targets.Target, error) {
	cfg := l.config()
	server, err := Start(ctx, "127.0.0.1:0", cfg)
	if err != nil {
		return nil, err
	}
	client, err := rest.New(rest.Config{URL: server.URL, OperatorToken: cfg.OperatorToken, Name: l.Name(), Policy: cfg.policy()})
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &embedded{Target: client, stop: sync.OnceValue(server.Close)}, nil
}

func (l Launcher) config() Config {
	cfg := Config{OperatorToken: rand.Text(), PasswordParams: FastPasswords()}
	if l.Configure != nil {
		l.Configure(&cfg)
	}
	return cfg
}

// policy returns what a service with this configuration declares.
func (c Config) policy() models.Policy {
	p := models.ReferencePolicy()
	p.MinAge = orDefault(c.MinimumAge, p.MinAge)
	p.PatientMayEnd = c.EndPolicy == care.ParticipantEnds
	return p
}

// embedded is a target that owns the clinic behind it.
type embedded struct {
	*rest.Target
	stop func() error
}

// Close stops the clinic. Connections that are kept alive are closed first, so that nothing waits for them.
func (e *embedded) Close() error { return errors.Join(e.Target.Close(), e.stop()) }
