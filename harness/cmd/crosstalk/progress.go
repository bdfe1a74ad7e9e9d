package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// How often progress is told: on a terminal on one live line, and elsewhere on
// lines of their own.
const (
	terminalEvery = 100 * time.Millisecond
	plainEvery    = 5 * time.Second
)

// progress tells how far a run has come. Its methods must not be called at the
// same time.
type progress struct {
	w      io.Writer
	prefix string
	budget harness.Options
	live   *liveLine // nil where there is no terminal
	last   time.Time
	rules  string
}

// newProgress tells of runs within a budget.
func (a *app) newProgress(prefix string, budget harness.Options) *progress {
	p := &progress{w: a.stderr, prefix: prefix, budget: budget, last: time.Now()}
	if isTerminal(a.stderr) {
		p.live = newLiveLine(a.stderr)
	}
	return p
}

func isTerminal(w io.Writer) bool {
	if clean, ok := w.(*secret.Writer); ok {
		w = clean.Behind()
	}
	if p, ok := w.(pipe); ok {
		w = p.Writer
	}
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

func (p *progress) tell(now harness.Progress) {
	every := plainEvery
	if p.live != nil {
		every = terminalEvery
	}
	if time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	if now.SoFar != nil {
		p.rules = exercised(now.SoFar().Rules)
	}
	if p.live != nil {
		p.live.show(p.prefix+p.line(now), p.share(now))
		return
	}
	fmt.Fprintln(p.w, p.prefix+p.line(now))
}

// line says in words how far the run has come.
func (p *progress) line(now harness.Progress) string {
	if now.Phase != history.Exploring {
		return fmt.Sprintf("reducing: %d operations left, %d replays, %s", now.Length, now.Replays, now.Elapsed.Round(time.Second))
	}
	parts := []string{fmt.Sprintf("exploring: %d traces, %d operations", now.Traces, now.Operations)}
	if s := now.Elapsed.Seconds(); s > 0 {
		parts = append(parts, fmt.Sprintf("%.0f operations/s", float64(now.Operations)/s))
	}
	if now.Workers > 0 {
		parts = append(parts, fmt.Sprintf("%d workers", now.Workers))
	}
	if p.rules != "" {
		parts = append(parts, p.rules)
	}
	return strings.Join(append(parts, p.left(now)), ", ")
}

// left is what is left of the budget, by whichever bound is told.
func (p *progress) left(now harness.Progress) string {
	if p.budget.Time > 0 {
		return fmt.Sprintf("%s left", max(p.budget.Time-now.Elapsed, 0).Round(time.Second))
	}
	if left := p.budget.Traces - now.Traces; p.budget.Traces > 0 && now.Traces > 0 {
		each := now.Elapsed / time.Duration(now.Traces)
		return fmt.Sprintf("%d traces left (about %s)", left, (each * time.Duration(left)).Round(time.Second))
	}
	return now.Elapsed.Round(time.Second).String()
}

// share is how much of the budget is spent, from 0 to 1, or -1 where nothing
// tells.
func (p *progress) share(now harness.Progress) float64 {
	switch {
	case now.Phase != history.Exploring:
		return -1
	case p.budget.Time > 0:
		return min(now.Elapsed.Seconds()/p.budget.Time.Seconds(), 1)
	case p.budget.Traces > 0:
		return min(float64(now.Traces)/float64(p.budget.Traces), 1)
	}
	return -1
}

// exercised counts the MUST rules that were asked, of those that apply.
func exercised(rules []judge.RuleResult) string {
	asked, all := 0, 0
	for _, r := range rules {
		if r.Level != "MUST" || r.Verdict == judge.NotApplicable {
			continue
		}
		all++
		if r.Checks > 0 {
			asked++
		}
	}
	return fmt.Sprintf("%d of %d rules exercised", asked, all)
}

// done takes the live line off the terminal.
func (p *progress) done() {
	if p.live != nil {
		p.live.close()
	}
}

// liveLine is a line of a terminal that changes in place.
type liveLine struct {
	bars *mpb.Progress
	bar  *mpb.Bar

	mu    sync.Mutex
	text  string
	share float64
}

// barSteps is the number of steps of the bar of a live line.
const barSteps = 1000

func newLiveLine(w io.Writer) *liveLine {
	l := &liveLine{share: -1}
	l.bars = mpb.New(mpb.WithOutput(w), mpb.WithRefreshRate(terminalEvery), mpb.WithWidth(24))
	l.bar = l.bars.AddBar(barSteps, mpb.BarRemoveOnComplete(), mpb.BarFillerTrim(),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.text
		})))
	return l
}

// show changes the line, and its bar to a share of the whole.
func (l *liveLine) show(text string, share float64) {
	l.mu.Lock()
	l.text = " " + text
	l.mu.Unlock()
	if share >= 0 {
		l.bar.SetCurrent(min(int64(share*barSteps), barSteps-1))
	}
}

// close takes the line away.
func (l *liveLine) close() {
	l.bar.Abort(true)
	l.bars.Wait()
}
