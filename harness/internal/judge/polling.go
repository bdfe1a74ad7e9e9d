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
	world models.Namespace
	lag   time.Duration
	state *models.State // nil where no lag is declared
}

func newPatience(world models.Namespace, p *models.Policy) *patience {
	if p.Lag <= 0 {
		return &patience{}
	}
	return &patience{world: world, lag: p.Lag, state: models.NewState(p)}
}

// polls is the number of times that an operation is asked again at most.
const polls = 8

// settle asks again until the answer r is complete or the lag is over. It returns
// the last answer and those before it.
func (p *patience) settle(ctx context.Context, w targets.World, c models.Call, r models.Response) (last models.Response, earlier []models.Response, err error) {
	if p.state == nil {
		return r, nil, nil
	}
	o := models.Observation{World: p.world, Before: p.state, Call: c, Expected: p.state.Expect(c), Got: r}
	for n := 0; n < polls && !o.Settled(); n++ {
		if err := wait(ctx, p.lag/polls+time.Millisecond); err != nil {
			return o.Got, earlier, err
		}
		again, err := w.Apply(ctx, c)
		if err != nil {
			return o.Got, earlier, err
		}
		earlier = append(earlier, o.Got)
		o.Got = again
	}
	p.state = p.state.Step(c, o.Got)
	return o.Got, earlier, nil
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
