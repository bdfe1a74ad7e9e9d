package judge_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

func TestWhatOthersGiveOrTakeIsNotHeldAgainstTheService(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{})
	j.Compare(true)
	trace := samples.Parse(t, `alice = patient()
		bob = patient()
		carol = patient()
		dr1 = clinician()
		b1 = alice.book(dr1, video)
		b2 = bob.book(dr1, video)
		alice.join(b1)
		alice.speak(b1)
		alice.leave(b1)
		alice.share(b1.r1, bob)
		alice.appoint(carol)
		bob.list()
		carol.list()
		operator.replays(off)
		bob.list()
	`)
	got, err := j.Again(context.Background(), trace, history.Replaying)
	require.NoError(t, err)
	require.Empty(t, got.Verdict.Violations)
}
