package judge

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Attribute runs a trace once more without the refused operations by which alone a
// violation in its verdict is explained. Where an answer that was not to be expected
// is given up to there without them, too, they are not its cause: then nobody is
// blamed, and the violation is taken out of the verdict.
func (j *Judge) Attribute(ctx context.Context, t models.Trace, v *Verdict) error {
	at := slices.IndexFunc(v.Violations, func(x models.Violation) bool { return len(x.Causes) > 0 })
	if at < 0 {
		return nil
	}
	found := v.Violations[at]
	other, err := j.fresh(ctx, leftOut(t, found), history.Comparing, true)
	if err != nil {
		return err
	}
	j.log.Done(other.History.World, 0)
	if other.Verdict.Contradicted > 0 {
		v.takeBack(at)
	}
	return j.log.Err()
}

// takeBack takes a violation for which nobody is to be blamed out of a verdict.
func (v *Verdict) takeBack(at int) {
	found := v.Violations[at]
	v.Violations, v.TakenBack = slices.Delete(v.Violations, at, at+1), found.Step
	rule := slices.IndexFunc(models.Rules(), func(r models.Rule) bool { return r.ID == found.Rule })
	v.Tallies[rule].Violations--
	v.Tallies[rule].Inconclusive++
}

// Unblame takes out of the verdict on a saved history what [Judge.Attribute] had
// taken out at the time, or had not come to when the run ended.
func (v *Verdict) Unblame(l *history.Logged) {
	at := slices.IndexFunc(v.Violations, func(x models.Violation) bool { return len(x.Causes) > 0 })
	if at >= 0 && (!l.Done || v.Violations[at].Step == l.TakenBack) {
		v.takeBack(at)
	}
}

// leftOut is a trace up to a violation without the operations that are said to
// cause it.
func leftOut(t models.Trace, v models.Violation) models.Trace {
	var out models.Trace
	for i, op := range t.Ops[:v.Step] {
		if !slices.Contains(v.Causes, i+1) {
			out.Ops = append(out.Ops, op)
		}
	}
	return out
}
