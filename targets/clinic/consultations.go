package clinic

import (
	"context"
	"errors"
	"io"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// Consultations are the use cases: booking a consultation, holding it, and replaying it afterwards. Each is told who asks
// and refuses with one of care's reasons; what is refused changes nothing. To whoever takes no part in a consultation it
// is [care.ErrNotFound].
type Consultations interface {
	// Book books a consultation for a patient: [care.ErrForbidden] for anybody else, [care.ErrInvalid] when there is no
	// such practitioner or the guest cannot be one, [care.ErrConflict] when the slot is taken.
	Book(ctx context.Context, who care.Caller, b Booking) (care.Consultation, error)
	// Appointment returns the consultation with that appointment. Like Cancel and Reschedule it is for the patient's
	// proxies, too.
	Appointment(ctx context.Context, who care.Caller, appointment string) (care.Consultation, error)
	// Cancel calls off the consultation with that appointment, and Reschedule moves it to another slot, while it has not
	// begun. A guest may do neither: [care.ErrForbidden]. A slot that is taken is a [care.ErrConflict].
	Cancel(ctx context.Context, who care.Caller, appointment string) (care.Consultation, error)
	Reschedule(ctx context.Context, who care.Caller, appointment string, slot int64) (care.Consultation, error)

	// Join, Drop, Leave, End, Switch and Capture are those of [care.Consultation], by encounter. Media is 1 to MaxMedia
	// bytes. A proxy of the patient's takes no part: [care.ErrForbidden].
	Join(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	Drop(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	Leave(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	End(ctx context.Context, who care.Caller, encounter string) (Encounter, error)
	Switch(ctx context.Context, who care.Caller, encounter string, mode care.Mode) (Encounter, error)
	Capture(ctx context.Context, who care.Caller, encounter string, media []byte) (Encounter, error)

	// Replays, Replay, Play, Transcript and Delete are List, Find, Open, Transcript and Delete of [Archive].
	Replays(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error)
	Replay(ctx context.Context, who care.Caller, recording string) (care.Recording, error)
	Play(ctx context.Context, who care.Caller, recording string) (care.Recording, care.Media, error)
	Transcript(ctx context.Context, who care.Caller, recording string) (care.Recording, string, error)
	Delete(ctx context.Context, who care.Caller, recording string) error
	// Thumbnail returns the first bytes of the media.
	Thumbnail(ctx context.Context, who care.Caller, recording string) (care.Recording, []byte, error)
	// Export is Own of [Archive], for patients; [care.ErrForbidden] for anybody else.
	Export(ctx context.Context, who care.Caller) ([]Content, error)
}

// A Booking is what a patient asks for.
type Booking struct {
	Practitioner string
	Slot         int64 // from 1
	Mode         care.Mode
	Description  string
	Guest        string // a second patient; empty: none
}

// An Encounter is a consultation as it is after a change, with the recordings that it left if it is completed.
type Encounter struct {
	care.Consultation
	As         care.Role // of who changed it
	Recordings []care.Recording
}

// consultations are the correct use cases.
type consultations struct {
	*course
	authorizer Authorizer
	recorder   Recorder
	groups     bool
}

func (s *consultations) Book(ctx context.Context, who care.Caller, b Booking) (care.Consultation, error) {
	if err := s.mayBook(who, b); err != nil {
		return care.Consultation{}, err
	}
	c, err := s.planned(who, b)
	if err != nil {
		return care.Consultation{}, err
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if err := mustBePractitioner(tx, b.Practitioner); err != nil {
			return err
		}
		if err := s.mayBeGuest(tx, who, b.Guest); err != nil {
			return err
		}
		return orTaken(tx.Book(c))
	})
	return c, err
}

// mayBook returns nil for patients, and where practitioners book as well for those who do not book themselves.
func (s *consultations) mayBook(who care.Caller, b Booking) error {
	switch {
	case !s.rules.CliniciansBook:
		return mustBePatient(who)
	case who.ID == b.Practitioner:
		return care.Refuse(care.ErrInvalid, "it must be another practitioner")
	}
	return nil
}

func mustBePractitioner(tx *store.Tx, id string) error {
	role, err := tx.RoleOf(id)
	if errors.Is(err, care.ErrNotFound) || err == nil && role != care.Practitioner {
		return care.Refuse(care.ErrInvalid, "there is no such practitioner")
	}
	return err
}

// mayBeGuest returns nil for nobody, and for another patient where there are group appointments.
func (s *consultations) mayBeGuest(tx *store.Tx, who care.Caller, guest string) error {
	if guest == "" {
		return nil
	}
	if !s.groups {
		return care.Refuse(care.ErrInvalid, "there are no group appointments here")
	}
	err := mustBeAnotherPatient(tx, who, guest)
	if errors.Is(err, care.ErrNoUser) {
		return care.Refuse(care.ErrInvalid, "there is no such guest")
	}
	return err
}

// orTaken makes a slot that is taken a refusal.
func orTaken(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return care.Refuse(care.ErrConflict, "the slot is taken")
	}
	return err
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
		Guest:        b.Guest,
		Practitioner: b.Practitioner,
		Slot:         b.Slot,
		Booked:       b.Mode,
		Description:  b.Description,
		Status:       care.Planned,
		Mode:         b.Mode,
		Stretch:      1,
	}, nil
}

func (s *consultations) Appointment(ctx context.Context, who care.Caller, id string) (care.Consultation, error) {
	c, err := s.Store.ByAppointment(ctx, id)
	if err != nil {
		return care.Consultation{}, err
	}
	if err := s.mayHandle(ctx, who, c); err != nil {
		return care.Consultation{}, err
	}
	return c, nil
}

// mayHandle returns nil for those who take part in a consultation and the patient's proxies, and [care.ErrNotFound] for
// everybody else.
func (s *consultations) mayHandle(ctx context.Context, who care.Caller, c care.Consultation) error {
	if _, err := s.roleIn(&c, who); err == nil {
		return nil
	}
	acts, err := s.authorizer.ActsFor(ctx, who, c.Patient)
	if err == nil && !acts {
		return care.ErrNotFound
	}
	return err
}

func (s *consultations) Cancel(ctx context.Context, who care.Caller, id string) (care.Consultation, error) {
	return s.handle(ctx, who, id, func(c *care.Consultation, as care.Role) error { return c.Cancel(s.rules, as) })
}

func (s *consultations) Reschedule(ctx context.Context, who care.Caller, id string, slot int64) (care.Consultation, error) {
	return s.handle(ctx, who, id, func(c *care.Consultation, _ care.Role) error { return c.Reschedule(s.rules, slot) })
}

// handle changes an appointment. Who may is decided before the transaction begins, which holds the only connection to a
// database in memory: nothing that this depends on is changed by it. change is told the role of who, empty for a proxy.
func (s *consultations) handle(ctx context.Context, who care.Caller, id string,
	change func(*care.Consultation, care.Role) error) (care.Consultation, error) {
	c, err := s.Appointment(ctx, who, id)
	if err != nil {
		return care.Consultation{}, err
	}
	role, _ := s.roleIn(&c, who)
	if role == care.Guest {
		return care.Consultation{}, care.Refuse(care.ErrForbidden, "a guest may not change the appointment")
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		before, err := tx.ByAppointment(id)
		if err != nil {
			return err
		}
		c = before
		if err := change(&c, role); err != nil {
			return err
		}
		_, err = s.conclude(tx, before, &c)
		return orTaken(err)
	})
	if err != nil {
		return care.Consultation{}, err
	}
	return c, nil
}

func (s *consultations) Join(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation, as care.Role) error { return c.Join(s.rules, as) })
}

func (s *consultations) Drop(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation, as care.Role) error { return c.Drop(s.rules, as) })
}

func (s *consultations) Leave(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation, as care.Role) error { return c.Leave(s.rules, as) })
}

func (s *consultations) End(ctx context.Context, who care.Caller, id string) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation, as care.Role) error { return c.End(s.rules, as) })
}

func (s *consultations) Switch(ctx context.Context, who care.Caller, id string, mode care.Mode) (Encounter, error) {
	return s.change(ctx, who, id, func(_ *store.Tx, c *care.Consultation, as care.Role) error {
		return c.Switch(s.rules, as, mode)
	})
}

func (s *consultations) Capture(ctx context.Context, who care.Caller, id string, media []byte) (Encounter, error) {
	return s.change(ctx, who, id, func(tx *store.Tx, c *care.Consultation, as care.Role) error {
		if err := c.Capture(s.rules, as); err != nil {
			return err
		}
		return s.record(tx, c, as, media)
	})
}

// record has the recorder capture what somebody says.
func (s *consultations) record(tx *store.Tx, c *care.Consultation, speaker care.Role, media []byte) error {
	c.Speaker = speaker
	defer func() { c.Speaker = "" }()
	if err := s.recorder.Capture(tx, c, media); err != nil || s.rules.Listed != care.ListedWhileGoingOn {
		return err
	}
	_, err := s.show(tx, *c)
	return err
}

// change lets a participant take a step in an encounter, in one transaction: the step, what is saved of it, and the
// recordings that are published if it completes the encounter happen together or not at all.
func (s *consultations) change(ctx context.Context, who care.Caller, encounter string,
	step func(*store.Tx, *care.Consultation, care.Role) error) (Encounter, error) {
	var after Encounter
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		before, err := tx.ByEncounter(encounter)
		if err != nil {
			return err
		}
		if after.As, err = s.roleIn(&before, who); err != nil {
			return err
		}
		after.Consultation = before
		if err := step(tx, &after.Consultation, after.As); err != nil {
			return err
		}
		after.Recordings, err = s.conclude(tx, before, &after.Consultation)
		return orTaken(err)
	})
	if errors.Is(err, care.ErrNotFound) {
		err = s.forStranger(ctx, who, encounter)
	}
	if err != nil {
		return Encounter{}, err
	}
	return after, nil
}

// roleIn returns in which role somebody takes part in a consultation: a practitioner may be its patient.
func (s *consultations) roleIn(c *care.Consultation, who care.Caller) (care.Role, error) {
	if s.rules.CliniciansBook && who.ID != "" && who.ID == c.Patient {
		return care.Patient, nil
	}
	return c.RoleOf(who)
}

// forStranger returns why somebody who takes no part in an encounter may do nothing in it: a proxy of the patient's knows
// that there is one.
func (s *consultations) forStranger(ctx context.Context, who care.Caller, encounter string) error {
	c, err := s.Store.ByEncounter(ctx, encounter)
	if err != nil {
		return err
	}
	if err := s.mayHandle(ctx, who, c); err != nil {
		return err
	}
	return care.Refuse(care.ErrForbidden, "a proxy takes no part in the encounter")
}

func (s *consultations) Replays(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	return s.archive.List(ctx, who, q)
}

func (s *consultations) Replay(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	return s.archive.Find(ctx, who, id)
}

func (s *consultations) Play(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	return s.archive.Open(ctx, who, id)
}

func (s *consultations) Transcript(ctx context.Context, who care.Caller, id string) (care.Recording, string, error) {
	return s.archive.Transcript(ctx, who, id)
}

func (s *consultations) Delete(ctx context.Context, who care.Caller, id string) error {
	return s.archive.Delete(ctx, who, id)
}

func (s *consultations) Thumbnail(ctx context.Context, who care.Caller, id string) (care.Recording, []byte, error) {
	r, media, err := s.archive.Open(ctx, who, id)
	if err != nil {
		return care.Recording{}, nil, err
	}
	first, err := io.ReadAll(io.LimitReader(media, excerpt))
	return r, first, err
}

func (s *consultations) Export(ctx context.Context, who care.Caller) ([]Content, error) {
	switch {
	case who.Role == care.Practitioner && s.rules.ForPractitioners == care.EmptyOnes:
		return nil, nil
	case who.Role == care.Practitioner && s.rules.ForPractitioners == care.OwnOnes:
	default:
		if err := mustBePatient(who); err != nil {
			return nil, err
		}
	}
	return s.archive.Own(ctx, who)
}
