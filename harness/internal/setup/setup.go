package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

// Options are what a setup needs of the program.
type Options struct {
	// Fleet gives the containers of this process; it is asked for once one is
	// needed.
	Fleet func(context.Context) (*container.Fleet, error)
	// KeepLogs is where containers leave their logs; empty for nowhere.
	KeepLogs string
	// AdapterLog takes what an adapter writes to its standard error; may be nil.
	AdapterLog io.Writer
	// Learn is told of the secrets that the operator is told by the service; it
	// may be nil.
	Learn func(targets.Secret)
}

// Service is a service that is ready to be launched.
type Service struct {
	targets.Launcher
	// Reached says how: the URL, the image or the adapter's command, without
	// secrets.
	Reached string
	// Version is the service's own, as far as it is known.
	Version string
	// Digest is the content digest of its image once a container was started,
	// or empty.
	Digest func() string

	close func() error
}

// Close ends what was started, if anything. Containers are the fleet's to end.
func (s *Service) Close() error { return s.close() }

// Error is an error of a setup that a value of the configuration is to blame for.
type Error struct {
	// Key is the path of the value, as in "target.image".
	Key string
	Err error
}

// Error is the error without the key: whoever prints it says the place.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error.
func (e *Error) Unwrap() error { return e.Err }

// Blame is the key of the configuration that an error is due to, or "target".
func Blame(err error) string {
	blamed, ok := errors.AsType[*Error](err)
	switch {
	case ok:
		return blamed.Key
	case errors.Is(err, container.ErrNotReady):
		return "target.ready"
	case errors.Is(err, container.ErrExited):
		return "target.command"
	case errors.Is(err, container.ErrNoImage):
		return "target.image"
	case errors.Is(err, process.ErrAdapter):
		return "target.process.command"
	}
	return "target"
}

// Open makes the service of a file ready. Where it runs already it is asked
// whether it is up; containers are started only by launches.
func Open(ctx context.Context, f *config.File, o Options) (*Service, error) {
	s := &Service{Version: f.Target.Version, Digest: func() string { return "" }, close: func() error { return nil }}
	var err error
	switch {
	case f.Target.Process != nil:
		err = s.adapter(ctx, f, o)
	case f.Target.Contained():
		err = s.contained(ctx, f, o)
	default:
		err = s.running(ctx, f, o)
	}
	if err != nil {
		return nil, err
	}
	if len(f.Run.Without) > 0 {
		s.Launcher = without{s.Launcher, targets.Without(s.Launcher.Capabilities(), f.Run.Without...)}
	}
	return s, nil
}

// without is a launcher some of whose operations are left out.
type without struct {
	targets.Launcher
	caps models.Capabilities
}

func (w without) Capabilities() models.Capabilities { return w.caps }

// Exclusive reports whether the launcher gives one target at a time.
func (w without) Exclusive() bool {
	one, ok := w.Launcher.(targets.Exclusive)
	return ok && one.Exclusive()
}

// adapter starts an adapter and asks what it can do.
func (s *Service) adapter(ctx context.Context, f *config.File, o Options) error {
	p := f.Target.Process
	l, err := process.Open(ctx, process.Config{Command: p.Command, Dir: p.Directory, Env: pairs(p.Environment), Timeout: p.Timeout,
		Log: o.AdapterLog, Name: f.Target.Name, Secrets: f.Secrets()})
	if err != nil {
		return &Error{"target.process.command", err}
	}
	s.Launcher, s.close = l, l.Close
	s.Reached = f.Redact("adapter " + strings.Join(p.Command, " "))
	return nil
}

// pairs are variables as NAME=value.
func pairs(env map[string]string) []string {
	out := make([]string, 0, len(env))
	for name, value := range env {
		out = append(out, name+"="+value)
	}
	return out
}

// unreachable blames the URL for a service that does not answer.
func unreachable(err error) error {
	if errors.Is(err, mapping.ErrNotReady) {
		return &Error{"target.ready.path", fmt.Errorf("%w; correct target.ready, or target.url", err)}
	}
	if errors.Is(err, targets.ErrUnreachable) {
		return &Error{"target.url", fmt.Errorf("%w; start the service, or correct target.url", err)}
	}
	return err
}
