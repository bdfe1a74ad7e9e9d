package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
)

type replayCommand struct {
	app    *app
	target targetFlags
}

func newReplay(a *app) *cobra.Command {
	c := &replayCommand{app: a}
	cmd := &cobra.Command{
		Use:   "replay TRACE",
		Short: "Run one trace on a fresh service and judge it",
		Long: `Runs one trace on a fresh service, prints what each step was answered, and says which rules it
breaks. TRACE is a file, or the name of a scenario: ` + strings.Join(scenarios.Names(), ", ") + `.

Exits 1 when a rule is broken, 0 when none is, and 2 when an answer that would tell is missing.
Rules that the trace does not exercise do not matter. A "# target:" note in the file is only
information.

` + targetHelp,
		Example: `  crosstalk replay crosstalk-out/.../minimal.trace --fault switch-drops-filter
  crosstalk replay gp-app-2020-06-09`,
		Args: oneTrace,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	c.target.add(cmd)
	return cmd
}

func (c *replayCommand) run(ctx context.Context, name string) error {
	t, err := readTrace(name)
	if err != nil {
		return err
	}
	l, err := c.target.launcher(ctx, c.app, "")
	if err != nil {
		return err
	}
	got, err := harness.Replay(ctx, l, t, harness.Options{Noninterference: c.target.compare})
	if err != nil {
		return err
	}
	r := &terminal.Replay{Target: l.Name(), Trace: t, Judgement: got, Rules: judge.RulesOf(&got.Verdict, l.Capabilities()), Strict: c.target.strict}
	c.app.code = r.Verdict().ExitCode()
	return terminal.Replayed(c.app.stdout, r)
}

// readTrace reads a trace from a file, or takes the scenario of that name.
func readTrace(name string) (models.Trace, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && filepath.Base(name) == name && filepath.Ext(name) == "" {
		t, err := scenarios.Named(name)
		if err != nil {
			return t, fmt.Errorf("no file %s, and %w", name, err)
		}
		return t, nil
	}
	if err != nil {
		return models.Trace{}, fmt.Errorf("read the trace: %w; expected a file, or a scenario: %s", err, strings.Join(scenarios.Names(), ", "))
	}
	t, err := models.ParseFile(name, string(text))
	if err == nil && len(t.Ops) == 0 {
		err = fmt.Errorf("%s has no operations; expected lines like %s", name, models.Shape(models.KindPatient))
	}
	return t, err
}
