package reduce_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

const unscopedMinimum = `alice = patient()
	bob = patient()
	dr1 = clinician()
	b1 = alice.book(dr1, audio)
	alice.join(b1)
	alice.speak(b1)
	alice.leave(b1)
	b2 = bob.book(dr1, audio)
	bob.join(b2)
	bob.switch(b2, video)
	bob.list()
`

func TestReduceFindsTheExactMinimum(t *testing.T) {
	for name, c := range map[string]struct {
		leak     samples.Leak
		minimums []string
	}{
		"a listing unscoped by the lister's own switch": {samples.SwitchUnscopes, []string{unscopedMinimum, `alice = patient()
			bob = patient()
			dr1 = clinician()
			b1 = alice.book(dr1, audio)
			alice.join(b1)
			alice.switch(b1, video)
			b2 = bob.book(dr1, audio, slot=2)
			bob.join(b2)
			bob.speak(b2)
			bob.leave(b2)
			alice.list()
		`}},
		"anybody plays": {samples.AnybodyReads, []string{`alice = patient()
			bob = patient()
			dr1 = clinician()
			b1 = alice.book(dr1, audio)
			alice.join(b1)
			alice.speak(b1)
			alice.leave(b1)
			bob.play(b1.r1)
		`}},
		"a listing unscoped by a third patient's switch": {samples.ThirdSwitches, []string{`alice = patient()
			bob = patient()
			carol = patient()
			dr1 = clinician()
			b1 = alice.book(dr1, audio)
			alice.join(b1)
			alice.speak(b1)
			alice.leave(b1)
			b2 = bob.book(dr1, audio)
			bob.join(b2)
			bob.switch(b2, video)
			carol.list()
		`}},
	} {
		t.Run(name, func(t *testing.T) {
			l := &samples.Ideal{Leak: c.leak}
			j := samples.NewJudge(t, l)
			lengths := make(map[int]bool)
			for _, minimum := range c.minimums {
				lengths[len(samples.Parse(t, minimum).Ops)] = true
			}
			for _, f := range samples.Failing(t, l, j, samples.LongTraces(40), 10) {
				if f.Violation.Level == models.Viewed || f.Violation.Level == models.NotExposed {
					continue // a part of a recording, and a filter that lets others through, have minimums of their own
				}
				m, err := reduce.Reduce(context.Background(), j, f.Trace, f.Violation.Signature, nil)
				require.NoError(t, err)
				require.True(t, lengths[len(m.Trace.Ops)], "%d operations:\n%s", len(m.Trace.Ops), m.Trace)
				requireMinimal(t, j, m)
			}
			for _, minimum := range c.minimums {
				trace := samples.Parse(t, minimum)
				got, err := j.Again(context.Background(), trace, history.Replaying)
				require.NoError(t, err)
				v, ok := got.Verdict.Gravest()
				require.True(t, ok)
				m, err := reduce.Reduce(context.Background(), j, trace, v.Signature, nil)
				require.NoError(t, err)
				require.Len(t, m.Trace.Ops, len(trace.Ops), "a minimum stays as it is")
			}
		})
	}
}

// requireMinimal runs the trace without each operation in turn, whatever the
// certificate says.
func requireMinimal(t *testing.T, j *judge.Judge, m *reduce.Minimal) {
	t.Helper()
	require.True(t, m.Proven())
	require.Len(t, m.Certificate.Without, len(m.Trace.Ops))
	policy := j.Policy()
	for i := range m.Trace.Ops {
		ops := append(append([]models.Operation(nil), m.Trace.Ops[:i]...), m.Trace.Ops[i+1:]...)
		shorter, _ := models.Trace{Ops: ops}.Repair(&policy)
		got, err := j.Again(context.Background(), shorter, history.Replaying)
		require.NoError(t, err)
		_, shows := got.Verdict.Find(m.Violation.Signature)
		require.False(t, shows, "shows without line %d:\n%s", i+1, m.Trace)
	}
	got, err := j.Again(context.Background(), m.Trace, history.Replaying)
	require.NoError(t, err)
	v, shows := got.Verdict.Find(m.Violation.Signature)
	require.True(t, shows)
	require.Equal(t, len(m.Trace.Ops), v.Step, "the trace ends with the violation")
}

func TestNoSingleOperationCanBeRemovedFromAReducedTrace(t *testing.T) {
	for _, leak := range []samples.Leak{samples.SwitchUnscopes, samples.AnybodyReads, samples.ThirdSwitches} {
		l := &samples.Ideal{Leak: leak}
		j := samples.NewJudge(t, l)
		for _, f := range samples.Failing(t, l, j, samples.LongTraces(200), 10) {
			m, err := reduce.Reduce(context.Background(), j, f.Trace, f.Violation.Signature, nil)
			require.NoError(t, err)
			requireMinimal(t, j, m)
		}
	}
}

func TestWhatShowsOnALaterPageByChanceIsReducedAsWhatShowsOnTheFirst(t *testing.T) {
	l := &samples.Ideal{Leak: func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		samples.SwitchUnscopes(w, c, r)
		if list, ok := c.Op.(models.List); ok && list.Limit > 0 && r.Listing != nil {
			for i := range r.Listing.Rows {
				r.Listing.Rows[i].Page = i/list.Limit + 1
			}
		}
	}}
	j := samples.NewJudge(t, l)
	trace := samples.Parse(t, `alice = patient()
		bob = patient()
		dr1 = clinician()
		b1 = alice.book(dr1, audio)
		alice.join(b1)
		alice.switch(b1, video)
		alice.speak(b1)
		alice.leave(b1)
		b2 = bob.book(dr1, audio)
		bob.join(b2)
		bob.speak(b2)
		bob.leave(b2)
		alice.list(limit=1)
	`)
	m, err := reduce.Reduce(context.Background(), j, trace,
		models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathPage}, nil)
	require.NoError(t, err)
	require.Equal(t, models.PathList, m.Violation.Path)
	require.NotContains(t, m.Trace.Body(), "limit")
	requireMinimal(t, j, m)
	require.Less(t, len(m.Trace.Ops), len(trace.Ops))
}

func TestNoLineIsKeptBecauseItTakesTime(t *testing.T) {
	clock := &samples.Clock{}
	l := &samples.Ideal{Lag: time.Hour, Leak: samples.Late(clock, time.Hour, samples.SwitchUnscopes)}
	j := samples.NewJudge(t, l)
	j.UseClock(clock)
	trace := samples.Parse(t, unscopedMinimum)
	last := len(trace.Ops) - 1
	trace.Ops = slices.Insert(trace.Ops, last, samples.Parse(t, "alice = patient()\nalice.list()").Ops[1])
	m, err := reduce.Reduce(context.Background(), j, trace, models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathList}, nil)
	require.NoError(t, err)
	require.Len(t, m.Trace.Ops, last+1, "%s", m.Trace)
	requireMinimal(t, j, m)
	require.Equal(t, time.Hour, m.History.Events[last].Waited)
}

func TestReduceMeasuresTheRateOfALeakThatDoesNotAlwaysShow(t *testing.T) {
	l := &samples.Ideal{Leak: samples.Every(3, samples.SwitchUnscopes)}
	j := samples.NewJudge(t, l)
	m, err := reduce.Reduce(context.Background(), j, samples.Parse(t, unscopedMinimum+"alice.list()\nbob.leave(b2)\n"),
		models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathList}, nil)
	require.NoError(t, err)
	require.Equal(t, 20, m.Rate.Runs)
	require.Positive(t, m.Rate.Failed)
	require.Less(t, m.Rate.Failed, 20)
	require.Len(t, m.Trace.Ops, 11, "%s", m.Trace)
	require.True(t, m.Proven())
}

func TestReduceRefusesATraceThatDoesNotShowTheViolation(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{})
	_, err := reduce.Reduce(context.Background(), j, samples.Parse(t, unscopedMinimum),
		models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathList}, nil)
	require.ErrorIs(t, err, reduce.ErrNotShown)
	require.ErrorContains(t, err, "LIST-1 presented by list in 20 runs")
}

func TestAnInterruptedReductionReturnsTheShortestTraceSoFar(t *testing.T) {
	l := &samples.Ideal{Leak: samples.SwitchUnscopes}
	j := samples.NewJudge(t, l)
	f := samples.Failing(t, l, j, samples.LongTraces(200), 1)[0]
	ctx, cancel := context.WithCancel(context.Background())
	m, err := reduce.Reduce(ctx, j, f.Trace, f.Violation.Signature, func(length int) {
		if length < len(f.Trace.Ops)/2 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, len(m.Trace.Ops), len(f.Trace.Ops)/2)
	require.False(t, m.Proven())
	got, err := j.Again(context.Background(), m.Trace, history.Replaying)
	require.NoError(t, err)
	_, shows := got.Verdict.Find(f.Violation.Signature)
	require.True(t, shows)
}
