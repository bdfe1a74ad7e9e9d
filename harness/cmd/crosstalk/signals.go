package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted says that a signal ended the command.
var errInterrupted = errors.New("interrupted")

// heedSignals returns a context that SIGINT and SIGTERM end, so that the command
// can write down what it has and remove what it started. A second signal does
// not wait for that: it only removes containers.
func (a *app) heedSignals(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case <-signals:
			cancel(errInterrupted)
		case <-done:
			return
		}
		select {
		case <-signals:
			a.cleanUp()
			os.Exit(exitCode(errInterrupted))
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
