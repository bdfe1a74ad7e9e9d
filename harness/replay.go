package harness

import (
	"context"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// The values by which a run is told, for those who name them.
type (
	// History is what happened when a trace was run: one event for each operation
	// performed, in order.
	History = history.History
	// Verdict is what the rules say of a history.
	Verdict = judge.Verdict
	// Judgement is a trace's history on a fresh service, and the verdict on it.
	Judgement = judge.Judgement
)

// Run performs a trace in a fresh world of a target and returns what happened;
// while it does, it is written to log as lines of JSON, unless that is nil. An
// error means that the adapter is broken or ctx is done; the history then ends
// before the operation that could not be performed.
func Run(ctx context.Context, target targets.Target, world models.Namespace, t models.Trace, log io.Writer) (*History, error) {
	return judge.Run(ctx, target, world, t, history.NewLog(log))
}

// Check folds the rules over a history. It does not change the history, and
// gives the same verdict for the same history.
func Check(h *History) Verdict { return judge.Check(h) }

// Replay runs a trace on a fresh service and judges it. Of the options Log and
// Noninterference are used.
func Replay(ctx context.Context, l targets.Launcher, t models.Trace, o Options) (got *Judgement, err error) {
	j := judge.NewJudge(ctx, l, 1, history.NewLog(o.Log))
	j.Compare(o.Noninterference)
	defer func() {
		if closeErr := j.Close(); err == nil {
			err = closeErr
		}
	}()
	return j.Again(ctx, t, history.Replaying)
}
