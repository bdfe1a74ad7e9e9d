package clinic

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// A Recovery puts the database in order before the service answers its first request.
type Recovery interface {
	// Recover is called at every start. existed tells whether the database was there before, and not created.
	Recover(ctx context.Context, existed bool) error
}

// recovery has little to do: whatever belongs together is written in one transaction, so a stop leaves nothing half done,
// and a consultation that was going on goes on.
type recovery struct {
	Parts
	rules *care.Rules
}

func (r *recovery) Recover(ctx context.Context, existed bool) error {
	if !existed {
		return nil
	}
	if r.rules.SessionsEnd {
		return r.Store.EndSessions(ctx)
	}
	return r.Store.SweepSessions(ctx, r.Now())
}
