package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/telehealth-conformance/crosstalk/harness"
)

// How often progress is told: on a terminal on one line, rewritten in place, and
// elsewhere on lines of their own.
const (
	terminalEvery = 100 * time.Millisecond
	plainEvery    = 5 * time.Second
)

// progress tells how far a run has come. Its methods must not be called at the
// same time.
type progress struct {
	w        io.Writer
	prefix   string
	terminal bool
	last     time.Time
	shown    bool // a line stands on the terminal
}

func (a *app) newProgress(prefix string) *progress {
	file, ok := a.stderr.(*os.File)
	return &progress{w: a.stderr, prefix: prefix, terminal: ok && isatty.IsTerminal(file.Fd()), last: time.Now()}
}

func (p *progress) tell(now harness.Progress) {
	every := plainEvery
	if p.terminal {
		every = terminalEvery
	}
	if time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K%s", p.line(now))
		p.shown = true
		return
	}
	fmt.Fprintln(p.w, p.line(now))
}

func (p *progress) line(now harness.Progress) string {
	if now.Phase == harness.Exploring {
		return fmt.Sprintf("%sexploring: %d traces, %d operations, %s", p.prefix, now.Traces, now.Operations, now.Elapsed.Round(time.Second))
	}
	return fmt.Sprintf("%sreducing: %d operations left, %d replays", p.prefix, now.Length, now.Replays)
}

// done takes the line off the terminal.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
