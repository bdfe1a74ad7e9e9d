package judge_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// refused is a trace in which a stranger's switch is refused at step 6.
const refused = `alice = patient()
	bob = patient()
	dr1 = clinician()
	b1 = alice.book(dr1, audio)
	alice.join(b1)
	bob.switch(b1, video)
	dr1.join(b1)
`

// video makes the last answer say that the consultation is by video where an
// operation before it, or itself, decided so.
func video(decides func(models.Operation) bool) samples.Leak {
	is := make(map[*samples.IdealWorld]bool)
	return func(w *samples.IdealWorld, c models.Call, r *models.Response) {
		is[w] = is[w] || decides(c.Op)
		if is[w] && c.Op.Kind() == models.KindJoin && c.Op.Actor() == "dr1" && r.Encounter != nil {
			e := *r.Encounter
			e.Mode = models.Video
			r.Encounter = &e
		}
	}
}

func TestAStrangerIsBlamedForWhatDoesNotShowWithoutThem(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{Leak: video(func(op models.Operation) bool { return op.Kind() == models.KindSwitch })})
	got, err := j.Again(context.Background(), samples.Parse(t, refused), history.Confirming)
	require.NoError(t, err)
	v, found := got.Verdict.ByRule("REFUSE-1")
	require.True(t, found)
	require.Equal(t, models.Controlled, v.Level)
	require.Equal(t, models.Handle("bob"), v.Exposures[0].Viewer)
	require.Equal(t, []int{6}, v.Causes)
	require.Equal(t, 2, j.Replays())
}

func TestNobodyIsBlamedForWhatShowsWithoutThem(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{Leak: video(func(op models.Operation) bool { return op.Kind() == models.KindJoin })})
	got, err := j.Again(context.Background(), samples.Parse(t, refused), history.Confirming)
	require.NoError(t, err)
	require.Empty(t, got.Verdict.Violations)
	require.Equal(t, 7, got.Verdict.Contradicted)
	for i, rule := range models.Rules() {
		if rule.ID == "REFUSE-1" {
			require.Zero(t, got.Verdict.Tallies[i].Violations)
			require.Equal(t, 1, got.Verdict.Tallies[i].Inconclusive)
		}
	}
}

func TestWhatWasTakenBackIsNobodysInTheSavedHistoryEither(t *testing.T) {
	for name, c := range map[string]struct {
		decides   models.Kind
		takenBack int
		blamed    bool
	}{"it shows without them": {models.KindJoin, 7, false}, "it does not": {models.KindSwitch, 0, true}} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			j := judge.NewJudge(context.Background(), &samples.Ideal{Leak: video(func(op models.Operation) bool { return op.Kind() == c.decides })}, 1, history.NewLog(&file))
			_, err := j.Again(context.Background(), samples.Parse(t, refused), history.Exploring)
			require.NoError(t, err)
			require.NoError(t, j.Close())
			logs, err := history.ReadLog(&file)
			require.NoError(t, err)
			require.Len(t, logs, 2, "with the run without them")
			require.True(t, logs[0].Done && logs[1].Done)
			require.Equal(t, c.takenBack, logs[0].TakenBack)

			names := func() bool {
				v := judge.CheckAllExposures(&logs[0].History)
				_, before := v.ByRule("REFUSE-1")
				require.True(t, before, "the history alone does not tell")
				v.Unblame(logs[0])
				register := exposure.New()
				register.Add(&logs[0].History, &v, history.Exploring, 0)
				return !register.Empty()
			}
			require.Equal(t, c.blamed, names())
			logs[0].Done = false
			require.False(t, names(), "the run ended before it was known")
		})
	}
}
