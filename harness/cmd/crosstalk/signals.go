package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted says that a signal ended the command.
var errInterrupted = errors.New("interrupted")

// heedSignals returns a context that SIGINT and SIGTERM end, and a terminal that
// is closed, so that the command can write down what it has and remove what it
// started. A second signal does not wait for that: it only removes containers.
// A reader of standard output that goes away must not end the program before
// its containers are removed.
func (a *app) heedSignals(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE)
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

// pipe is standard output. That its reader has gone, as head does, is no error.
type pipe struct{ io.Writer }

func (p pipe) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		return len(b), nil
	}
	return n, err
}
