package harness_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// TestALineThatLosesAnswersAccusesNobody explores the correct clinic behind lines
// that lose answers: what was asked for was done, or was not, or is only later.
func TestALineThatLosesAnswersAccusesNobody(t *testing.T) {
	t.Parallel()
	// Of ten lost answers in a hundred some are of what this clinic refuses and another
	// might accept: that may have been done, too.
	for percent, atMost := range map[int]float64{2: 0.025, 10: 0.22} {
		o := harness.Options{Traces: 100, Seed: 1, Workers: 2}
		r, err := harness.Explore(context.Background(), lossy{Launcher: clinic.Launcher{}, percent: percent}, o)
		require.NoError(t, err)
		if r.Found != nil {
			t.Fatalf("accused by %s: %s\n%s", r.Found.Violation.Signature, r.Found.Violation.Message, r.Found.Trace)
		}
		require.Equal(t, o.Traces, r.Traces)
		checks, open := 0, 0
		for _, rule := range r.Rules {
			if rule.ID == "FAULT-1" {
				continue // every lost answer may have been a failure
			}
			checks, open = checks+rule.Checks, open+rule.Inconclusive
			require.True(t, rule.Verdict == judge.NotApplicable || rule.Checks > 0, rule.ID)
		}
		require.Less(t, float64(open), atMost*float64(checks), "%d of %d checks are inconclusive at %d%%", open, checks, percent)
	}
}

// lossy launches services behind a line that loses some answers in a hundred.
type lossy struct {
	targets.Launcher
	percent int
}

func (l lossy) Launch(ctx context.Context) (targets.Target, error) {
	t, err := l.Launcher.Launch(ctx)
	return &lossyTarget{Target: t, percent: l.percent}, err
}

type lossyTarget struct {
	targets.Target
	percent int
	worlds  uint64
}

func (t *lossyTarget) Open(ctx context.Context, name models.Namespace) (targets.World, error) {
	w, err := t.Target.Open(ctx, name)
	t.worlds++
	return &lossyWorld{World: w, r: rand.New(rand.NewPCG(t.worlds, 2)), percent: t.percent}, err
}

type lossyWorld struct {
	targets.World
	r       *rand.Rand
	percent int
	late    []models.Call
}

// Apply performs an operation, and first of all now and then what is late. What is
// on its way when the service is restarted is lost.
func (w *lossyWorld) Apply(ctx context.Context, c models.Call) (models.Response, error) {
	if len(w.late) > 0 && w.r.IntN(3) == 0 {
		if _, err := w.World.Apply(ctx, w.late[0]); err != nil {
			return models.Response{}, err
		}
		w.late = w.late[1:]
	}
	if c.Op.Kind() == models.KindRestart {
		w.late = nil
		return w.World.Apply(ctx, c)
	}
	if w.r.IntN(100) >= w.percent {
		return w.World.Apply(ctx, c)
	}
	switch w.r.IntN(3) {
	case 0:
		w.late = append(w.late, c)
	case 1:
		if _, err := w.World.Apply(ctx, c); err != nil {
			return models.Response{}, err
		}
	}
	return models.Response{Outcome: models.Unknown}, nil
}
