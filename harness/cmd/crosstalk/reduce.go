package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/models"
)

type reduceCommand struct {
	app    *app
	target targetFlags
	out    string
}

func newReduce(a *app) *cobra.Command {
	c := &reduceCommand{app: a}
	cmd := &cobra.Command{
		Use:   "reduce TRACE",
		Short: "Reduce one trace to the shortest that still shows its gravest violation",
		Long: `Runs one trace on a fresh service and reduces it to the shortest that still shows its gravest
violation. TRACE is a file or the name of a scenario, as for crosstalk replay. Exits 1 with a
violation and 0 when there is none to reduce.

` + targetHelp,
		Example: `  crosstalk reduce gp-app-2020-06-09 --fault switch-drops-filter`,
		Args:    oneTrace,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	c.target.add(cmd)
	addOut(cmd, &c.out)
	return cmd
}

func (c *reduceCommand) run(ctx context.Context, name string) error {
	t, err := readTrace(name)
	if err != nil {
		return err
	}
	started := time.Now()
	out := outDir(c.out, c.target.name()+"-reduce", started)
	l, err := c.target.launcher(ctx, c.app, filepath.Join(out, evidence.LogsDir))
	if err != nil {
		return err
	}
	r := evidence.Run{Secrets: c.app.secrets, Source: name, Invocation: evidence.Invocation{Program: c.app.program, Target: c.target.args()}, Strict: c.target.strict}
	r.Result = harness.Result{Target: l.Name(), Workers: 1, Started: started, Rules: judge.RulesOf(&judge.Verdict{}, l.Capabilities())}
	dir, err := createDir(out, r)
	if err != nil {
		return err
	}
	j := judge.NewJudge(ctx, l, 2, history.NewLog(dir.Log()))
	j.Compare(c.target.compare)
	err = c.reduce(ctx, j, t, &r, dir, l.Capabilities())
	if closeErr := j.Close(); err == nil {
		err = closeErr
	}
	r.Elapsed = time.Since(started)
	return c.app.conclude(ctx, r, dir, err, false)
}

// reduce runs the trace and, where it breaks a rule, reduces it. It records both
// in r.
func (c *reduceCommand) reduce(ctx context.Context, j *judge.Judge, t models.Trace, r *evidence.Run, dir *rundir.Dir, caps models.Capabilities) error {
	got, err := j.Again(ctx, t, history.Confirming)
	if err != nil {
		return err
	}
	r.Traces, r.Operations, r.Requests = 1, len(t.Ops), got.History.Requests()
	r.Renewed = got.History.Renewed()
	r.Rules = judge.RulesOf(&got.Verdict, caps)
	r.Refused = judge.RefusedIn(got.History, &got.Verdict)
	r.Verdict = r.Refused.QualifyOne(judge.VerdictOfOne(r.Rules, r.Strict))
	v, ok := got.Verdict.Gravest()
	if !ok {
		return nil
	}
	r.Found = &harness.Found{Trace: t, Violation: v, History: got.History, Verdict: got.Verdict, Before: v.Step, Reproduced: true}
	dir.Found(&r.Result)
	p := c.app.newProgress("", harness.Options{})
	defer p.done()
	r.Minimal, err = reduce.Reduce(ctx, j, t, v.Signature, func(length int) {
		p.tell(harness.Progress{Phase: history.Reducing, Length: length, Replays: j.Replays()})
	})
	r.Replays, r.ReplayRequests = j.Replays(), j.Requests()
	if errors.Is(err, reduce.ErrNotShown) {
		r.Found.Reproduced, err = false, nil
	}
	return err
}
