package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// defaultTraces is the number of traces explored where none is given.
const defaultTraces = 1000

// budgetFlags bound an exploration.
type budgetFlags struct {
	traces, seed, workers int
	time                  time.Duration
}

func (b *budgetFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&b.traces, "traces", defaultTraces, "explore at most this many traces")
	cmd.Flags().IntVar(&b.seed, "seed", 0, "seed of the run (default: random, and printed)")
}

func (b *budgetFlags) addTimeAndWorkers(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&b.time, "time", 0, "explore at most this long, as in 90s or 10m; alone, as many traces as fit")
	cmd.Flags().IntVar(&b.workers, "workers", 0, "services explored at once (default: one for each CPU)")
}

// options checks the flags and returns what they say.
func (b *budgetFlags) options(cmd *cobra.Command) (harness.Options, error) {
	o := harness.Options{Mix: scenarios.Consultations(), Traces: b.traces, Time: b.time, Seed: b.seed, Workers: b.workers}
	switch {
	case b.traces < 1:
		return o, fmt.Errorf("--traces: expected a number from 1, got %d", b.traces)
	case b.workers < 0:
		return o, fmt.Errorf("--workers: expected a number from 1, got %d", b.workers)
	case b.time < 0:
		return o, fmt.Errorf("--time: expected a time like 90s, got %v", b.time)
	}
	if !cmd.Flags().Changed("seed") {
		o.Seed = int(time.Now().UnixNano() % 1_000_000_000)
	}
	if b.time > 0 && !cmd.Flags().Changed("traces") {
		o.Traces = math.MaxInt32
	}
	return o, nil
}

type runCommand struct {
	app    *app
	target targetFlags
	budget budgetFlags
	out    string
	json   bool
	// whole says that the whole budget is explored, and a statement written.
	whole bool
	// junit and statement are copies of these reports; empty for none.
	junit, statement string
}

func newRun(a *app) *cobra.Command {
	c := &runCommand{app: a}
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Explore a service until the first violation, and reduce it",
		Long: `Explores a service with random traces until the first violation or the end of the budget. A
violation is confirmed on a fresh service and reduced to the shortest trace that still shows it.
A broken SHOULD rule does not end the exploration unless --strict; it is reduced at the end.
Standard output has the result; the run's directory has results.json, junit.xml, history.jsonl,
found.trace and minimal.trace.

` + targetHelp + `

` + exitHelp,
		Example: `  crosstalk run --traces 2000
  crosstalk run --fault switch-drops-filter --seed 1
  crosstalk run --target container:clinic --fault bola --time 2m
  crosstalk run --noninterference --fault total-counts-all --traces 200
  CROSSTALK_OPERATOR_TOKEN=... crosstalk run --target rest:https://staging.example/api --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	c.add(cmd)
	return cmd
}

func (c *runCommand) add(cmd *cobra.Command) {
	c.target.add(cmd)
	c.budget.add(cmd)
	c.budget.addTimeAndWorkers(cmd)
	addOut(cmd, &c.out)
	cmd.Flags().BoolVar(&c.json, "json", false, "print results.json instead of text")
	cmd.Flags().StringVar(&c.junit, "junit", "", "write junit.xml to this file, too")
}

func addOut(cmd *cobra.Command, out *string) {
	cmd.Flags().StringVar(out, "out", "", "directory of the run, which must not hold another (default: crosstalk-out/TIME-TARGET)")
}

// outDir is the directory named, or a new one.
func outDir(out, target string, now time.Time) string {
	if out != "" {
		return out
	}
	words := strings.FieldsFunc(target, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.'
	})
	return filepath.Join("crosstalk-out", now.UTC().Format("20060102T150405.000Z")+"-"+strings.Join(words, "-"))
}

func (c *runCommand) run(cmd *cobra.Command) error {
	ctx := cmd.Context()
	o, err := c.budget.options(cmd)
	if err != nil {
		return err
	}
	o.Strict, o.Noninterference = c.target.strict, c.target.compare
	started := time.Now()
	out := outDir(c.out, c.target.name(), started)
	l, err := c.target.launcher(ctx, c.app, filepath.Join(out, evidence.LogsDir))
	if err != nil {
		return err
	}
	o.Known, o.Whole = c.target.known(), c.whole
	r := evidence.Run{Secrets: c.app.secrets, Invocation: evidence.Invocation{Program: c.app.program, Target: c.target.args()}, Strict: c.target.strict, Whole: c.whole}
	r.Result = harness.Result{Target: l.Name(), Mix: o.Mix.Name, Seed: o.Seed, Workers: o.Workers, Started: started,
		Rules: judge.RulesOf(&judge.Verdict{}, l.Capabilities())}
	dir, err := createDir(out, r)
	if err != nil {
		return err
	}
	return c.explore(ctx, l, o, r, dir)
}

func createDir(path string, r evidence.Run) (*rundir.Dir, error) {
	dir, err := rundir.Create(path, r)
	if errors.Is(err, rundir.ErrTaken) {
		err = fmt.Errorf("--out: %w; name another directory, or remove it", err)
	}
	return dir, err
}

func (c *runCommand) explore(ctx context.Context, l targets.Launcher, o harness.Options, r evidence.Run, dir *rundir.Dir) error {
	c.app.note("crosstalk: exploring %s from seed %d; results in %s", l.Name(), o.Seed, dir.Path())
	p := c.app.newProgress("", o)
	o.Log, o.Found = dir.Log(), dir.Found
	o.Progress = func(now harness.Progress) {
		p.tell(now)
		dir.Progress(now)
	}
	result, err := harness.Explore(ctx, l, o)
	p.done()
	r.Result = *result
	c.target.describe(&r, c.app.service)
	return errors.Join(c.app.conclude(ctx, r, dir, err, c.json), c.copyReports(dir))
}

// copyReports puts reports where the flags say, for CI services that look for
// them there.
func (c *runCommand) copyReports(dir *rundir.Dir) error {
	var errs []error
	for from, to := range map[string]string{evidence.JUnitFile: c.junit, evidence.StatementFile: c.statement} {
		if to == "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir.Path(), from))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o777)
		}
		if err == nil {
			err = os.WriteFile(to, text, evidence.RightsOf(from))
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// conclude writes the reports of a run that ended, with an error or without.
func (a *app) conclude(ctx context.Context, r evidence.Run, dir *rundir.Dir, err error, asJSON bool) error {
	if err != nil && errors.Is(context.Cause(ctx), errInterrupted) {
		err = errInterrupted
	}
	r.End, r.Dir = endOf(err), dir.Path()
	r.Exit = runCode(r.Verdict, err)
	if err != nil {
		r.Problem, _, _ = strings.Cut(err.Error(), "\n")
	}
	finishErr := dir.Finish(r)
	if asJSON {
		finishErr = errors.Join(finishErr, results.Write(a.stdout, &r))
	} else if r.Found != nil || r.End != evidence.Failed {
		finishErr = errors.Join(finishErr, a.text(&r))
	}
	if err == nil {
		err = finishErr
	}
	if err != nil && r.Exit == exitViolation {
		a.complain(err)
		err = nil
	}
	a.code = r.Exit
	return err
}

// text writes the result for people, in color where that is wanted and can be
// seen (see no-color.org).
func (a *app) text(r *evidence.Run) error {
	if isTerminal(a.stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" {
		return terminal.ColoredText(a.stdout, r)
	}
	return terminal.Text(a.stdout, r)
}

func endOf(err error) evidence.End {
	switch {
	case err == nil:
		return evidence.Finished
	case errors.Is(err, errInterrupted):
		return evidence.Interrupted
	}
	return evidence.Failed
}
