package clinic

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A course is what follows when a consultation changes: what is saved, published and announced.
type course struct {
	Parts
	rules    *care.Rules
	archive  Archive
	notifier Notifier
}

// conclude saves what a change has made of a consultation, and publishes what is to be. It returns the recordings of a
// consultation that the change has completed.
func (s *course) conclude(tx *store.Tx, before care.Consultation, after *care.Consultation) ([]care.Recording, error) {
	if *after == before {
		return nil, nil
	}
	if err := s.leaveEmpty(tx, &before, after); err != nil {
		return nil, err
	}
	var published []care.Recording
	var err error
	completes := before.Status != care.Completed && after.Status == care.Completed
	switch {
	case completes:
		published, err = s.publishAll(tx, *after)
	case s.rules.Listed == care.ListedByStretch && s.cuts(&before, after):
		_, err = s.publish(tx, *after, after.Stretch)
	}
	if err != nil {
		return nil, err
	}
	return published, tx.Save(*after)
}

// cuts tells whether a stretch was over with a change, and its recordings with it.
func (s *course) cuts(before, after *care.Consultation) bool {
	return before.Status == care.InProgress && after.Stretch != before.Stretch && s.rules.Grain != care.PerConsultation
}

// leaveEmpty begins and ends an empty segment for a stretch without media that was over with a change, where there is one.
func (s *course) leaveEmpty(tx *store.Tx, before, after *care.Consultation) error {
	over := before.Status == care.InProgress && after.Status == care.Completed || s.cuts(before, after)
	if !s.rules.EmptyRows || before.Captured || !over {
		return nil
	}
	id, err := s.NewID()
	if err != nil {
		return err
	}
	after.Segments++
	return tx.OpenSegment(after.Encounter,
		care.Segment{ID: id, Stretch: before.Stretch, Number: after.Segments, Mode: before.Mode})
}

// publishAll publishes the recordings of a completed consultation that are not there yet, and returns all it has.
func (s *course) publishAll(tx *store.Tx, c care.Consultation) ([]care.Recording, error) {
	if c.Segments == 0 {
		return nil, nil
	}
	var published []care.Recording
	var err error
	if s.rules.Listed == care.ListedWhileGoingOn {
		published, err = s.show(tx, c)
	} else {
		published, err = s.publish(tx, c, 0)
	}
	if err == nil {
		err = tx.DropSegments(c.Encounter)
	}
	if err != nil || s.rules.Listed == "" && s.rules.Rejoining == "" {
		return published, err
	}
	return tx.OfEncounter(c.Encounter)
}

// publish publishes the segments of a consultation, or those of stretches before one, and tells its patient.
func (s *course) publish(tx *store.Tx, c care.Consultation, before int) ([]care.Recording, error) {
	segments, err := tx.Segments(c.Encounter)
	if err != nil {
		return nil, err
	}
	if before > 0 {
		if segments, err = s.until(tx, segments, before); err != nil {
			return nil, err
		}
	}
	return s.release(tx, c, segments)
}

// until takes those of segments that belong to stretches before one out of those in the making.
func (s *course) until(tx *store.Tx, all []care.Segment, before int) ([]care.Segment, error) {
	var over []care.Segment
	for _, segment := range all {
		if segment.Stretch >= before {
			continue
		}
		if err := tx.DropSegment(segment.ID); err != nil {
			return nil, err
		}
		over = append(over, segment)
	}
	return over, nil
}

// show publishes the segments that have begun, or gives the recordings that they are already their size.
func (s *course) show(tx *store.Tx, c care.Consultation) ([]care.Recording, error) {
	segments, err := tx.Segments(c.Encounter)
	if err != nil {
		return nil, err
	}
	var begun []care.Segment
	for _, segment := range segments {
		known, err := tx.Grow(segment.ID, segment.Size)
		if err != nil {
			return nil, err
		}
		if !known {
			begun = append(begun, segment)
		}
	}
	return s.release(tx, c, begun)
}

// release makes segments recordings and announces them.
func (s *course) release(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	published, err := s.archive.Publish(tx, c, segments)
	if err != nil {
		return nil, err
	}
	for _, r := range published {
		if err := s.notifier.Announce(tx, r); err != nil {
			return nil, err
		}
	}
	return published, nil
}

// endOf completes the consultations in progress in which somebody takes part; a guest only leaves them.
func (s *course) endOf(tx *store.Tx, user string) error {
	going, err := tx.InProgressOf(user)
	if err != nil {
		return err
	}
	for _, before := range going {
		after := before
		if before.Guest != "" && before.Guest == user {
			after.Depart(s.rules, care.Guest)
		} else {
			after.Complete()
		}
		if _, err := s.conclude(tx, before, &after); err != nil {
			return err
		}
	}
	return nil
}

// resume does to the consultations that were in progress when the service was stopped what becomes of them.
func (s *course) resume(ctx context.Context, existed bool) error {
	if s.rules.Slots != "" {
		if err := s.Store.FreeSlots(ctx); err != nil {
			return err
		}
	}
	if !existed || s.rules.Restart == "" {
		return nil
	}
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		if s.rules.Restart == care.VisitsLost {
			if err := s.lose(tx); err != nil {
				return err
			}
		}
		if s.rules.Restart != care.EverybodyOut {
			if err := s.endOf(tx, ""); err != nil {
				return err
			}
		}
		return tx.SendOut()
	})
}

// lose deletes all segments in the making.
func (s *course) lose(tx *store.Tx) error {
	going, err := tx.InProgressOf("")
	if err != nil {
		return err
	}
	for _, c := range going {
		segments, err := tx.Segments(c.Encounter)
		if err != nil {
			return err
		}
		for _, segment := range segments {
			if err := tx.EraseSegment(segment.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
