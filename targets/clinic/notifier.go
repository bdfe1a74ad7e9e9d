package clinic

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A Notifier tells patients of their recordings.
type Notifier interface {
	// Announce leaves the subject of a recording that is being published a notice of it.
	Announce(tx *store.Tx, r care.Recording) error
	// Inbox returns the notices to somebody, oldest first, of recordings that still are there.
	Inbox(ctx context.Context, who care.Caller) ([]care.Notice, error)
}

// notifier keeps notices in the store.
type notifier struct {
	Parts
	rules *care.Rules
}

func (n *notifier) Announce(tx *store.Tx, r care.Recording) error {
	id, err := n.NewID()
	if err != nil {
		return err
	}
	if n.rules.Inbox == care.NoticesStay {
		return tx.KeepNotice(id, r)
	}
	return tx.AddNotice(id, r.Subject, r.ID)
}

func (n *notifier) Inbox(ctx context.Context, who care.Caller) ([]care.Notice, error) {
	if n.rules.Inbox == care.NoticesStay {
		return n.Store.KeptNotices(ctx, who.ID)
	}
	notices, err := n.Store.Notices(ctx, who.ID, n.Ripe())
	if err != nil {
		return nil, err
	}
	switch n.rules.Inbox {
	case care.SeveralNotices:
		return twice(notices), nil
	case care.Reminders:
		planned, err := n.Store.PlannedOf(ctx, who.ID)
		return append(notices, planned...), err
	default:
		return notices, nil
	}
}

// twice returns each notice and another like it.
func twice(notices []care.Notice) []care.Notice {
	all := make([]care.Notice, 0, 2*len(notices))
	for _, first := range notices {
		again := first
		again.ID += "-again"
		all = append(all, first, again)
	}
	return all
}
