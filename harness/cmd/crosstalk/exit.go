package main

import (
	"errors"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

// The exit codes, besides those of a verdict.
const (
	exitConformant    = 0
	exitViolation     = 1
	exitConfiguration = 3 // of crosstalk, of the target's adapter, or of the machine
	exitUnreachable   = 4
	exitBug           = 5
	exitInterrupted   = 130 // as shells count SIGINT
)

// exitHelp explains the codes.
const exitHelp = `Exit codes: 0 conformant, 1 violation, 2 inconclusive, 3 configuration or adapter,
4 service unreachable, 5 bug in crosstalk, 130 interrupted.`

// exitCode is the exit code for an error.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitConformant
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.Is(err, judge.ErrBug):
		return exitBug
	case errors.Is(err, targets.ErrUnreachable), errors.Is(err, container.ErrNotReady):
		return exitUnreachable
	}
	return exitConfiguration
}

// runCode is the exit code of a run with a result that ended with an error, or
// nil. A violation that was found stays one when the run could not go on,
// unless it was interrupted or the harness is broken.
func runCode(verdict judge.Conclusion, err error) int {
	code := exitCode(err)
	if err == nil || verdict == judge.Violated && code != exitInterrupted && code != exitBug {
		return verdict.ExitCode()
	}
	return code
}
