package reduce_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

var presented = models.Signature{Rule: "LIST-1", Level: models.Presented, Path: models.PathList}

func reduced(t *testing.T, j *judge.Judge, trace string) *reduce.Minimal {
	t.Helper()
	m, err := reduce.Reduce(context.Background(), j, samples.Parse(t, trace), presented, nil)
	require.NoError(t, err)
	return m
}

func TestWhatAlwaysShowsNeedsOneRunWithoutEachLine(t *testing.T) {
	m := reduced(t, samples.NewJudge(t, &samples.Ideal{Leak: samples.SwitchUnscopes}), unscopedMinimum)
	require.Equal(t, reduce.Rate{Failed: 3, Runs: 3}, m.Certificate.Runs)
	require.Equal(t, reduce.Fresh, m.Certificate.On)
	require.True(t, m.Proven())
	for _, o := range m.Certificate.Without {
		require.Equal(t, reduce.Omission{Op: o.Op, Also: o.Also, Runs: 1}, o)
	}
}

func TestALineIsNeededWhereTheRateWithoutItIsLower(t *testing.T) {
	m := reduced(t, samples.NewJudge(t, &samples.Ideal{Leak: samples.Every(2, samples.SwitchUnscopes)}), unscopedMinimum)
	require.True(t, m.Proven())
	require.Len(t, m.Trace.Ops, 11, "%s", m.Trace)
	require.Less(t, m.Certificate.Runs.Failed, m.Certificate.Runs.Runs)
	for _, o := range m.Certificate.Without {
		require.Contains(t, []int{5, 20, 60}, o.Runs, "the sizes are planned")
		require.Zero(t, o.Shown)
		require.NotNil(t, o.Whole)
		require.Positive(t, o.Whole.Failed)
		require.Less(t, o.P, 0.05/3)
		require.False(t, o.Perhaps)
	}
}

// asked is a leak that shows in four of five listings of those who come after a
// listing of alice's, and else in one of four.
func asked() samples.Leak {
	var mu sync.Mutex
	listed := make(map[*samples.IdealWorld]bool)
	with, without := 0, 0
	return func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		mu.Lock()
		defer mu.Unlock()
		if r.Listing == nil {
			return
		}
		right := r.Listing.Rows
		samples.SwitchUnscopes(w, c, r)
		switch {
		case c.Op.Actor() == "alice":
			listed[w] = true
		case len(r.Listing.Rows) == 0:
		case listed[w]:
			if with++; with%5 == 0 {
				r.Listing.Rows = right
			}
		default:
			if without++; without%4 != 0 {
				r.Listing.Rows = right
			}
		}
	}
}

func TestALineWithoutWhichItShowsLessOftenIsNeeded(t *testing.T) {
	trace := samples.Parse(t, unscopedMinimum)
	last := len(trace.Ops) - 1
	trace.Ops = slices.Insert(trace.Ops, last, models.Operation(models.List{ByUser: models.ByUser{User: "alice"}}))
	m, err := reduce.Certify(context.Background(), samples.NewJudge(t, &samples.Ideal{Leak: asked()}), trace, presented)
	require.NoError(t, err)
	require.True(t, m.Proven())
	require.Equal(t, reduce.Rate{Failed: 32, Runs: 40}, m.Certificate.Runs)
	row := m.Certificate.Without[last]
	require.Equal(t, "alice.list()", row.Op)
	require.Equal(t, reduce.Rate{Failed: 5, Runs: 20}, row.Without(), "it shows without the line, too")
	require.Less(t, row.P, 0.001)
}

func TestALineWithoutWhichItShowsAsOftenGoes(t *testing.T) {
	trace := samples.Parse(t, unscopedMinimum)
	last := len(trace.Ops) - 1
	trace.Ops = slices.Insert(trace.Ops, last, models.Operation(models.List{ByUser: models.ByUser{User: "alice"}}))
	m, err := reduce.Certify(context.Background(), samples.NewJudge(t, &samples.Ideal{Leak: samples.Every(3, samples.SwitchUnscopes)}), trace, presented)
	require.NoError(t, err)
	require.True(t, m.Proven())
	require.Len(t, m.Trace.Ops, last+1, "%s", m.Trace)
}

func TestWhatTheRatesDoNotProveIsPerhapsNotNeeded(t *testing.T) {
	m := reduced(t, samples.NewJudge(t, &samples.Ideal{Leak: samples.Every(17, samples.SwitchUnscopes)}), unscopedMinimum)
	require.False(t, m.Proven())
	require.True(t, m.Certified())
	require.Len(t, m.Perhaps(), len(m.Trace.Ops))
	for _, o := range m.Certificate.Without {
		require.Equal(t, 20, o.Runs, "60 runs without it could not prove it either")
		require.Greater(t, o.P, 0.05/3)
	}
	require.Contains(t, m.Annotated(), "bob.switch(b2, video)              // ok in-progress video   (perhaps not needed)")
	again, err := models.Parse(m.Annotated())
	require.NoError(t, err)
	require.True(t, again.Equal(m.Trace))
}

func TestAServiceThatIsNotResetCertifiesWhatIsAmongThePeopleOfATrace(t *testing.T) {
	j := samples.NewJudge(t, (&samples.Ideal{Leak: samples.SwitchUnscopes}).Unreset())
	_, err := j.Again(context.Background(), samples.Parse(t, unscopedMinimum), history.Exploring)
	require.NoError(t, err)
	m := reduced(t, j, unscopedMinimum)
	require.Equal(t, reduce.Untouched, m.Certificate.On)
	require.True(t, m.Proven())
	require.Len(t, m.Trace.Ops, 11, "what earlier runs left behind is not the victim:\n%s", m.Trace)
	onFresh, err := samples.NewJudge(t, &samples.Ideal{Leak: samples.SwitchUnscopes}).Again(context.Background(), m.Trace, history.Replaying)
	require.NoError(t, err)
	_, shows := onFresh.Verdict.Find(presented)
	require.True(t, shows)
}

func TestWhatEarlierRunsLeftBehindDoesNotCertify(t *testing.T) {
	j := samples.NewJudge(t, (&samples.Ideal{Leak: samples.SwitchUnscopes}).Unreset())
	_, err := j.Again(context.Background(), samples.Parse(t, unscopedMinimum), history.Exploring)
	require.NoError(t, err)
	m := reduced(t, j, `alice = patient()
		dr1 = clinician()
		b1 = alice.book(dr1, audio)
		alice.join(b1)
		alice.switch(b1, video)
		alice.list()
	`)
	require.Equal(t, reduce.Leftovers, m.Certificate.On)
	require.False(t, m.Certified())
	require.False(t, m.Proven())
}

func TestALackBesideWhatEarlierRunsLeftBehindDoesNotCertify(t *testing.T) {
	j := samples.NewJudge(t, (&samples.Ideal{Leak: func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		if r.Listing != nil { // the rows of the caller before
			r.Listing.Rows = slices.DeleteFunc(w.Everybodys(), func(row models.Row) bool { return row.Tag.World == w.Name })
		}
	}}).Unreset())
	trace := samples.Parse(t, `alice = patient()
		dr1 = clinician()
		b1 = alice.book(dr1, video)
		alice.join(b1)
		alice.speak(b1)
		alice.leave(b1)
		alice.list()
	`)
	_, err := j.Again(context.Background(), trace, history.Exploring)
	require.NoError(t, err)
	m, err := reduce.Reduce(context.Background(), j, trace, models.Signature{Rule: "LIST-2", Path: models.PathList}, nil)
	require.NoError(t, err)
	require.Equal(t, reduce.Leftovers, m.Certificate.On)
	require.False(t, m.Certified())
}
