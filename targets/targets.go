// Package targets says how a service is reached. The services and the ways to
// reach them are in the packages below it.
package targets

import (
	"context"
	"errors"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// ErrUnreachable says that a service does not answer.
var ErrUnreachable = errors.New("service unreachable")

// A Target is a running service that can be put under test.
type Target interface {
	// Name says which service it is, in the words of the command line.
	Name() string
	// Capabilities are the operations it supports and the policy it declares.
	Capabilities() models.Capabilities
	// Open returns a World in which nobody exists yet. What it names, titles and
	// sends must carry the namespace, which is never used twice on one service,
	// so that several worlds can share the service at once.
	Open(ctx context.Context, world models.Namespace) (World, error)
	// Close ends the service, if the target started it. It may be called twice.
	Close() error
}

// A World performs operations against one service. Its methods need not be safe
// for concurrent use.
type World interface {
	// Apply performs the operation and says in the terms of the model what the
	// service answered. It returns an error only when the harness or the adapter
	// is broken, or ctx is done; what the service did, however bad, is a
	// Response.
	Apply(ctx context.Context, call models.Call) (models.Response, error)
	Close() error
}

// Trouble is something that went wrong in an operation, and where the
// configuration of the target says what was done.
type Trouble struct {
	// Key is the path of the value that is probably to blame, as in
	// "operations.book.path", or empty where it is none of the configuration's.
	Key string
	// Text says what was seen and what was expected, in a line without secrets.
	Text string
}

// An Explainer is a [World] that can say what went wrong.
type Explainer interface {
	// Trouble is that of the operation last applied, the likeliest cause first.
	Trouble() []Trouble
}

// A Launcher starts instances of one service.
type Launcher interface {
	Name() string
	Capabilities() models.Capabilities
	// Launch starts an instance in which nobody exists yet. The context bounds
	// the start, not the life of the instance.
	Launch(ctx context.Context) (Target, error)
	// Fresh reports whether each instance is a new one. Where it is not, worlds
	// on one service are kept apart by their names alone.
	Fresh() bool
}

// Shared is a Launcher for a service that runs elsewhere and cannot be reset:
// every launch gives the same target, and closing it leaves the service alone.
// Others may use the service, so that it is neither restarted nor are its replays
// switched off.
func Shared(t Target) Launcher {
	return shared{t, Without(t.Capabilities(), slices.DeleteFunc(models.Kinds(), func(k models.Kind) bool { return !models.ConcernsService(k) })...)}
}

type shared struct {
	Target
	caps models.Capabilities
}

func (s shared) Capabilities() models.Capabilities      { return s.caps }
func (s shared) Launch(context.Context) (Target, error) { return s, nil }
func (shared) Fresh() bool                              { return false }
func (shared) Close() error                             { return nil }

// Secrets are those of the service's target.
func (s shared) Secrets() []Secret { return SecretsOf(s.Target) }

// Without returns capabilities that lack some kinds of operation.
func Without(c models.Capabilities, kinds ...models.Kind) models.Capabilities {
	all := c.Operations
	if all == nil {
		all = models.Kinds()
	}
	c.Operations = make([]models.Kind, 0, len(all))
	for _, k := range all {
		if !slices.Contains(kinds, k) {
			c.Operations = append(c.Operations, k)
		}
	}
	return c
}
