package judge

import (
	"context"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// patience asks again where a service declares that a replay may take a while to
// appear, until the answer is complete or the lag is over. What was shown
// meanwhile counts, too. Where no lag is declared it does nothing.
type patience struct {
	lag    time.Duration
	states *models.States // nil where no lag is declared
	found  *models.Findings
}

func newPatience(world models.Namespace, p *models.Policy) *patience {
	if p.Lag <= 0 {
		return &patience{}
	}
	return &patience{lag: p.Lag, states: models.NewStates(world, p), found: models.NewFindings()}
}

// polls is the number of times that an operation is asked again at most.
const polls = 8

// settle asks again until the answer r is complete or the lag is over. It returns
// the last answer and those before it.
func (p *patience) settle(ctx context.Context, w targets.World, c models.Call, r models.Response) (last models.Response, earlier []models.Response, err error) {
	if p.states == nil {
		return r, nil, nil
	}
	a := models.Answer{Call: c, Got: r}
	for n := 0; n < polls && !p.states.Settled(c, a.Got); n++ {
		if err := wait(ctx, p.lag/polls+time.Millisecond); err != nil {
			return a.Got, a.Earlier, err
		}
		again, err := w.Apply(ctx, c)
		if err != nil {
			return a.Got, a.Earlier, err
		}
		a.Earlier = append(a.Earlier, a.Got)
		a.Got = again
	}
	p.states.Observe(&a, p.found)
	return a.Got, a.Earlier, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
