package judge

import (
	"context"
	"time"
)

// Clock is by what a [Judge] waits out the lag that a service declares.
type Clock interface {
	Now() time.Time
	// Wait returns when the time is over, or with the cause of the end of ctx.
	Wait(ctx context.Context, d time.Duration) error
}

// wallClock is the clock on the wall.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
