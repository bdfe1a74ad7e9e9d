package targets

import (
	"context"
	"fmt"
	"sync"

	"github.com/telehealth-conformance/crosstalk/models"
)

// An Exclusive launcher gives one target at a time: a launch waits until the
// target of the one before is closed.
type Exclusive interface {
	Exclusive() bool
}

// Resettable is a Launcher for one service that can be made to forget everybody:
// each launch resets it. Closing a target leaves the service running for the next
// launch. It is [Exclusive].
func Resettable(t Target, reset func(context.Context) error) Launcher {
	r := &resettable{target: t, reset: reset, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

type resettable struct {
	target Target
	reset  func(context.Context) error
	turn   chan struct{} // holds one while nobody uses the service
}

func (r *resettable) Name() string                      { return r.target.Name() }
func (r *resettable) Capabilities() models.Capabilities { return r.target.Capabilities() }
func (*resettable) Fresh() bool                         { return true }
func (*resettable) Exclusive() bool                     { return true }

func (r *resettable) Launch(ctx context.Context) (Target, error) {
	select {
	case <-r.turn:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if err := r.reset(ctx); err != nil {
		r.turn <- struct{}{}
		return nil, fmt.Errorf("reset %s: %w", r.target.Name(), err)
	}
	return &turn{Target: r.target, end: sync.OnceFunc(func() { r.turn <- struct{}{} })}, nil
}

// turn is the service for as long as it is one launch's.
type turn struct {
	Target
	end func()
}

// Secrets are those of the service's target.
func (t *turn) Secrets() []Secret { return SecretsOf(t.Target) }

// Close lets the next launch have the service.
func (t *turn) Close() error {
	t.end()
	return nil
}
