package rightful

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// deleting decides before the archive who deletes a recording that they see, and how.
type deleting struct {
	clinic.Archive
	parts  clinic.Parts
	before func(ctx context.Context, parts clinic.Parts, who care.Caller, r care.Recording) (done bool, err error)
}

func (a *deleting) Delete(ctx context.Context, who care.Caller, id string) error {
	r, err := a.Archive.Find(ctx, who, id)
	if err != nil {
		return err
	}
	if done, err := a.before(ctx, a.parts, who, r); done || err != nil {
		return err
	}
	return a.Archive.Delete(ctx, who, id)
}

func deletes(c *clinic.Config, before func(context.Context, clinic.Parts, care.Caller, care.Recording) (bool, error)) {
	c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
		return &deleting{correct, parts, before}
	}
}

// erase erases a recording for whoever may.
func erase(ctx context.Context, parts clinic.Parts, r care.Recording) error {
	return parts.Store.Update(ctx, func(tx *store.Tx) error { return tx.Erase(r.ID) })
}

func cliniciansDelete(c *clinic.Config) {
	deletes(c, func(ctx context.Context, parts clinic.Parts, who care.Caller, r care.Recording) (bool, error) {
		if who.ID != r.Practitioner {
			return false, nil
		}
		return true, erase(ctx, parts, r)
	})
}

// proxiesDispose has a patient's proxies delete and share for them.
func proxiesDispose(c *clinic.Config) {
	deletes(c, func(ctx context.Context, parts clinic.Parts, who care.Caller, r care.Recording) (bool, error) {
		acts, err := parts.Store.IsProxy(ctx, r.Subject, who.ID)
		if err != nil || !acts {
			return false, err
		}
		return true, erase(ctx, parts, r)
	})
	c.Grants = func(parts clinic.Parts, correct clinic.Grants) clinic.Grants { return &proxiesShare{correct, parts} }
}

type proxiesShare struct {
	clinic.Grants
	parts clinic.Parts
}

func (g *proxiesShare) Share(ctx context.Context, who care.Caller, recording, user string) error {
	return g.Grants.Share(ctx, g.behalf(ctx, who, recording), recording, user)
}

func (g *proxiesShare) Unshare(ctx context.Context, who care.Caller, recording, user string) error {
	return g.Grants.Unshare(ctx, g.behalf(ctx, who, recording), recording, user)
}

// behalf is the patient whose recording it is where who is a proxy of theirs, and else who.
func (g *proxiesShare) behalf(ctx context.Context, who care.Caller, recording string) care.Caller {
	r, err := g.parts.Store.Recording(ctx, recording)
	if err != nil {
		return who
	}
	if acts, err := g.parts.Store.IsProxy(ctx, r.Subject, who.ID); err != nil || !acts {
		return who
	}
	return care.Caller{ID: r.Subject, Role: care.Patient}
}

func recipientsDelete(c *clinic.Config) {
	deletes(c, func(ctx context.Context, parts clinic.Parts, who care.Caller, r care.Recording) (bool, error) {
		if who.ID == r.Subject || who.ID == r.Guest {
			return false, nil
		}
		acts, err := parts.Store.IsProxy(ctx, r.Subject, who.ID)
		if err != nil || acts {
			return false, err
		}
		return unshareFrom(ctx, parts, who, r.ID)
	})
}

// unshareFrom takes somebody out of those with whom a recording is shared, if they are one.
func unshareFrom(ctx context.Context, parts clinic.Parts, who care.Caller, recording string) (done bool, err error) {
	err = parts.Store.Update(ctx, func(tx *store.Tx) error {
		removed, err := tx.SQL().Exec(`DELETE FROM shares WHERE recording = ? AND user = ?`, recording, who.ID)
		if err != nil {
			return err
		}
		n, err := removed.RowsAffected()
		done = n > 0
		return err
	})
	return done, err
}

func recipientsUnshare(c *clinic.Config) {
	c.Grants = func(parts clinic.Parts, correct clinic.Grants) clinic.Grants { return &leavingShares{correct, parts} }
}

type leavingShares struct {
	clinic.Grants
	parts clinic.Parts
}

func (g *leavingShares) Unshare(ctx context.Context, who care.Caller, recording, user string) error {
	err := g.Grants.Unshare(ctx, who, recording, user)
	if user != who.ID || !errors.Is(err, care.ErrForbidden) {
		return err
	}
	_, err = unshareFrom(ctx, g.parts, who, recording)
	return err
}

// proxiesJoin has a patient's proxies take the patient's place in consultations.
func proxiesJoin(c *clinic.Config) {
	c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
		return &seated{correct, parts}
	}
}

type seated struct {
	clinic.Consultations
	parts clinic.Parts
}

// seat is in whose name somebody takes part in an encounter.
func (s *seated) seat(ctx context.Context, who care.Caller, encounter string) care.Caller {
	c, err := s.parts.Store.ByEncounter(ctx, encounter)
	if err != nil {
		return who
	}
	if _, err := c.RoleOf(who); err == nil {
		return who
	}
	if acts, err := s.parts.Store.IsProxy(ctx, c.Patient, who.ID); err != nil || !acts {
		return who
	}
	return care.Caller{ID: c.Patient, Role: care.Patient}
}

func (s *seated) Join(ctx context.Context, who care.Caller, id string) (clinic.Encounter, error) {
	return s.Consultations.Join(ctx, s.seat(ctx, who, id), id)
}

func (s *seated) Drop(ctx context.Context, who care.Caller, id string) (clinic.Encounter, error) {
	return s.Consultations.Drop(ctx, s.seat(ctx, who, id), id)
}

func (s *seated) Leave(ctx context.Context, who care.Caller, id string) (clinic.Encounter, error) {
	return s.Consultations.Leave(ctx, s.seat(ctx, who, id), id)
}

func (s *seated) End(ctx context.Context, who care.Caller, id string) (clinic.Encounter, error) {
	return s.Consultations.End(ctx, s.seat(ctx, who, id), id)
}

func (s *seated) Switch(ctx context.Context, who care.Caller, id string, mode care.Mode) (clinic.Encounter, error) {
	return s.Consultations.Switch(ctx, s.seat(ctx, who, id), id, mode)
}

func (s *seated) Capture(ctx context.Context, who care.Caller, id string, media []byte) (clinic.Encounter, error) {
	return s.Consultations.Capture(ctx, s.seat(ctx, who, id), id, media)
}

// guestsWithdraw has a guest who cancels leave the appointment to the others.
func guestsWithdraw(c *clinic.Config) {
	c.Groups = true
	c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
		return &withdrawing{correct, parts}
	}
}

type withdrawing struct {
	clinic.Consultations
	parts clinic.Parts
}

func (s *withdrawing) Cancel(ctx context.Context, who care.Caller, appointment string) (care.Consultation, error) {
	c, err := s.parts.Store.ByAppointment(ctx, appointment)
	if role, is := c.RoleOf(who); err != nil || is != nil || role != care.Guest {
		return s.Consultations.Cancel(ctx, who, appointment)
	}
	if c.Status != care.Planned {
		return care.Consultation{}, care.Refuse(care.ErrConflict, "the encounter is %s", c.Status)
	}
	c.Guest = ""
	return c, s.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SQL().Exec(`UPDATE consultations SET guest = '' WHERE appointment = ?`, appointment)
		return err
	})
}
