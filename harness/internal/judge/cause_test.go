package judge_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
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
