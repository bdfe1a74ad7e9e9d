package history_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// logged is the log of the traces of some seeds, run on a service that leaks.
func logged(t *testing.T, seeds int) (text string, histories []*history.History) {
	t.Helper()
	var log bytes.Buffer
	l := &samples.Ideal{Leak: samples.SwitchUnscopes}
	j := judge.NewJudge(context.Background(), l, 1, history.NewLog(&log))
	g := scenarios.Consultations().Traces(models.ReferencePolicy())
	for seed := range seeds {
		got, err := j.Again(context.Background(), scenarios.Draw(g, seed), history.Replaying)
		require.NoError(t, err)
		histories = append(histories, got.History)
	}
	require.NoError(t, j.Close())
	return log.String(), histories
}

func TestALogReadBackIsJudgedAsTheHistoriesWere(t *testing.T) {
	text, histories := logged(t, 200)
	read, err := history.ReadLog(strings.NewReader(text))
	require.NoError(t, err)
	require.Len(t, read, len(histories))
	violations := 0
	for i, h := range histories {
		want, got := judge.Check(h), judge.Check(&read[i].History)
		require.Equal(t, want, got)
		require.Nil(t, read[i].Begun)
		violations += len(want.Violations)
	}
	require.Positive(t, violations, "some of the histories leak")
}

func TestALogCutOffAnywhereIsReadUpToTheCut(t *testing.T) {
	text, histories := logged(t, 2)
	for cut := 0; cut < len(text); cut += 5 {
		read, err := history.ReadLog(strings.NewReader(text[:cut]))
		require.NoError(t, err, "cut at byte %d", cut)
		for i, l := range read {
			require.LessOrEqual(t, len(l.Events), len(histories[i].Events))
			for k, e := range l.Events {
				require.Equal(t, histories[i].Events[k].Call, e.Call)
			}
		}
	}
}

func TestAnOperationIsLoggedBeforeItIsPerformed(t *testing.T) {
	var log bytes.Buffer
	trace, err := models.Parse("alice = patient()\nalice.list()\nalice.logout()\n")
	require.NoError(t, err)
	hang := &hanging{at: 2}
	_, err = judge.Run(context.Background(), hang, "w1", trace, history.NewLog(&log))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	begin := `{"world":"w1","purpose":"replay","trace":1,"policy":{},"started":"2026-01-02T03:04:05Z"}` + "\n"
	read, err := history.ReadLog(strings.NewReader(begin + log.String()))
	require.NoError(t, err)
	require.Equal(t, "alice.list()", read[0].Begun.String())
	require.Len(t, read[0].Events, 1)
}

func TestALogThatIsNotOneIsRefusedByLine(t *testing.T) {
	for text, message := range map[string]string{
		"nonsense\n": "history line 1: expected a JSON object",
		`{"world":"w1","step":1,"begin":"alice = patient()"}` + "\n":                                              `history line 1: world "w1" has not begun`,
		`{"world":"w1","purpose":"explore"}` + "\n" + `{"world":"w1","step":1,"begin":"alice = patent()"}` + "\n": "history line 2: trace:1:9: unknown operation",
	} {
		_, err := history.ReadLog(strings.NewReader(text))
		require.ErrorContains(t, err, message)
	}
}

// hanging is a service that does not answer the step at, until a deadline.
type hanging struct {
	samples.Ideal
	at int
}

func (h *hanging) Close() error { return nil }
func (h *hanging) Open(ctx context.Context, world models.Namespace) (targets.World, error) {
	s, err := h.Launch(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.Open(ctx, world)
	return hangingWorld{w, h.at}, err
}

type hangingWorld struct {
	targets.World
	at int
}

func (w hangingWorld) Apply(ctx context.Context, c models.Call) (models.Response, error) {
	if c.Step == w.at {
		return models.Response{}, context.DeadlineExceeded
	}
	return w.World.Apply(ctx, c)
}
