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
type notifier struct{ Parts }

func (n *notifier) Announce(tx *store.Tx, r care.Recording) error {
	id, err := n.NewID()
	if err != nil {
		return err
	}
	return tx.AddNotice(id, r.Subject, r.ID)
}

func (n *notifier) Inbox(ctx context.Context, who care.Caller) ([]care.Notice, error) {
	return n.Store.Notices(ctx, who.ID, n.Ripe())
}
