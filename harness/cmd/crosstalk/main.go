// Command crosstalk drives a telehealth service and looks for traces in which
// one patient is shown another's recording.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/setup"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

func main() { os.Exit(run(os.Args, os.Stdout, os.Stderr)) }

// run is the program: it performs a command line and returns the exit code. It
// leaves no container behind, whatever way the command ends.
func run(args []string, stdout, stderr io.Writer) (code int) {
	secrets := new(secret.Net)
	secrets.Add(rest.OperatorSecret(os.Getenv(operatorTokenVariable)))
	out, notes := secrets.Writer(pipe{stdout}), secrets.Writer(stderr)
	defer func() { _, _ = out.Close(), notes.Close() }()
	a := &app{program: programName(args[0]), stdout: out, stderr: notes, secrets: secrets}
	ctx, stop := a.heedSignals(context.Background())
	defer stop()
	err := a.perform(ctx, args[1:])
	if cleanErr := a.cleanUp(); err == nil && cleanErr != nil {
		err = cleanErr
	}
	if err == nil {
		return a.code
	}
	a.complain(err)
	return exitCode(err)
}

// app is what the commands share.
type app struct {
	program        string
	stdout, stderr io.Writer
	// secrets are taken out of everything that is written.
	secrets *secret.Net
	// code is the exit code of a command that did its work.
	code int

	mu       sync.Mutex
	cleaners []func() error
	docker   *docker        // nil before a container is needed
	service  *setup.Service // nil where no file says which it is
}

// perform runs the command. A panic is returned as a bug in the harness.
func (a *app) perform(ctx context.Context, args []string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: panic: %v\n%s", judge.ErrBug, p, debug.Stack())
		}
	}()
	root := newRoot(a)
	root.SetArgs(args)
	err = root.ExecuteContext(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errInterrupted) {
		return errInterrupted
	}
	return err
}

// onExit has something done when the program ends, by itself or by a signal.
func (a *app) onExit(clean func() error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cleaners = append(a.cleaners, clean)
}

// cleanUp does what is to be done at the end. It may be called twice, also at
// the same time.
func (a *app) cleanUp() error {
	a.mu.Lock()
	cleaners := a.cleaners
	a.mu.Unlock()
	var errs []error
	for _, clean := range cleaners {
		errs = append(errs, clean())
	}
	return errors.Join(errs...)
}

// complain writes an error: one line, and below it what belongs to it, as the
// last lines of a container's log.
func (a *app) complain(err error) {
	line, rest, _ := strings.Cut(err.Error(), "\n")
	fmt.Fprintf(a.stderr, "crosstalk: %s\n", line)
	if rest = strings.TrimRight(rest, "\n"); rest != "" {
		fmt.Fprintln(a.stderr, rest)
	}
}

// note tells people what goes on.
func (a *app) note(format string, args ...any) { fmt.Fprintf(a.stderr, format+"\n", args...) }

// programName is how to call the program again. What "go run" builds is gone
// when it ends.
func programName(arg string) string {
	if strings.Contains(arg, "go-build") {
		return "crosstalk"
	}
	return arg
}
