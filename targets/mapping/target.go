package mapping

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// Config says which service is driven, and how.
type Config struct {
	// Mapping is how the service is spoken to.
	Mapping *Mapping
	// URL is the base URL of the service, http or https, with or without a path.
	// The file's target.base comes behind it.
	URL string
	// Name is the target's name, "mapping:URL" if empty.
	Name string
	// Policy is what the service declares; if zero, what the reference does, without
	// its choices about the life of a visit.
	Policy models.Policy
	// Timeout is how long one request may take; the file's target.timeout if 0.
	Timeout time.Duration
	// Transport sends the requests; nil for one of the target's own, which trusts
	// the file's target.tls.ca.
	Transport http.RoundTripper
	// Restart stops the service and starts it again on what it has kept, and
	// returns its base URL, which may be another. nil: it cannot be restarted.
	Restart func(context.Context) (baseURL string, err error)
	// Ready says how the service is asked if it is up.
	Ready Ready
	// Secrets are values that were put into the file from elsewhere, as from the
	// environment. Those of the section auth are secrets without it.
	Secrets []targets.Secret
	// Learn, if not nil, is told of the secrets that the operator is told by the
	// service.
	Learn func(targets.Secret)
}

// Ready is the request by which [Target.Ping] asks if a service is up.
type Ready struct {
	// Path is below the URL and begins with a slash. Empty: any answer to a
	// request for the URL itself will do.
	Path string
	// Status are the codes that mean yes; 200 if none.
	Status []int
}

// Target is a service at a base URL, driven by a mapping. It may be used
// concurrently.
type Target struct {
	exchange.Service
	mapping  *Mapping
	name     string
	caps     models.Capabilities
	timeout  time.Duration
	ready    Ready
	operator operatorSession
	learn    func(targets.Secret)
	// bookings are the tags of bookings by their ids, of all worlds.
	bookings sync.Map
	// seen is an id of a recording, by which those that were never given are
	// shaped.
	seen atomic.Pointer[string]
	// found says that something was found below the base.
	found atomic.Bool
}

var _ targets.Target = (*Target)(nil)

// New returns the target that a configuration describes. It sends nothing; see
// [Target.Ping].
func New(c Config) (*Target, error) {
	if c.Mapping == nil {
		return nil, errors.New("make a target: no mapping")
	}
	base, err := exchange.ParseBase(c.URL)
	if err != nil {
		return nil, err
	}
	t := &Target{mapping: c.Mapping, name: c.Name, timeout: c.Timeout, ready: c.Ready,
		caps: capabilities(&c)}
	t.Transport, t.StartAgain, t.learn = c.Transport, c.Restart, c.Learn
	t.Known.Add(c.Mapping.spec.Auth.Secrets(c.Secrets...)...)
	t.MoveTo(base)
	if t.name == "" {
		t.name = "mapping:" + base
	}
	if t.timeout <= 0 {
		t.timeout = c.Mapping.timeout
	}
	if len(t.ready.Status) == 0 {
		t.ready.Status = []int{http.StatusOK}
	}
	if t.Transport == nil {
		t.Transport, err = c.Mapping.transport()
	}
	return t, err
}

// transport is one that trusts the certificate authority of the file, too.
func (m *Mapping) transport() (*http.Transport, error) {
	t := exchange.NewTransport()
	ca := m.spec.Target.TLS.CA
	if !ca.Given() {
		return t, nil
	}
	path := ca.Value
	if !filepath.IsAbs(path) {
		path = filepath.Join(m.spec.Directory, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: read target.tls.ca: %w", m.at(ca.Pos), err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: %s has no certificate in PEM form", m.at(ca.Pos), ca.Value)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return t, nil
}

// at is a position with the name of the file.
func (m *Mapping) at(p Pos) string {
	if m.spec.File == "" {
		return p.String()
	}
	return m.spec.File + ":" + p.String()
}

// capabilities are the declared policy and the operations that are mapped, with
// restart where one is configured.
func capabilities(c *Config) models.Capabilities {
	caps := models.Capabilities{Policy: c.Policy, Operations: c.Mapping.Operations()}
	if c.Policy == (models.Policy{}) {
		caps.Policy = models.ReferencePolicy().Undeclared()
	}
	for k, arguments := range c.Mapping.unsent {
		caps = caps.Lacking(k, arguments...)
	}
	if c.Restart != nil {
		caps.Operations = append(caps.Operations, models.KindRestart)
	}
	return caps
}

// Name is the name from the configuration.
func (t *Target) Name() string { return t.name }

// Capabilities are the declared policy and the operations that the file maps; page
// and follow where its list has a limit and leads to a next page.
func (t *Target) Capabilities() models.Capabilities { return t.caps }

// Mapping is the mapping by which the service is spoken to.
func (t *Target) Mapping() *Mapping { return t.mapping }

// Open returns a world of its own for a namespace. Nothing is sent. The world is a
// [targets.Explainer].
func (t *Target) Open(_ context.Context, world models.Namespace) (targets.World, error) {
	return newWorld(t, world), nil
}

// Ping asks the service whether it is up. The error is one line and wraps
// [targets.ErrUnreachable], unless ctx is done.
func (t *Target) Ping(ctx context.Context) error {
	timed, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	url := t.URL() + t.ready.Path
	req, err := http.NewRequestWithContext(timed, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("ask %s if it is ready: %w", url, err)
	}
	resp, err := t.Transport.RoundTrip(req)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("ask %s if it is ready: %w", url, context.Cause(ctx))
	case err != nil:
		return fmt.Errorf("%w: %s: %w", targets.ErrUnreachable, url, err)
	}
	defer resp.Body.Close()
	exchange.Drain(resp.Body)
	if t.ready.Path != "" && !slices.Contains(t.ready.Status, resp.StatusCode) {
		return fmt.Errorf("%w: %w: %s answered %s, expected %v", targets.ErrUnreachable, ErrNotReady, url, resp.Status, t.ready.Status)
	}
	return nil
}

// wait waits, unless ctx is done before.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
