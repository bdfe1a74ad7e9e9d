package rightful

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync/atomic"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// playsAlone keeps what was played in the audit trail, and not what was listed or looked at.
func playsAlone(c *clinic.Config) {
	c.Trail = func(_ clinic.Parts, correct clinic.Trail) clinic.Trail { return plays{correct} }
}

type plays struct{ clinic.Trail }

func (t plays) Note(ctx context.Context, agent care.Caller, action care.Action, shown ...care.Recording) error {
	if action != care.Played {
		return nil
	}
	return t.Trail.Note(ctx, agent, action, shown...)
}

// cliniciansReadTrails shows a practitioner the trail of the recordings of their consultations.
func cliniciansReadTrails(c *clinic.Config) {
	c.Trail = func(parts clinic.Parts, correct clinic.Trail) clinic.Trail { return &readByClinicians{correct, parts} }
}

type readByClinicians struct {
	clinic.Trail
	parts clinic.Parts
}

func (t *readByClinicians) Events(ctx context.Context, who care.Caller) ([]care.Event, error) {
	if who.Role != care.Practitioner {
		return t.Trail.Events(ctx, who)
	}
	var out []care.Event
	patients, err := t.patients(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, patient := range patients {
		events, err := t.parts.Store.Events(ctx, patient)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if r, err := t.parts.Store.Recording(ctx, e.Recording); err == nil && r.Practitioner == who.ID {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// patients are those of whom a practitioner has recordings.
func (t *readByClinicians) patients(ctx context.Context, who care.Caller) ([]string, error) {
	rows, err := t.parts.Store.DB().QueryContext(context.WithoutCancel(ctx), `SELECT DISTINCT patient FROM recordings WHERE practitioner = ?`, who.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// linksExpire has links open whatever becomes of their makers, while there is the recording.
func linksExpire(c *clinic.Config) {
	c.LinkKeeper = func(parts clinic.Parts, correct clinic.LinkKeeper) clinic.LinkKeeper {
		return &expiring{correct, parts}
	}
}

type expiring struct {
	clinic.LinkKeeper
	parts clinic.Parts
}

func (k *expiring) Open(ctx context.Context, _ care.Caller, secret string) (care.Recording, care.Media, error) {
	link, err := k.parts.Store.LinkBySecret(ctx, sha256.Sum256([]byte(secret)))
	if err != nil {
		return care.Recording{}, nil, noLink(err)
	}
	r, err := k.parts.Store.Recording(ctx, link.Recording)
	if err != nil {
		return care.Recording{}, nil, noLink(err)
	}
	return r, k.parts.Store.Media(ctx, r.ID, r.Size), nil
}

// noLink makes of what there is not that there is no such link.
func noLink(err error) error {
	if errors.Is(err, care.ErrNotFound) {
		return care.ErrNoLink
	}
	return err
}

func (*expiring) Revoke(*store.Tx, string) error { return nil }

// patientsLink has the patient alone make links.
func patientsLink(c *clinic.Config) {
	c.LinkKeeper = func(parts clinic.Parts, correct clinic.LinkKeeper) clinic.LinkKeeper {
		return &patientsOwn{correct, parts}
	}
}

type patientsOwn struct {
	clinic.LinkKeeper
	parts clinic.Parts
}

func (k *patientsOwn) Make(ctx context.Context, who care.Caller, recording string) (clinic.Link, error) {
	r, err := k.parts.Store.VisibleTo(ctx, who, k.parts.Ripe(), recording)
	if err == nil && r.Subject != who.ID {
		err = care.Refuse(care.ErrForbidden, "only the patient makes links")
	}
	if err != nil {
		return clinic.Link{}, err
	}
	return k.LinkKeeper.Make(ctx, who, recording)
}

// leftOpen leaves a way to read open while replays are off.
func leftOpen(way clinic.Reading) func(*clinic.Config) {
	return func(c *clinic.Config) {
		c.Gate = func(_ clinic.Parts, correct clinic.Gate) clinic.Gate { return ajar{correct, way} }
	}
}

type ajar struct {
	clinic.Gate
	way clinic.Reading
}

func (g ajar) Admit(ctx context.Context, how clinic.Reading) error {
	if how == g.way {
		return nil
	}
	return g.Gate.Admit(ctx, how)
}

// onAgain has replays on whenever the service starts.
func onAgain(c *clinic.Config) {
	c.Gate = func(_ clinic.Parts, correct clinic.Gate) clinic.Gate { return &forgetting{Gate: correct} }
}

// forgetting keeps the switch in memory alone.
type forgetting struct {
	clinic.Gate
	off atomic.Bool
}

func (g *forgetting) Admit(context.Context, clinic.Reading) error {
	if g.off.Load() {
		return care.ErrUnavailable
	}
	return nil
}

func (g *forgetting) Set(_ context.Context, on bool) error {
	g.off.Store(!on)
	return nil
}
