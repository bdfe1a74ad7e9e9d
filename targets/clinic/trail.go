package clinic

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// A Trail is the audit trail: who was shown which recording, and how much of it.
type Trail interface {
	// Note notes that recordings are about to be shown. Whatever cannot be noted must not be shown.
	Note(ctx context.Context, agent care.Caller, action care.Action, shown ...care.Recording) error
	// Events returns what was noted of recordings whose subject who is, oldest first. For patients; [care.ErrForbidden] to
	// anybody else.
	Events(ctx context.Context, who care.Caller) ([]care.Event, error)
}

// maxNoted is how many entries of the trail are remembered to be there.
const maxNoted = 1 << 16

// trail keeps the audit trail in the store. The same agent, recording and action are kept once, so that a look at it is
// enough where they are known to be there already: reading must not cost a write each time.
type trail struct {
	Parts
	rules *care.Rules
	mu    sync.Mutex
	noted map[note]struct{}
}

// A note is what tells one entry of the trail from another.
type note struct {
	agent, recording string
	action           care.Action
}

func (t *trail) Note(ctx context.Context, agent care.Caller, action care.Action, shown ...care.Recording) error {
	fresh := t.unknown(agent, action, shown)
	if len(fresh) == 0 {
		return nil
	}
	if err := t.Store.Note(ctx, agent, action, t.Now(), fresh); err != nil {
		return err
	}
	t.remember(agent, action, fresh)
	return nil
}

// unknown returns those of the recordings for which there may be no entry yet.
func (t *trail) unknown(agent care.Caller, action care.Action, shown []care.Recording) []care.Recording {
	t.mu.Lock()
	defer t.mu.Unlock()
	var fresh []care.Recording
	for _, r := range shown {
		if _, known := t.noted[note{agent.ID, r.ID, action}]; !known {
			fresh = append(fresh, r)
		}
	}
	return fresh
}

func (t *trail) remember(agent care.Caller, action care.Action, noted []care.Recording) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.noted) >= maxNoted {
		clear(t.noted)
	}
	for _, r := range noted {
		t.noted[note{agent.ID, r.ID, action}] = struct{}{}
	}
}

func (t *trail) Events(ctx context.Context, who care.Caller) ([]care.Event, error) {
	if who.Role == care.Practitioner {
		switch t.rules.ForPractitioners {
		case care.EmptyOnes:
			return nil, nil
		case care.OwnOnes:
			return t.Store.EventsBy(ctx, who.ID)
		}
	}
	if err := mustBePatient(who); err != nil {
		return nil, err
	}
	return t.Store.Events(ctx, who.ID)
}
