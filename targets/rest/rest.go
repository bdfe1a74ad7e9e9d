// Package rest drives any service that implements the conformance API, which
// ../clinic/openapi.yaml defines, over HTTP.
//
// A [Target] is one service at one base URL and shares its connections among
// its worlds. A [World] keeps what the service calls things: it knows the ids
// and tokens behind the handles of a trace, and names again what comes back.
package rest

//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../clinic/openapi.yaml

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// Config says which service is driven, and how.
type Config struct {
	// URL is the base URL of the service, http or https, with or without a path.
	URL string
	// OperatorToken is the bearer token with which clinicians are registered and
	// replays are switched off and on. Without it there is no kill switch.
	OperatorToken string
	// Name is the target's name, "rest:URL" if empty.
	Name string
	// Policy is what the service declares; if zero, what the reference does, without
	// its choices about the life of a visit.
	Policy models.Policy
	// Timeout is how long one request may take, 10 s if 0.
	Timeout time.Duration
	// Transport sends the requests; nil for one of the target's own. Redirects
	// are never followed.
	Transport http.RoundTripper
	// Handler, if not nil, is the service: it is asked in this process, without
	// sockets, and Transport is not used. See [exchange.InProcess].
	Handler http.Handler
	// Restart stops the service and starts it again on what it has kept, and
	// returns its base URL, which may be another. nil: it cannot be restarted.
	Restart func(context.Context) (baseURL string, err error)
}

// defaultTimeout is how long one request may take where nothing else is said.
const defaultTimeout = 10 * time.Second

// Target is a service at a base URL. It may be used concurrently.
type Target struct {
	exchange.Service
	name     string
	operator string // an Authorization header's value, or empty
	caps     models.Capabilities
	timeout  time.Duration
}

var _ targets.Target = (*Target)(nil)

// New returns the target that a configuration describes. It sends nothing; see
// [Target.Ping].
func New(c Config) (*Target, error) {
	base, err := exchange.ParseBase(c.URL)
	if err != nil {
		return nil, err
	}
	t := &Target{name: c.Name, operator: bearer(c.OperatorToken), caps: capabilities(&c), timeout: c.Timeout}
	t.Transport, t.StartAgain = c.Transport, c.Restart
	t.Known.Add(OperatorSecret(c.OperatorToken))
	t.MoveTo(base)
	if t.name == "" {
		t.name = "rest:" + base
	}
	if t.timeout <= 0 {
		t.timeout = defaultTimeout
	}
	switch {
	case c.Handler != nil:
		t.Transport = exchange.InProcess(c.Handler)
	case t.Transport == nil:
		t.Transport = exchange.NewTransport()
	}
	return t, nil
}

// OperatorSecret is the operator's token as a secret.
func OperatorSecret(token string) targets.Secret {
	return targets.Secret{Value: token, Name: "CROSSTALK_OPERATOR_TOKEN", Place: targets.Place{In: targets.InHeader, Name: "Authorization"}}
}

func bearer(token string) string {
	if token == "" {
		return ""
	}
	return "Bearer " + token
}

// Name is the name from the configuration.
func (t *Target) Name() string { return t.name }

// Capabilities are the declared policy and every operation, but for the kill
// switch without the operator's token, and for a restart where none is
// configured.
func (t *Target) Capabilities() models.Capabilities { return t.caps }

func capabilities(c *Config) models.Capabilities {
	caps := models.Capabilities{Policy: c.Policy}
	if c.Policy == (models.Policy{}) {
		caps.Policy = models.ReferencePolicy().Undeclared()
	}
	if c.Restart == nil {
		caps = targets.Without(caps, models.KindRestart)
	}
	if c.OperatorToken == "" {
		caps = targets.Without(caps, models.KindReplays)
	}
	return caps
}

// Open returns a world of its own for a namespace. Nothing is sent.
func (t *Target) Open(_ context.Context, world models.Namespace) (targets.World, error) {
	return newWorld(t, world), nil
}

// Ping asks the service whether it is up. The error is one line and wraps
// [targets.ErrUnreachable], unless ctx is done.
func (t *Target) Ping(ctx context.Context) error {
	timed, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	base, r := t.URL(), getHealth()
	req, err := http.NewRequestWithContext(timed, r.method, base+r.path, nil)
	if err != nil {
		return fmt.Errorf("ask %s for its health: %w", base, err)
	}
	resp, err := t.Transport.RoundTrip(req)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("ask %s for its health: %w", base, context.Cause(ctx))
	case err != nil:
		return fmt.Errorf("%w: %s: %w", targets.ErrUnreachable, base, err)
	}
	defer resp.Body.Close()
	exchange.Drain(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s%s answered %s, expected 200", targets.ErrUnreachable, base, r.path, resp.Status)
	}
	return nil
}
