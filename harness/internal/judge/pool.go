package judge

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// pool keeps fresh services ready ahead of need. It launches none before the
// first is asked for.
type pool struct {
	launcher targets.Launcher
	ready    chan launched
	ctx      context.Context
	cancel   context.CancelFunc
	start    sync.Once
	running  sync.WaitGroup

	mu   sync.Mutex
	errs []error // of closing used services
}

type launched struct {
	target targets.Target
	err    error
}

// newPool returns a pool that keeps n services ready while it lives. It must be
// closed.
func newPool(ctx context.Context, l targets.Launcher, n int) *pool {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{launcher: l, ctx: ctx, cancel: cancel}
	p.ready = make(chan launched, max(n-1, 0))
	return p
}

// get returns a fresh service, which the caller gives back with done.
func (p *pool) get(ctx context.Context) (targets.Target, error) {
	p.start.Do(func() { p.running.Go(p.launch) })
	select {
	case l, open := <-p.ready:
		if !open {
			return nil, p.ctx.Err()
		}
		return l.target, l.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// done closes a used service while others are used.
func (p *pool) done(t targets.Target) {
	p.running.Go(func() {
		if err := t.Close(); err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.errs = append(p.errs, fmt.Errorf("stop %s: %w", t.Name(), err))
		}
	})
}

// launch keeps the channel filled until the pool is closed.
func (p *pool) launch() {
	defer close(p.ready)
	for p.ctx.Err() == nil {
		t, err := p.launcher.Launch(p.ctx)
		select {
		case p.ready <- launched{t, err}:
		case <-p.ctx.Done():
			if t != nil {
				p.done(t)
			}
		}
	}
}

// close ends the services that nobody asked for, waits until all are ended, and
// reports what could not be ended.
func (p *pool) close() error {
	p.cancel()
	p.start.Do(func() { close(p.ready) })
	for l := range p.ready {
		if l.target != nil {
			p.done(l.target)
		}
	}
	p.running.Wait()
	return errors.Join(p.errs...)
}
