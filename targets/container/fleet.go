package container

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
)

// ErrClosed is wrapped by the error of a start on a [Fleet] that is closed, or was closed while the container started.
var ErrClosed = errors.New("fleet is closed")

// A Fleet is the containers of one run, with the networks between them. Its methods are safe for concurrent use.
type Fleet struct {
	run string
	log *slog.Logger

	closing context.Context // cancelled, with cause ErrClosed, when Close begins
	cancel  context.CancelCauseFunc
	starts  sync.WaitGroup // starts that are under way

	mu     sync.Mutex
	closed bool
	count  int
	live   map[*pod]struct{}
}

// NewFleet returns an empty fleet. The run id names the run in container names and labels and must be a valid part of a
// container name; a random one is made when it is empty. The logger, which may be nil, gets what testcontainers says, at
// level debug.
func NewFleet(run string, log *slog.Logger) *Fleet {
	if run == "" {
		run = strings.ToLower(rand.Text()[:12])
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	closing, cancel := context.WithCancelCause(context.Background())
	return &Fleet{run: run, log: log, closing: closing, cancel: cancel, live: map[*pod]struct{}{}}
}

// Run starts a container that belongs to no fleet; the caller closes it. See [Fleet.Run].
func Run(ctx context.Context, opts Options) (*Instance, error) {
	return NewFleet("", nil).Run(ctx, opts)
}

// Run starts a container, after the services beside it, and returns when its service is ready. On an error nothing is left of
// any of it: neither when ctx ends or the fleet is closed between creating and starting, nor when a service exits early
// ([ErrExited]) or is not ready in time ([ErrNotReady]); the last two give the container's last log lines. Without an engine
// the error wraps [ErrNoEngine], on a closed fleet [ErrClosed].
func (f *Fleet) Run(ctx context.Context, opts Options) (*Instance, error) {
	opts, err := opts.complete()
	if err != nil {
		return nil, err
	}
	ctx, leave, err := f.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	pod, err := f.newPod(ctx)
	if err != nil {
		return nil, fmt.Errorf("create container from %s: %w", opts.Image, because(ctx, err))
	}
	instance, err := pod.launch(ctx, opts)
	if err != nil {
		return nil, errors.Join(err, pod.close())
	}
	return instance, nil
}

// Close removes every container and network of the fleet, eight starts' at a time, and lets no other start. Starts under way are given up and
// waited for. It needs no context: each step gives up after 15 s should the engine hang. Closing again removes what could not
// be removed before.
func (f *Fleet) Close() error {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.cancel(ErrClosed)
	f.starts.Wait()
	return inParallel(f.alive(), (*pod).close)
}

// enter counts a start in. The context it returns also ends when the fleet is closed.
func (f *Fleet) enter(ctx context.Context) (context.Context, func(), error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, nil, fmt.Errorf("start container: %w", ErrClosed)
	}
	f.starts.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	unlink := context.AfterFunc(f.closing, func() { cancel(ErrClosed) })
	return ctx, func() {
		unlink()
		cancel(nil)
		f.starts.Done()
	}, nil
}

// nextName returns a container name that no other container of this run has.
func (f *Fleet) nextName() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	return fmt.Sprintf("crosstalk-%s-%d", f.run, f.count)
}

func (f *Fleet) add(p *pod) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live[p] = struct{}{}
}

func (f *Fleet) forget(p *pod) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.live, p)
}

func (f *Fleet) alive() []*pod {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Keys(f.live))
}

// because puts the reason why ctx ended in front of an error that is only its consequence.
func because(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", cause, err)
}

// inParallel calls do for each item, at most eight at a time, and joins the errors.
func inParallel[T any](items []T, do func(T) error) error {
	var all sync.WaitGroup
	slots := make(chan struct{}, 8)
	errs := make([]error, len(items))
	for n, item := range items {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[n] = do(item)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
