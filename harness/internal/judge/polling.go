package judge

import (
	"context"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// patience gives a service the time that it declares to take until a replay
// appears. It waits until that is over before an operation that may be answered
// otherwise then, or asks again until the answer is complete: what was shown
// meanwhile counts, too. Where no lag is declared it does nothing.
type patience struct {
	lag   time.Duration
	clock Clock
	// waits says that the lag is waited out, so that no line of a trace is of use
	// because it takes time; else operations are only asked again.
	waits bool
	// left is when somebody last left a consultation, zero for never.
	left   time.Time
	states *models.States // nil where no lag is declared
	found  *models.Findings
}

func newPatience(world models.Namespace, p *models.Policy, clock Clock, waits bool) *patience {
	if p.Lag <= 0 {
		return &patience{}
	}
	return &patience{lag: p.Lag, clock: clock, waits: waits, states: models.NewStates(world, p), found: models.NewFindings()}
}

// await waits until the lag is over since somebody last left a consultation, if the
// operation is one that may be answered otherwise then, and returns for how long.
func (p *patience) await(ctx context.Context, op models.Operation) (time.Duration, error) {
	if !p.waits || p.left.IsZero() || !models.Lags(op.Kind()) {
		return 0, nil
	}
	over := p.left.Add(p.lag)
	p.left = time.Time{}
	left := over.Sub(p.clock.Now())
	if left <= 0 {
		return 0, nil
	}
	return left, p.clock.Wait(ctx, left)
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
		if err := p.clock.Wait(ctx, p.lag/polls+time.Millisecond); err != nil {
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
	if models.Leaves(c.Op.Kind()) && !a.Got.Outcome.Refused() {
		p.left = p.clock.Now()
	}
	return a.Got, a.Earlier, nil
}
