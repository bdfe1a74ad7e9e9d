package judge_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

func TestTheJudgeRemembersATraceWhateverItsNames(t *testing.T) {
	j := samples.NewJudge(t, &samples.Ideal{})
	first, err := j.Judge(context.Background(), samples.Parse(t, "alice = patient()\nalice.list()\n"), history.Reducing)
	require.NoError(t, err)
	again, err := j.Judge(context.Background(), samples.Parse(t, "zoe = patient()\nzoe.list()\n"), history.Reducing)
	require.NoError(t, err)
	require.Same(t, first, again)
	require.Equal(t, 1, j.Replays())
	_, err = j.Again(context.Background(), samples.Parse(t, "alice = patient()\nalice.list()\n"), history.Certifying)
	require.NoError(t, err)
	require.Equal(t, 2, j.Replays(), "a certificate is never answered from memory")
}
