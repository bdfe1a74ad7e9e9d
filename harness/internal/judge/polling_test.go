package judge_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// lagging is a trace whose listing is at step 8.
const lagging = `alice = patient()
	bob = patient()
	dr1 = clinician()
	b1 = alice.book(dr1, video)
	alice.join(b1)
	alice.speak(b1)
	alice.leave(b1)
	alice.list()
	bob.list()
`

// late shows a recording only when its listing was asked for n times, and
// meanwhile what meanwhile does.
func late(n int, meanwhile samples.Leak) samples.Leak {
	asked := 0
	return func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		if c.Op.Kind() != models.KindList || c.Op.Actor() != "alice" {
			return
		}
		if asked++; asked < n {
			r.Listing.Rows, *r.Listing.Total = nil, 0
			meanwhile(w, c, r)
		}
	}
}

func nothing(*samples.IdealWorld, models.Call, *models.Response) {}

func TestAListingIsAskedForUntilItIsComplete(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{Lag: 16 * time.Millisecond, Leak: late(3, nothing)})
	got, err := j.Again(context.Background(), samples.Parse(t, lagging), history.Replaying)
	require.NoError(t, err)
	require.Empty(t, got.Verdict.Violations)
	event := got.History.Events[7]
	require.Len(t, event.Earlier, 2)
	require.Len(t, event.Response.Listing.Rows, 1)
	require.Equal(t, len(got.History.Events)+2, got.History.Requests())
}

func TestAListingThatIsNotCompleteWhenTheLagIsOverLacksARecording(t *testing.T) {
	j, clock := samples.NewJudge(t, &samples.Ideal{Lag: time.Hour, Leak: late(1000, nothing)}), &samples.Clock{}
	j.UseClock(clock)
	began := clock.Now()
	got, err := j.Again(context.Background(), samples.Parse(t, lagging), history.Replaying)
	require.NoError(t, err)
	require.GreaterOrEqual(t, clock.Now().Sub(began), time.Hour)
	v, ok := got.Verdict.Gravest()
	require.True(t, ok)
	require.Equal(t, "LIST-2", v.Rule)
	require.Len(t, got.Verdict.Violations, 1, "it is said once")
}

func TestTheLagIsWaitedOutButToExplore(t *testing.T) {
	for why, waited := range map[history.Purpose]time.Duration{
		history.Exploring: 0, history.Confirming: time.Hour, history.Reducing: time.Hour, history.Certifying: time.Hour, history.Replaying: time.Hour,
	} {
		t.Run(string(why), func(t *testing.T) {
			clock := &samples.Clock{}
			j := samples.NewJudge(t, &samples.Ideal{Lag: time.Hour, Leak: samples.Late(clock, time.Hour, nothing)})
			j.UseClock(clock)
			got, err := j.Again(context.Background(), samples.Parse(t, lagging), why)
			require.NoError(t, err)
			require.Empty(t, got.Verdict.Violations)
			require.Equal(t, waited, got.History.Events[7].Waited)
			require.Equal(t, waited > 0, len(got.History.Events[7].Earlier) == 0, "else it is asked again")
			require.Zero(t, got.History.Events[8].Waited, "it is over once")
			require.Zero(t, got.History.Events[6].Waited, "whoever leaves does not wait")
		})
	}
}

func TestTheLagIsCountedFromTheLastLeaving(t *testing.T) {
	clock := &samples.Clock{}
	j := samples.NewJudge(t, &samples.Ideal{Lag: time.Hour, Leak: func(w *samples.IdealWorld, c models.Call, _ *models.Response) {
		if c.Op.Kind() == models.KindRestart {
			require.NoError(t, clock.Wait(context.Background(), 20*time.Minute))
		}
	}})
	j.UseClock(clock)
	got, err := j.Again(context.Background(), samples.Parse(t, `alice = patient()
		dr1 = clinician()
		b1 = alice.book(dr1, video)
		alice.join(b1)
		dr1.join(b1)
		alice.speak(b1)
		alice.leave(b1)
		service.restart()
		dr1.leave(b1)
		service.restart()
		alice.play(b1.r1)
	`), history.Replaying)
	require.NoError(t, err)
	require.Empty(t, got.Verdict.Violations)
	require.Equal(t, 40*time.Minute, got.History.Events[10].Waited)
}

// impatient is a clock on which everybody stops waiting.
type impatient struct {
	samples.Clock
	cancel context.CancelFunc
}

func (c *impatient) Wait(ctx context.Context, d time.Duration) error {
	c.cancel()
	return c.Clock.Wait(ctx, d)
}

func TestALagThatIsWaitedOutEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l := &samples.Ideal{Lag: time.Hour, Leak: func(_ *samples.IdealWorld, c models.Call, _ *models.Response) {
		require.NotEqual(t, models.KindList, c.Op.Kind(), "it is not asked for")
	}}
	j := samples.NewJudge(t, l)
	j.UseClock(&impatient{cancel: cancel})
	_, err := j.Again(ctx, samples.Parse(t, lagging), history.Replaying)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWithoutALagNothingIsAskedTwice(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{Leak: late(2, nothing)})
	got, err := j.Again(context.Background(), samples.Parse(t, lagging), history.Replaying)
	require.NoError(t, err)
	require.Empty(t, got.History.Events[7].Earlier)
	v, _ := got.Verdict.Gravest()
	require.Equal(t, "LIST-2", v.Rule)
}

func TestALeakSeenWhilePollingCounts(t *testing.T) {
	l := &samples.Ideal{Lag: 16 * time.Millisecond, Leak: late(2, func(_ *samples.IdealWorld, _ models.Call, r *models.Response) {
		r.Listing.Rows = []models.Row{{Tag: models.Tag{World: "other", Booking: "b9"}}}
	})}
	j := samples.NewJudge(t, l)
	got, err := j.Again(context.Background(), samples.Parse(t, lagging), history.Replaying)
	require.NoError(t, err)
	require.Equal(t, []string{"LIST-1"}, rulesOf(got.Verdict.Violations))
	require.Equal(t, 8, got.Verdict.Violations[0].Step)
}

func rulesOf(violations []models.Violation) []string {
	var out []string
	for _, v := range violations {
		out = append(out, v.Rule)
	}
	return out
}

func TestEarlierAnswersAreInTheHistoryFile(t *testing.T) {
	var file bytes.Buffer
	j := judge.NewJudge(context.Background(), &samples.Ideal{Lag: 16 * time.Millisecond, Leak: late(3, nothing)}, 1, history.NewLog(&file))
	got, err := j.Again(context.Background(), samples.Parse(t, lagging), history.Replaying)
	require.NoError(t, err)
	require.NoError(t, j.Close())
	logs, err := history.ReadLog(&file)
	require.NoError(t, err)
	require.Len(t, logs, 1)
	require.Equal(t, got.History.Events[7].Earlier, logs[0].Events[7].Earlier)
	require.Equal(t, got.History.Events[7].Waited.Truncate(time.Microsecond), logs[0].Events[7].Waited)
	require.Positive(t, logs[0].Events[7].Waited)
	require.Equal(t, got.Verdict.Tallies, judge.Check(&logs[0].History).Tallies)
}
