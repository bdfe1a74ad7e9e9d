package clinic

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// Consultations are the use cases: booking a consultation, holding it, and replaying it afterwards. Each is told who asks
// and refuses with one of care's reasons; what is refused changes nothing. To whoever takes no part in a consultation it
// is [care.ErrNotFound].
type Consultations interface {
	// Book books a consultation for a patient: [care.ErrForbidden] for anybody else, [care.ErrInvalid] when there is no
	// such practitioner, [care.ErrConflict] when the slot is taken.
	Book(ctx context.Context, who care.Caller, b Booking) (care.Consultation, error)
	// Appointment returns the consultation with that appointment.
	Appointment(ctx context.Context, who care.Caller, appointment string) (care.Consultation, error)
	// Cancel calls off the consultation with that appointment, while it has not begun.
	Cancel(ctx context.Context, who care.Caller, appointment string) (care.Consultation, error)

	// Join, Drop, Leave, End, Switch and Capture are those of [care.Consultation], by encounter. Media is 1 to MaxMedia
	// bytes.
	Join(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	Drop(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	Leave(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	End(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode) (Encounter, error)
	Capture(ctx context.Context, who care.Caller, encounter string, media []byte) (Encounter, error)

	// Replays, Replay and Play are List, Find and Open of [Archive].
	Replays(ctx context.Context, who care.Caller, after int64, limit int) ([]care.Recording, error)
	Replay(ctx context.Context, who care.Caller, recording string) (care.Recording, error)
	Play(ctx context.Context, who care.Caller, recording string) (care.Recording, care.Media, error)
}

// A Booking is what a patient asks for.
type Booking struct {
	Practitioner string
	Slot         int64 // from 1
	Mode         care.Mode
	Description  string
}

// An Encounter is a consultation as it is after a change, with the recordings that it left if it is completed.
type Encounter struct {
	care.Consultation
	Recordings []care.Recording
}

// consultations are the correct use cases.
type consultations struct {
	Parts
	recorder Recorder
	archive  Archive
	ends     care.EndPolicy
}

func (s *consultations) Book(ctx context.Context, who care.Caller, b Booking) (care.Consultation, error) {
	if who.Role != care.Patient {
		return care.Consultation{}, care.Refuse(care.ErrForbidden, "only a patient can book an appointment")
	}
	c, err := s.planned(who, b)
	if err != nil {
		return care.Consultation{}, err
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.PractitionerExists(b.Practitioner); err != nil {
			return asInvalid(err)
		}
		return tx.Book(c)
	})
	if errors.Is(err, store.ErrTaken) {
		return care.Consultation{}, care.Refuse(care.ErrConflict, "the slot is taken")
	}
	return c, err
}

// planned returns the consultation that a booking would make.
func (s *consultations) planned(who care.Caller, b Booking) (care.Consultation, error) {
	appointment, err := s.NewID()
	if err != nil {
		return care.Consultation{}, err
	}
	encounter, err := s.NewID()
	if err != nil {
		return care.Consultation{}, err
	}
	return care.Consultation{
		Appointment:  appointment,
		Encounter:    encounter,
		Patient:      who.ID,
		Practitioner: b.Practitioner,
		Slot:         b.Slot,
		Booked:       b.Mode,
		Description:  b.Description,
		Status:       care.Planned,
		Mode:         b.Mode,
		Stretch:      1,
	}, nil
}

func asInvalid(err error) error {
	if errors.Is(err, care.ErrNotFound) {
		return care.Refuse(care.ErrInvalid, "there is no such practitioner")
	}
	return err
}

func (s *consultations) Appointment(ctx context.Context, who care.Caller, id string) (care.Consultation, error) {
	c, err := s.Store.ByAppointment(ctx, id)
	if err != nil {
		return care.Consultation{}, err
	}
	if err := c.Admits(who); err != nil {
		return care.Consultation{}, err
	}
	return c, nil
}

func (s *consultations) Cancel(ctx context.Context, who care.Caller, id string) (care.Consultation, error) {
	var cancelled care.Consultation
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.ByAppointment(id)
		if err != nil {
			return err
		}
		if err := c.Admits(who); err != nil {
			return err
		}
		if err := c.Cancel(); err != nil {
			return err
		}
		cancelled = c
		return tx.Save(c)
	})
	return cancelled, err
}

func (s *consultations) Join(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation) error { return c.Join(who.Role) })
}

func (s *consultations) Drop(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation) error { return c.Drop(who.Role) })
}

func (s *consultations) Leave(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation) error { return c.Leave(who.Role) })
}

func (s *consultations) End(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation) error { return c.End(who.Role, s.ends) })
}

func (s *consultations) Switch(ctx context.Context, who care.Caller, id string, mode care.Mode) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation) error {
		_, err := c.Switch(who.Role, mode)
		return err
	})
}

func (s *consultations) Capture(ctx context.Context, who care.Caller, id string, media []byte) (Encounter, error) {
	return s.change(ctx, who, id, func(tx *store.Tx, c *care.Consultation) error {
		if err := c.Capture(who.Role); err != nil {
			return err
		}
		return s.recorder.Capture(tx, c, media)
	})
}

// change lets a participant take a step in an encounter, in one transaction: the step, what is saved of it, and the
// recordings that are published if it completes the encounter happen together or not at all.
func (s *consultations) change(ctx context.Context, who care.Caller, encounter string,
	step func(*store.Tx, *care.Consultation) error) (Encounter, error) {
	var after Encounter
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		before, err := tx.ByEncounter(encounter)
		if err != nil {
			return err
		}
		if err := before.Admits(who); err != nil {
			return err
		}
		after.Consultation = before
		if err := step(tx, &after.Consultation); err != nil {
			return err
		}
		if after.Consultation == before {
			return nil
		}
		after.Recordings, err = s.publishIfCompleted(tx, after.Consultation)
		if err != nil {
			return err
		}
		return tx.Save(after.Consultation)
	})
	if err != nil {
		return Encounter{}, err
	}
	return after, nil
}

func (s *consultations) publishIfCompleted(tx *store.Tx, c care.Consultation) ([]care.Recording, error) {
	if c.Status != care.Completed || c.Segments == 0 {
		return nil, nil
	}
	segments, err := tx.Segments(c.Encounter)
	if err != nil {
		return nil, err
	}
	published, err := s.archive.Publish(tx, c, segments)
	if err != nil {
		return nil, err
	}
	return published, tx.DropSegments(c.Encounter)
}

func (s *consultations) Replays(ctx context.Context, who care.Caller, after int64, limit int) ([]care.Recording, error) {
	return s.archive.List(ctx, who, after, limit)
}

func (s *consultations) Replay(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	return s.archive.Find(ctx, who, id)
}

func (s *consultations) Play(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	return s.archive.Open(ctx, who, id)
}
