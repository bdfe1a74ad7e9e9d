package clinic

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// excerpt is how many bytes of media a thumbnail has, and of each piece of media the transcript.
const excerpt = 32

// An Archive keeps recordings and shows each to those whom its [Authorizer] lets see it. For everybody else, one that
// exists and one that does not are both [care.ErrNotFound].
type Archive interface {
	// Publish makes the segments of a completed consultation its recordings, in order, and returns them.
	Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error)
	// List returns one page of the recordings that who may see.
	List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error)
	// Find returns one recording.
	Find(ctx context.Context, who care.Caller, id string) (care.Recording, error)
	// Open returns one recording with its content.
	Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error)
	// Transcript returns one recording with what is said in it.
	Transcript(ctx context.Context, who care.Caller, id string) (care.Recording, string, error)
	// Own returns every recording whose subject who is, with its content, oldest first.
	Own(ctx context.Context, who care.Caller) ([]Content, error)
	// Delete erases a recording and all that derives from it or leads to it. Only its subject may; whoever else may see it
	// gets [care.ErrForbidden].
	Delete(ctx context.Context, who care.Caller, id string) error
	// EraseOf erases every recording whose subject a patient is, as Delete does.
	EraseOf(tx *store.Tx, patient string) error
}

// Content is a recording with its media.
type Content struct {
	Recording care.Recording
	Media     care.Media
}

// archive keeps recordings in the store.
type archive struct {
	Parts
	authorizer Authorizer
	rules      *care.Rules
}

func (a *archive) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	published := make([]care.Recording, 0, len(segments))
	ended := a.Now()
	for _, s := range segments {
		r, err := tx.Publish(care.Recording{
			ID:           s.ID,
			Appointment:  c.Appointment,
			Encounter:    c.Encounter,
			Subject:      c.Patient,
			Guest:        c.Guest,
			Practitioner: c.Practitioner,
			Title:        c.Description,
			Mode:         a.rules.LabelOf(&c, s),
			Segment:      a.rules.NumberOf(s.Stretch, s.Number),
			Size:         s.Size,
		}, ended)
		if err != nil {
			return nil, err
		}
		published = append(published, r)
	}
	return published, nil
}

func (a *archive) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if a.rules.FixedPages {
		q.Limit = defaultRows
	}
	listing, err := a.page(ctx, who, q)
	switch a.rules.Totals {
	case care.TotalOfPage:
		listing.Total = len(listing.Recordings)
	case care.TotalEstimated:
		listing.Total = (listing.Total + 9) / 10 * 10
	}
	return listing, err
}

// page returns one page, oldest first or newest first.
func (a *archive) page(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if !a.rules.NewestFirst {
		return a.authorizer.SeeAll(ctx, who, q)
	}
	all, err := a.authorizer.SeeAll(ctx, who, care.Query{Limit: math.MaxInt32, Mode: q.Mode})
	if err != nil {
		return care.Listing{}, err
	}
	slices.Reverse(all.Recordings)
	older := slices.DeleteFunc(slices.Clone(all.Recordings), func(r care.Recording) bool { return q.After != 0 && r.Seq >= q.After })
	page := store.Page(q, older)
	page.Total = all.Total
	return page, nil
}

func (a *archive) Find(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	return a.authorizer.See(ctx, who, id)
}

func (a *archive) Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	r, err := a.authorizer.See(ctx, who, id)
	if err != nil {
		return care.Recording{}, nil, err
	}
	return r, a.Store.Media(ctx, r.ID, r.Size), nil
}

func (a *archive) Transcript(ctx context.Context, who care.Caller, id string) (care.Recording, string, error) {
	r, err := a.authorizer.See(ctx, who, id)
	if err != nil {
		return care.Recording{}, "", err
	}
	said, err := a.Store.Transcript(ctx, r.ID, excerpt)
	return r, said, err
}

func (a *archive) Own(ctx context.Context, who care.Caller) ([]Content, error) {
	found, err := a.own(ctx, who)
	if err != nil {
		return nil, err
	}
	all := make([]Content, len(found))
	for i, r := range found {
		all[i] = Content{Recording: r, Media: a.Store.Media(ctx, r.ID, r.Size)}
	}
	return all, nil
}

// own returns the recordings that an export of somebody's holds.
func (a *archive) own(ctx context.Context, who care.Caller) ([]care.Recording, error) {
	switch {
	case who.Role == care.Practitioner:
		all, err := a.authorizer.SeeAll(ctx, who, care.Query{Limit: math.MaxInt32})
		return all.Recordings, err
	case a.rules.Export == care.ExportShared:
		return a.Store.OfSubjectOrShared(ctx, who.ID, a.Ripe())
	default:
		return a.Store.OfSubject(ctx, who.ID, a.Ripe())
	}
}

func (a *archive) Delete(ctx context.Context, who care.Caller, id string) error {
	if _, err := mustBeSubject(ctx, a.authorizer, who, id); err != nil {
		return a.unlessDeleted(ctx, who, id, err)
	}
	return a.Store.Update(ctx, func(tx *store.Tx) error {
		if a.rules.Listed == care.ListedWhileGoingOn {
			if err := tx.DropSegment(id); err != nil { // it may be in the making: what comes goes into another
				return err
			}
		}
		if a.rules.RepeatsDone {
			if err := tx.NoteDeleted(id, who.ID); err != nil {
				return err
			}
		}
		return tx.Erase(id)
	})
}

// unlessDeleted returns why somebody may not delete a recording, and nil to who has deleted it before where that is
// answered as done.
func (a *archive) unlessDeleted(ctx context.Context, who care.Caller, id string, refusal error) error {
	if !a.rules.RepeatsDone || !errors.Is(refusal, care.ErrNotFound) {
		return refusal
	}
	if was, err := a.Store.WasDeleted(ctx, id, who.ID); err != nil || was {
		return err
	}
	return refusal
}

func (a *archive) EraseOf(tx *store.Tx, patient string) error { return tx.EraseOf(patient) }

// mustBeSubject returns the recording with that id to its subject; [care.ErrForbidden] to whoever else may see it.
func mustBeSubject(ctx context.Context, authorizer Authorizer, who care.Caller, id string) (care.Recording, error) {
	r, err := authorizer.See(ctx, who, id)
	if err != nil {
		return care.Recording{}, err
	}
	if r.Subject != who.ID {
		return care.Recording{}, care.Refuse(care.ErrForbidden, "only the patient whose recording it is may do this")
	}
	return r, nil
}
