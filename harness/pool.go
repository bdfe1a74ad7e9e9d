package harness

import (
	"context"
	"errors"
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

// get returns a fresh service, which the caller closes.
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

// launch keeps the channel filled until the pool is closed.
func (p *pool) launch() {
	defer close(p.ready)
	for p.ctx.Err() == nil {
		t, err := p.launcher.Launch(p.ctx)
		select {
		case p.ready <- launched{t, err}:
		case <-p.ctx.Done():
			if t != nil {
				t.Close()
			}
		}
	}
}

// close ends the services that nobody asked for.
func (p *pool) close() error {
	p.cancel()
	p.start.Do(func() { close(p.ready) })
	var errs []error
	for l := range p.ready {
		if l.target != nil {
			errs = append(errs, l.target.Close())
		}
	}
	p.running.Wait()
	return errors.Join(errs...)
}
