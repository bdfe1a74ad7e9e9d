package clinic

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// An Archive keeps recordings and shows each to its patient and its practitioner. For everybody else, one that exists
// and one that does not are both [care.ErrNotFound].
type Archive interface {
	// Publish makes the segments of a completed consultation its recordings, in order, and returns them.
	Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error)
	// List returns up to limit recordings that who may see and that come after the one with number after, oldest first.
	List(ctx context.Context, who care.Caller, after int64, limit int) ([]care.Recording, error)
	// Find returns one recording.
	Find(ctx context.Context, who care.Caller, id string) (care.Recording, error)
	// Open returns one recording with its content.
	Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error)
}

// archive keeps recordings in the store.
type archive struct {
	store *store.Store
}

func (a *archive) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	published := make([]care.Recording, 0, len(segments))
	for _, s := range segments {
		r, err := tx.Publish(care.Recording{
			ID:           s.ID,
			Appointment:  c.Appointment,
			Encounter:    c.Encounter,
			Subject:      c.Patient,
			Practitioner: c.Practitioner,
			Title:        c.Description,
			Mode:         s.Mode,
			Segment:      s.Number,
			Size:         s.Size,
		})
		if err != nil {
			return nil, err
		}
		published = append(published, r)
	}
	return published, nil
}

func (a *archive) List(ctx context.Context, who care.Caller, after int64, limit int) ([]care.Recording, error) {
	return a.store.RecordingsOf(ctx, who, after, limit)
}

func (a *archive) Find(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	r, err := a.store.Recording(ctx, id)
	if err != nil {
		return care.Recording{}, err
	}
	if !r.BelongsTo(who) {
		return care.Recording{}, care.ErrNotFound
	}
	return r, nil
}

func (a *archive) Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	r, err := a.Find(ctx, who, id)
	if err != nil {
		return care.Recording{}, nil, err
	}
	return r, a.store.Media(ctx, r.ID, r.Size), nil
}
