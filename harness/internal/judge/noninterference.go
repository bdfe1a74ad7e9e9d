package judge

import (
	"cmp"
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// compareAlone judges a trace by NI-1: for each patient it runs the trace once
// more without what the others did, and looks for the first answer to them that
// is not the same (noninterference: Goguen and Meseguer, IEEE S&P 1982). Where a
// correct service answers differently, too, because others shared something with
// them or took a slot, nothing is compared, nor where nobody can tell what a correct
// service answers.
func (j *Judge) compareAlone(ctx context.Context, t models.Trace, got *Judgement, waits bool) error {
	policy := j.Policy()
	for _, op := range t.Ops {
		if models.DefinedBy(op.Kind()) != models.APatient {
			continue
		}
		alone, kept := t.Without(&policy, op.Defines())
		if len(alone.Ops) == len(t.Ops) {
			continue
		}
		other, err := j.fresh(ctx, alone, history.Comparing, waits)
		if err != nil {
			return err
		}
		j.log.Done(other.History.World, 0)
		got.compare(other, kept, op.Defines())
	}
	slices.SortStableFunc(got.Verdict.Violations, func(a, b models.Violation) int { return cmp.Compare(a.Step, b.Step) })
	return nil
}

// compare adds to a judgement what differs for a viewer from one of a run
// without the others, whose operations have the indexes kept in the whole trace.
func (j *Judgement) compare(alone *Judgement, kept []int, viewer models.Handle) {
	tally := &j.Verdict.Tallies[noninterference()]
	step := func(n int) int {
		if n < 1 || n > len(kept) {
			return n
		}
		return kept[n-1] + 1
	}
	for i, at := range kept {
		if i >= len(alone.History.Events) || at >= len(j.History.Events) {
			return
		}
		together, apart := &j.History.Events[at], &alone.History.Events[i]
		if together.Call.Op.Actor() != viewer || j.Verdict.tellsLittle(together.Call.Step) || alone.Verdict.tellsLittle(apart.Call.Step) {
			continue
		}
		if !models.SameObserved(&j.Verdict.Expected[at], &alone.Verdict.Expected[i], step) {
			continue
		}
		if together.Response.Outcome == models.Unknown || apart.Response.Outcome == models.Unknown {
			tally.Inconclusive++
			return
		}
		tally.Checks++
		if !models.SameObserved(&together.Response, &apart.Response, step) {
			tally.Violations++
			j.Verdict.Violations = append(j.Verdict.Violations, interferes(together, apart, viewer))
			return
		}
	}
}

// tellsLittle reports whether nobody can tell what a correct service answers at a
// step, or the answer refuses a valid token.
func (v *Verdict) tellsLittle(step int) bool {
	return slices.Contains(v.Open, step) || slices.Contains(v.Unheard, step)
}

// interferes is the violation of NI-1 by an answer that is another without the
// others.
func interferes(together, apart *history.Event, viewer models.Handle) models.Violation {
	path := models.PathOf(together.Call.Op.Kind())
	return models.Violation{
		Signature: models.Signature{Rule: Noninterference, Level: models.Inferred, Path: path},
		Step:      together.Call.Step, Viewer: viewer,
		Message:   "the answer depends on what other patients do: without them it is \"" + apart.Response.String() + "\"",
		Exposures: []models.Exposure{{Viewer: viewer, Owner: models.Somebody, Level: models.Inferred, Path: path}},
	}
}

// Noninterference is the id of the rule that compares runs.
const Noninterference = "NI-1"

// noninterference is the index of NI-1 in the table of rules.
func noninterference() int {
	return slices.IndexFunc(models.Rules(), func(r models.Rule) bool { return r.ID == Noninterference })
}
