package exchange

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// A Service is what is reached at a base URL, which a restart may change. It may
// be used concurrently.
type Service struct {
	// Transport sends the requests.
	Transport http.RoundTripper
	// StartAgain stops the service and starts it again on what it has kept, and
	// returns its base URL. nil: it cannot be restarted.
	StartAgain func(context.Context) (baseURL string, err error)
	// Known are the secrets of all worlds: what the target was given, and what
	// the operator was told.
	Known secret.Net

	base atomic.Pointer[string]
	told secret.Recent
}

// Session is that of a new world.
func (s *Service) Session(world models.Namespace, timeout time.Duration) Session {
	return Session{World: world, Transport: s.Transport, Timeout: timeout, Known: &s.Known, Told: &s.told}
}

// Secrets are those that are known by now, of users the last ones; see
// [targets.Secretive].
func (s *Service) Secrets() []targets.Secret {
	return slices.Concat(s.Known.Secrets(), s.told.Secrets())
}

// URL is the base URL, without a slash at the end.
func (s *Service) URL() string { return *s.base.Load() }

// MoveTo sets the base URL, as [ParseBase] returns it.
func (s *Service) MoveTo(base string) { s.base.Store(&base) }

// Close closes idle connections and leaves the service alone.
func (s *Service) Close() error {
	if c, ok := s.Transport.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
	return nil
}

// Bounds on the wait for a service that was restarted.
const (
	restartTimeout = 30 * time.Second
	firstPause     = 2 * time.Millisecond
	longestPause   = 100 * time.Millisecond
)

// ErrNoRestart says that a service cannot be restarted.
var ErrNoRestart = errors.New("the target cannot restart its service")

// Restart has the service restarted, goes where it is now, and waits until ping
// says that it is up. Connections are closed first, so that nothing waits for
// them.
func (s *Service) Restart(ctx context.Context, ping func(context.Context) error) error {
	if s.StartAgain == nil {
		return ErrNoRestart
	}
	if err := s.Close(); err != nil {
		return err
	}
	text, err := s.StartAgain(ctx)
	if err != nil {
		return err
	}
	base, err := ParseBase(text)
	if err != nil {
		return err
	}
	s.MoveTo(base)
	return await(ctx, ping)
}

// await asks until the answer is that the service is up.
func await(ctx context.Context, ping func(context.Context) error) error {
	timed, cancel := context.WithTimeout(ctx, restartTimeout)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := ping(timed)
		if err == nil {
			return nil
		}
		select {
		case <-timed.Done():
			return err
		case <-time.After(pause):
		}
	}
}
