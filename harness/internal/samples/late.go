package samples

import (
	"context"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Clock is a clock whose time passes only while somebody waits.
type Clock struct {
	mu     sync.Mutex
	passed time.Duration
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return started.Add(c.passed)
}

// Wait lets the time pass at once.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += d
	return ctx.Err()
}

// Late shows no recording in a listing until the lag is over since somebody last
// left a consultation in the same world; then it leaks.
func Late(clock *Clock, lag time.Duration, leak Leak) Leak {
	var mu sync.Mutex
	left := make(map[*IdealWorld]time.Time)
	return func(w *IdealWorld, c models.Call, r *models.Response) {
		mu.Lock()
		defer mu.Unlock()
		if c.Op.Kind() == models.KindLeave {
			left[w] = clock.Now()
		}
		if r.Listing != nil && clock.Now().Before(left[w].Add(lag)) {
			r.Listing.Rows, r.Listing.Total = nil, nil
			return
		}
		leak(w, c, r)
	}
}
