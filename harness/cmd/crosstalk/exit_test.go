package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

func TestExitCodes(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"nothing wrong":                    {nil, 0},
		"any other error":                  {errors.New("--traces: expected a number"), 3},
		"a trace that does not parse":      {&models.SyntaxError{Line: 1, Column: 1}, 3},
		"no such fault":                    {faults.ErrUnknown, 3},
		"no Docker engine":                 {container.ErrNoEngine, 3},
		"a binary that is not static":      {container.ErrNotStatic, 3},
		"a container that exited":          {container.ErrExited, 3},
		"a container that does not answer": {container.ErrNotReady, 4},
		"a service that does not answer":   {targets.ErrUnreachable, 4},
		"a bug":                            {judge.ErrBug, 5},
		"a bug and a silent service":       {errors.Join(targets.ErrUnreachable, judge.ErrBug), 5},
		"a signal":                         {errInterrupted, 130},
		"a signal during a bug":            {errors.Join(judge.ErrBug, errInterrupted), 130},
		"a deadline of nobody's":           {context.DeadlineExceeded, 3},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, exitCode(c.err))
			if c.err != nil {
				require.Equal(t, c.want, exitCode(fmt.Errorf("start: %w", c.err)))
			}
		})
	}
}

func TestExitCodesOfRuns(t *testing.T) {
	for name, c := range map[string]struct {
		verdict judge.Conclusion
		err     error
		want    int
	}{
		"conformant":   {judge.Conformant, nil, 0},
		"violation":    {judge.Violated, nil, 1},
		"inconclusive": {judge.Inconclusive, nil, 2},
		"a violation stays one when the adapter breaks": {judge.Violated, errors.New("adapter"), 1},
		"or the service falls silent":                   {judge.Violated, targets.ErrUnreachable, 1},
		"but not in a broken harness":                   {judge.Violated, judge.ErrBug, 5},
		"nor when it was interrupted":                   {judge.Violated, errInterrupted, 130},
		"no pass after an error":                        {judge.Conformant, errors.New("adapter"), 3},
		"nor when the service fell silent":              {judge.Conformant, targets.ErrUnreachable, 4},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, runCode(c.verdict, c.err)) })
	}
}

func harnessProgress(traces int) harness.Progress {
	return harness.Progress{Phase: history.Exploring, Workers: 2, Traces: traces, Operations: 10 * traces, Elapsed: time.Second}
}
