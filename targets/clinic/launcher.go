package clinic

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// Launcher starts embedded clinics, with the cheapest passwords. Many can run at once; they share nothing.
type Launcher struct {
	// Configure changes the configuration of each clinic before it starts, to seed a fault for example. nil: nothing.
	// It is called anew for each clinic and must keep nothing between calls.
	Configure func(*Config)
	// Label is the name of the clinics in the words of the command line, as in "clinic --fault SLUG". Empty: "clinic".
	Label string
	// Listen has each clinic listen on a free port of the loopback interface, with a database file that is removed in the
	// end. Otherwise its handler is asked in this process and its database is in memory, which is quicker.
	Listen bool
	// Undeclared has them declare no choice about the life of a visit: what they chose is to be found out.
	Undeclared bool
}

var _ targets.Launcher = Launcher{}

// Name returns the label.
func (l Launcher) Name() string { return orDefault(l.Label, "clinic") }

// Fresh returns true: each clinic is a new one.
func (l Launcher) Fresh() bool { return true }

// Capabilities returns what the clinics declare: every operation, and the reference policy as far as the configuration
// does not change it.
func (l Launcher) Capabilities() models.Capabilities {
	return models.Capabilities{Policy: l.policy(l.config())}
}

// policy returns what a clinic with a configuration declares.
func (l Launcher) policy(c Config) models.Policy {
	if l.Undeclared {
		return c.policy().Undeclared()
	}
	return c.policy()
}

// Launch starts a clinic. Closing the target stops it.
func (l Launcher) Launch(ctx context.Context) (targets.Target, error) {
	e := &embedded{}
	e.stop = sync.OnceValue(e.clear)
	start := e.reside
	if l.Listen {
		start = e.listen
	}
	cfg := l.config()
	c := rest.Config{OperatorToken: cfg.OperatorToken, Name: l.Name(), Policy: l.policy(cfg), Restart: e.restart}
	err := start(ctx, cfg, &c)
	if err == nil {
		e.Target, err = rest.New(c)
	}
	if err != nil {
		return nil, errors.Join(err, e.stop())
	}
	return e, nil
}

// residence is the base URL of clinics that are asked in this process.
const residence = "http://clinic.test"

// reside starts a clinic that is asked in this process.
func (e *embedded) reside(ctx context.Context, cfg Config, c *rest.Config) error {
	r, err := reside(ctx, cfg)
	if err != nil {
		return err
	}
	e.clinic, c.URL, c.Handler = r, residence, r
	return nil
}

// listen starts a clinic that listens, with its database in a directory of its own unless it was configured to have one
// elsewhere.
func (e *embedded) listen(ctx context.Context, cfg Config, c *rest.Config) (err error) {
	if cfg.Database == "" {
		if e.dir, err = os.MkdirTemp("", "clinic-"); err != nil {
			return fmt.Errorf("make a directory for the database: %w", err)
		}
		cfg.Database, cfg.Unsynced = filepath.Join(e.dir, "clinic.db"), true
	}
	server, err := Start(ctx, "127.0.0.1:0", cfg)
	if err != nil {
		return err
	}
	e.clinic, c.URL = server, server.URL
	return nil
}

func (l Launcher) config() Config {
	cfg := Config{OperatorToken: rand.Text(), PasswordParams: FastPasswords()}
	if l.Configure != nil {
		l.Configure(&cfg)
	}
	return cfg
}

// policy returns what a service with this configuration declares. One that chooses otherwise than the reference clinic in the
// course of a consultation declares nothing of that, nor does it declare what it does like the reference clinic. Totals that are
// estimates it always declares.
func (c Config) policy() models.Policy {
	p := models.ReferencePolicy()
	p.MinAge = orDefault(c.MinimumAge, p.MinAge)
	p.PatientMayEnd = c.EndPolicy == care.ParticipantEnds
	p.Recordings = models.Grain(orDefault(c.Recordings, care.PerSegment))
	p.RecordAudio = !c.DiscardAudio
	if c.Refusal == AsDenied {
		p.Refusal = models.Denied
	}
	p.Lag = c.Lag
	p.Groups = c.Groups
	p.Repeats = c.Repeats
	p.Links = models.LinkPolicy(orDefault(c.Links, BearerLinks))
	p.Access = c.Access
	silent := c.Choices
	if silent.Totals == care.TotalEstimated {
		silent.Totals = ""
	}
	if silent != (care.Choices{}) {
		p = p.Undeclared()
	}
	if c.Choices.Totals == care.TotalEstimated {
		p.Totals = models.EstimateTotals
	}
	return p
}

// embedded is a target that owns the clinic behind it.
type embedded struct {
	*rest.Target
	clinic interface {
		Restart(context.Context) error
		Close() error
	}
	dir  string       // where the database is, if it goes with the clinic
	stop func() error // clear, once
}

// Close stops the clinic and removes its database. It may be called twice.
func (e *embedded) Close() error { return e.stop() }

// clear undoes as much as was done. Connections that are kept alive are closed first, so that nothing waits for them.
func (e *embedded) clear() error {
	var errs []error
	if e.Target != nil {
		errs = append(errs, e.Target.Close())
	}
	if e.clinic != nil {
		errs = append(errs, e.clinic.Close())
	}
	if e.dir != "" {
		errs = append(errs, os.RemoveAll(e.dir))
	}
	return errors.Join(errs...)
}

// restart stops the clinic and starts it again on its database. The address stays the same.
func (e *embedded) restart(ctx context.Context) (baseURL string, err error) {
	if err := errors.Join(e.Target.Close(), e.clinic.Restart(ctx)); err != nil {
		return "", err
	}
	return e.URL(), nil
}
