package harness_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
)

// longTraces draws traces of up to n operations.
func longTraces(n int) func(seed int) models.Trace {
	mix := scenarios.Consultations()
	mix.MaxOps = n
	g := mix.Traces(models.ReferencePolicy())
	return func(seed int) models.Trace { return scenarios.Draw(g, seed) }
}

// failing yields n drawn traces that break a rule on services of a launcher.
func failing(t *testing.T, l *ideal, j *harness.Judge, draw func(int) models.Trace, n int) []failure {
	t.Helper()
	var out []failure
	for seed := 0; len(out) < n; seed++ {
		require.Less(t, seed, 1000*n, "the leak shows too seldom")
		trace := draw(seed)
		got, err := j.Again(context.Background(), trace, harness.Replaying)
		require.NoError(t, err)
		if v, ok := got.Verdict.Gravest(); ok {
			out = append(out, failure{trace, v})
		}
	}
	return out
}

type failure struct {
	trace     models.Trace
	violation models.Violation
}

func newJudge(t *testing.T, l *ideal) *harness.Judge {
	t.Helper()
	j := harness.NewJudge(context.Background(), l, 2, nil)
	t.Cleanup(func() {
		require.NoError(t, j.Close())
		require.Equal(t, l.launched.Load(), l.closed.Load(), "every service launched is closed")
	})
	return j
}

func parse(t *testing.T, lines string) models.Trace {
	t.Helper()
	trace, err := models.Parse(strings.ReplaceAll(lines, "\t", ""))
	require.NoError(t, err)
	return trace
}

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
		leak     leak
		minimums []string
	}{
		"a listing unscoped by the lister's own switch": {switchUnscopes, []string{unscopedMinimum, `alice = patient()
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
		"anybody plays": {anybodyReads, []string{`alice = patient()
			bob = patient()
			dr1 = clinician()
			b1 = alice.book(dr1, audio)
			alice.join(b1)
			alice.speak(b1)
			alice.leave(b1)
			bob.play(b1.r1)
		`}},
		"a listing unscoped by a third patient's switch": {thirdSwitches, []string{`alice = patient()
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
			l := &ideal{leak: c.leak}
			j := newJudge(t, l)
			lengths := make(map[int]bool)
			for _, minimum := range c.minimums {
				lengths[len(parse(t, minimum).Ops)] = true
			}
			for _, f := range failing(t, l, j, longTraces(40), 10) {
				if f.violation.Level == models.Viewed || f.violation.Level == models.NotExposed {
					continue // a part of a recording, and a filter that lets others through, have minimums of their own
				}
				m, err := harness.Reduce(context.Background(), j, f.trace, f.violation.Signature, nil)
				require.NoError(t, err)
				require.True(t, lengths[len(m.Trace.Ops)], "%d operations:\n%s", len(m.Trace.Ops), m.Trace)
				requireMinimal(t, j, m)
			}
			for _, minimum := range c.minimums {
				trace := parse(t, minimum)
				got, err := j.Again(context.Background(), trace, harness.Replaying)
				require.NoError(t, err)
				v, ok := got.Verdict.Gravest()
				require.True(t, ok)
				m, err := harness.Reduce(context.Background(), j, trace, v.Signature, nil)
				require.NoError(t, err)
				require.Len(t, m.Trace.Ops, len(trace.Ops), "a minimum stays as it is")
			}
		})
	}
}

// requireMinimal runs the trace without each operation in turn, whatever the
// certificate says.
func requireMinimal(t *testing.T, j *harness.Judge, m *harness.Minimal) {
	t.Helper()
	require.True(t, m.Proven())
	require.Len(t, m.Certificate.Without, len(m.Trace.Ops))
	policy := j.Policy()
	for i := range m.Trace.Ops {
		ops := append(append([]models.Operation(nil), m.Trace.Ops[:i]...), m.Trace.Ops[i+1:]...)
		shorter, _ := models.Trace{Ops: ops}.Repair(&policy)
		got, err := j.Again(context.Background(), shorter, harness.Replaying)
		require.NoError(t, err)
		_, shows := got.Verdict.Find(m.Violation.Signature)
		require.False(t, shows, "shows without line %d:\n%s", i+1, m.Trace)
	}
	got, err := j.Again(context.Background(), m.Trace, harness.Replaying)
	require.NoError(t, err)
	v, shows := got.Verdict.Find(m.Violation.Signature)
	require.True(t, shows)
	require.Equal(t, len(m.Trace.Ops), v.Step, "the trace ends with the violation")
}

func TestNoSingleOperationCanBeRemovedFromAReducedTrace(t *testing.T) {
	for _, leak := range []leak{switchUnscopes, anybodyReads, thirdSwitches} {
		l := &ideal{leak: leak}
		j := newJudge(t, l)
		for _, f := range failing(t, l, j, longTraces(200), 10) {
			m, err := harness.Reduce(context.Background(), j, f.trace, f.violation.Signature, nil)
			require.NoError(t, err)
			requireMinimal(t, j, m)
		}
	}
}

func TestWhatShowsOnALaterPageByChanceIsReducedAsWhatShowsOnTheFirst(t *testing.T) {
	l := &ideal{leak: func(w *idealWorld, c models.Call, r *models.Response) {
		switchUnscopes(w, c, r)
		if list, ok := c.Op.(models.List); ok && list.Limit > 0 && r.Listing != nil {
			for i := range r.Listing.Rows {
				r.Listing.Rows[i].Page = i/list.Limit + 1
			}
		}
	}}
	j := newJudge(t, l)
	trace := parse(t, `alice = patient()
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
	m, err := harness.Reduce(context.Background(), j, trace,
		models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathPage}, nil)
	require.NoError(t, err)
	require.Equal(t, models.PathList, m.Violation.Path)
	require.NotContains(t, m.Trace.Body(), "limit")
	requireMinimal(t, j, m)
	require.Less(t, len(m.Trace.Ops), len(trace.Ops))
}

func TestReduceMeasuresTheRateOfALeakThatDoesNotAlwaysShow(t *testing.T) {
	l := &ideal{leak: everyThird(switchUnscopes)}
	j := newJudge(t, l)
	m, err := harness.Reduce(context.Background(), j, parse(t, unscopedMinimum+"alice.list()\nbob.leave(b2)\n"),
		models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathList}, nil)
	require.NoError(t, err)
	require.Equal(t, 20, m.Rate.Runs)
	require.Positive(t, m.Rate.Failed)
	require.Less(t, m.Rate.Failed, 20)
	require.Len(t, m.Trace.Ops, 11, "%s", m.Trace)
	require.True(t, m.Proven())
}

func TestReduceRefusesATraceThatDoesNotShowTheViolation(t *testing.T) {
	j := newJudge(t, &ideal{})
	_, err := harness.Reduce(context.Background(), j, parse(t, unscopedMinimum),
		models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathList}, nil)
	require.ErrorIs(t, err, harness.ErrNotShown)
	require.ErrorContains(t, err, "LIST-1 presented by list in 20 runs")
}

func TestAnInterruptedReductionReturnsTheShortestTraceSoFar(t *testing.T) {
	l := &ideal{leak: switchUnscopes}
	j := newJudge(t, l)
	f := failing(t, l, j, longTraces(200), 1)[0]
	ctx, cancel := context.WithCancel(context.Background())
	m, err := harness.Reduce(ctx, j, f.trace, f.violation.Signature, func(length int) {
		if length < len(f.trace.Ops)/2 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, len(m.Trace.Ops), len(f.trace.Ops)/2)
	require.False(t, m.Proven())
	got, err := j.Again(context.Background(), m.Trace, harness.Replaying)
	require.NoError(t, err)
	_, shows := got.Verdict.Find(f.violation.Signature)
	require.True(t, shows)
}

func TestTheJudgeRemembersATraceWhateverItsNames(t *testing.T) {
	j := newJudge(t, &ideal{})
	first, err := j.Judge(context.Background(), parse(t, "alice = patient()\nalice.list()\n"), harness.Reducing)
	require.NoError(t, err)
	again, err := j.Judge(context.Background(), parse(t, "zoe = patient()\nzoe.list()\n"), harness.Reducing)
	require.NoError(t, err)
	require.Same(t, first, again)
	require.Equal(t, 1, j.Replays())
	_, err = j.Again(context.Background(), parse(t, "alice = patient()\nalice.list()\n"), harness.Certifying)
	require.NoError(t, err)
	require.Equal(t, 2, j.Replays(), "a certificate is never answered from memory")
}
