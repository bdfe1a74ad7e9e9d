package harness_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// explore explores services with a leak and requires that all are closed.
func explore(t *testing.T, l *samples.Ideal, o harness.Options) *harness.Result {
	t.Helper()
	r, err := harness.Explore(context.Background(), l, o)
	require.NoError(t, err)
	require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
	return r
}

func TestExploreOfACorrectServiceIsConformant(t *testing.T) {
	r := explore(t, &samples.Ideal{}, harness.Options{Traces: 2000, Seed: 1, Workers: 2})
	for _, rule := range r.Rules {
		if rule.ID == "NI-1" {
			require.Equal(t, judge.NotApplicable, rule.Verdict, "it was not asked for")
			continue
		}
		require.Equal(t, judge.Pass, rule.Verdict, "%s, asked %d times", rule.ID, rule.Checks)
	}
	require.Equal(t, judge.Conformant, r.Verdict)
	require.Equal(t, 2000, r.Traces)
	require.Nil(t, r.Found)
}

func TestExploreCoversTheShapeOfTheIncidentAndEveryCellWithAControl(t *testing.T) {
	r := explore(t, &samples.Ideal{}, harness.Options{Traces: 2000, Seed: 1, Workers: 2})
	require.Positive(t, r.Coverage.ShapeSame)
	require.Positive(t, r.Coverage.ShapeOther)
	for _, k := range models.Kinds() {
		require.Positive(t, r.Coverage.Accepted[k], "%s is performed", k)
	}
	exercised := make(map[coverage.Cell]int)
	for _, c := range r.Coverage.Cells {
		require.LessOrEqual(t, c.Controls, c.Checks)
		exercised[c.Cell] = c.Controls
	}
	for _, path := range []models.Path{models.PathList, models.PathContent} {
		for viewer := models.NeverSwitched; viewer <= models.Repeatedly; viewer++ {
			for owner := models.NeverSwitched; owner <= models.Repeatedly; owner++ {
				require.Positive(t, exercised[coverage.Cell{Viewer: viewer, Owner: owner, Path: path}],
					"viewer %s, owner %s, by %s", viewer, owner, path)
			}
		}
	}
}

func TestAServiceThatShowsNothingHasNoPositiveControls(t *testing.T) {
	l := &samples.Ideal{Leak: func(_ *samples.IdealWorld, c models.Call, r *models.Response) {
		if r.Listing != nil {
			r.Listing.Rows = nil
		}
		if r.Content != nil || c.Op.Kind() == models.KindLink {
			*r = models.Response{Outcome: models.Missing}
		}
	}}
	j := samples.NewJudge(t, l)
	for _, f := range samples.Failing(t, l, j, samples.LongTraces(40), 5) {
		got, err := j.Again(context.Background(), f.Trace, history.Replaying)
		require.NoError(t, err)
		for _, c := range got.Verdict.Coverage.Cells {
			if c.Path != models.PathGet {
				require.Zero(t, c.Controls, "%+v", c)
			}
		}
	}
}

func TestExploreFindsALeakAndReducesIt(t *testing.T) {
	for seed := range 5 {
		r := explore(t, &samples.Ideal{Leak: samples.SwitchUnscopes}, harness.Options{Traces: 200, Seed: 1000 * seed})
		require.Equal(t, judge.Violated, r.Verdict)
		require.True(t, r.Found.Reproduced)
		require.Equal(t, "LIST-1 presented by list", r.Minimal.Violation.Signature.String())
		require.Len(t, r.Minimal.Trace.Ops, 11, "%s", r.Minimal.Trace)
		require.True(t, r.Minimal.Proven())
		require.Positive(t, r.Replays)
	}
}

func TestTheSameSeedFindsAndReducesTheSame(t *testing.T) {
	o := harness.Options{Traces: 200, Seed: 5, Workers: 2}
	a, b := explore(t, &samples.Ideal{Leak: samples.SwitchUnscopes}, o), explore(t, &samples.Ideal{Leak: samples.SwitchUnscopes}, o)
	require.Equal(t, a.Found.Index, b.Found.Index)
	require.Equal(t, a.Found.Trace.Body(), b.Found.Trace.Body())
	require.Equal(t, a.Minimal.Trace.Body(), b.Minimal.Trace.Body())
}

func TestVictimsOfEarlierTracesArePutInFrontAndNamed(t *testing.T) {
	seen := 0
	for seed := range 20 {
		r := explore(t, &samples.Ideal{Leak: samples.SwitchUnscopes}, harness.Options{Traces: 200, Seed: 100 * seed, Workers: 1})
		e := r.Found.Violation.Exposures[0]
		if e.World == "" {
			continue
		}
		seen++
		require.NotEmpty(t, e.Owner, "the owner is named by the earlier trace")
		require.True(t, r.Found.Reproduced)
		require.Empty(t, r.Minimal.Violation.Exposures[0].World, "the minimal trace has its victim in it")
		require.Len(t, r.Minimal.Trace.Ops, 11, "%s", r.Minimal.Trace)
	}
	require.Positive(t, seen, "some leak shows a recording of an earlier trace only")
}

func TestALeakThatNeedsWhatTheServiceSawBeforeIsConfirmedBehindIt(t *testing.T) {
	const enough = 12
	l := &samples.Ideal{Leak: func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		if c.Op.Kind() == models.KindSpeak && r.Outcome == models.OK {
			w.Service.Spoken++
		}
		if w.Service.Spoken >= enough {
			samples.AnybodyReads(w, c, r)
		}
	}}
	r := explore(t, l, harness.Options{Traces: 200, Seed: 3, Workers: 1})
	require.True(t, r.Found.Reproduced)
	spoken := strings.Count(r.Minimal.Trace.Body(), ".speak(")
	require.Equal(t, enough, spoken, "%s", r.Minimal.Trace)
}

func TestAViolationThatDoesNotShowAgainIsStillAViolation(t *testing.T) {
	l := &samples.Ideal{Leak: func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		if r.Listing == nil {
			return
		}
		for _, row := range w.Everybodys() {
			if row.Tag.World != w.Name {
				r.Listing.Rows = append(r.Listing.Rows, row)
			}
		}
	}}
	r := explore(t, l, harness.Options{Traces: 200, Seed: 3, Workers: 1})
	require.Equal(t, judge.Violated, r.Verdict)
	require.False(t, r.Found.Reproduced)
	require.Nil(t, r.Minimal)
	require.NotEmpty(t, r.Found.Violation.Exposures[0].Owner)
	require.Positive(t, r.Replays)
}

func TestExploreStopsAtItsBudgetOfTime(t *testing.T) {
	slow := &samples.Ideal{Leak: func(*samples.IdealWorld, models.Call, *models.Response) {}}
	r := explore(t, slow, harness.Options{Traces: 1 << 40, Time: 50 * time.Millisecond})
	require.Positive(t, r.Traces)
	require.Nil(t, r.Found)
}

func TestAnInterruptedExplorationReturnsTheResultSoFar(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l := &samples.Ideal{}
	r, err := harness.Explore(ctx, l, harness.Options{Traces: 1 << 40, Progress: func(p harness.Progress) {
		if p.Traces == 50 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.GreaterOrEqual(t, r.Traces, 50)
	require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
}

func TestAServiceThatAnswersNothingIsUnreachable(t *testing.T) {
	l := &samples.Ideal{Leak: func(_ *samples.IdealWorld, _ models.Call, r *models.Response) {
		*r = models.Response{Outcome: models.Unknown, Requests: 1}
	}}
	_, err := harness.Explore(context.Background(), l, harness.Options{Traces: 20})
	require.ErrorIs(t, err, targets.ErrUnreachable)
	require.ErrorContains(t, err, "ideal answered none of ")
	require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
}

func TestAPanicIsReportedAsABugAndLeavesNoServiceBehind(t *testing.T) {
	l := &samples.Ideal{Leak: func(_ *samples.IdealWorld, c models.Call, _ *models.Response) {
		if c.Step == 5 {
			panic("adapter")
		}
	}}
	_, err := harness.Explore(context.Background(), l, harness.Options{Traces: 20})
	require.ErrorIs(t, err, judge.ErrBug)
	require.ErrorContains(t, err, "adapter")
	require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
}
