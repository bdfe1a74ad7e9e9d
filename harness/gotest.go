package harness

import (
	"context"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Test is the entry for Go tests: it hunts for violations on a service with
// traces drawn by [rapid.Check], so that rapid's flags, seeds and fail files
// work (-rapid.checks, -rapid.seed, -rapid.failfile). Pass a [*testing.T].
//
// The test fails on the first violation, in one line of constant text, after it
// was confirmed and reduced; the minimal trace is logged. Rapid's own shrinking
// is answered from memory, so that the service is not asked again. The test
// also fails when a MUST rule was never exercised: a run that asked nothing is
// not a pass.
//
// Of the options Mix and Log are used; the number of traces and the seed are
// rapid's. A service that runs elsewhere is given as [targets.Shared].
func Test(t rapid.TB, l targets.Launcher, options ...func(*Options)) {
	t.Helper()
	var o Options
	for _, set := range options {
		set(&o)
	}
	o.Workers = 1
	p, err := newProperty(context.Background(), l, o.withDefaults(l))
	if err != nil {
		t.Fatalf("crosstalk: %v", err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Errorf("crosstalk: %v", err)
		}
	}()
	rapid.Check(t, p.check)
	p.finish(t)
}

// property is what rapid checks, with one service and all that was run on it.
type property struct {
	ctx       context.Context
	explorer  *explorer
	target    targets.Target
	worker    *worker
	generator *rapid.Generator[models.Trace]
	traces    []models.Trace
	// failed is the trace that failed, verdict the text with which it did, and
	// report what is known of it: from then on every question is answered from
	// memory.
	failed, verdict, report string
}

func newProperty(ctx context.Context, l targets.Launcher, o Options) (*property, error) {
	target, err := l.Launch(ctx)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", l.Name(), err)
	}
	p := &property{ctx: ctx, target: target, worker: &worker{worlds: make(map[models.Namespace]int)},
		generator: seeded(o.Mix.Traces(l.Capabilities().Policy))}
	log := history.NewLog(o.Log)
	p.explorer = newExplorer(l, judge.NewJudge(ctx, l, 2, log), log, o, func(i int) models.Trace { return p.traces[i] })
	return p, nil
}

// seeded draws the seed of a trace, evenly, and not the trace operation by
// operation: as the service is not asked again while rapid shrinks, there is
// nothing for it to find in a long stream of bits, and it would look for long.
func seeded(g *rapid.Generator[models.Trace]) *rapid.Generator[models.Trace] {
	bit := rapid.Bool()
	return rapid.Custom(func(t *rapid.T) models.Trace {
		seed := 0
		for range 62 {
			seed <<= 1
			if bit.Draw(t, "bit") {
				seed |= 1
			}
		}
		return scenarios.Draw(g, seed)
	})
}

func (p *property) close() error {
	err := p.target.Close()
	if judgeErr := p.explorer.judge.Close(); err == nil {
		err = judgeErr
	}
	return err
}

// check runs one drawn trace. Its failure text is the same for the same
// violation, as rapid's shrinking needs.
func (p *property) check(t *rapid.T) {
	trace := p.generator.Draw(t, "trace")
	body := trace.Body()
	if p.verdict == "" {
		p.run(trace, body)
	}
	if body == p.failed {
		t.Log(p.report)
		t.Fatalf("crosstalk: %s", p.verdict)
	}
}

func (p *property) run(trace models.Trace, body string) {
	p.traces = append(p.traces, trace)
	if err := p.explorer.try(p.ctx, p.target, p.worker, len(p.traces)-1); err != nil {
		p.failed, p.verdict, p.report = body, "the trace could not be run", err.Error()
		return
	}
	if f := p.explorer.found; f == nil || !f.Counts(p.explorer.options.Strict) || judge.Held(&p.explorer.tally.Coverage) {
		return
	}
	p.failed, p.verdict = body, p.explorer.found.Violation.Signature.String()
	result, err := p.explorer.conclude(p.ctx, nil)
	p.report = result.Found.Violation.Message
	if m := result.Minimal; m != nil {
		p.report += fmt.Sprintf("\nminimal trace, %d operations, %d replays:\n%s", len(m.Trace.Ops), m.Replays, m.Annotated())
	} else {
		p.report += "\nthe violation did not show again on a fresh service"
	}
	if err != nil {
		p.report += "\nreducing the trace ended early: " + err.Error()
	}
}

// finish fails the test when a MUST rule was never asked.
func (p *property) finish(t rapid.TB) {
	t.Helper()
	r := p.explorer.result()
	if err := r.recognized(); err != nil && p.failed == "" {
		t.Errorf("crosstalk: %v", err)
		return
	}
	if f := p.explorer.found; f != nil && !f.Counts(p.explorer.options.Strict) {
		t.Logf("crosstalk: advice: %s: %s, shown by\n%s", f.Violation.Signature, f.Violation.Message, r.Found.Trace)
	}
	var open []string
	for _, rule := range r.Rules {
		if rule.Level == "MUST" && (rule.Verdict == judge.NotExercised || rule.Verdict == judge.Inconclusive) {
			open = append(open, rule.ID+" "+string(rule.Verdict))
		}
	}
	for _, k := range r.Refused.Always(r.Rules) {
		open = append(open, fmt.Sprintf("every %s was refused (%d of %d)", k.Kind, k.Refused, k.Allowed))
	}
	if r.Incident == judge.IncidentUnasked {
		open = append(open, "no trace has the shape of 9 June 2020")
	}
	if r.Refused.Tokens != nil {
		open = append(open, "the service refuses a valid token of "+string(r.Refused.Tokens.User)+"'s")
	}
	if r.Verdict == judge.Inconclusive {
		t.Errorf("crosstalk: inconclusive after %d traces: %s; draw more with -rapid.checks", r.Traces, strings.Join(open, ", "))
	}
}
