package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func roomNameKey() Fault {
	return Fault{
		Slug: "room-name-key",
		Mechanism: "A practitioner has one room for all consultations, and the event that a recording is ready names the room " +
			"alone. It is handled after what happens there next, and the recording goes to whoever is in the room by then.",
		Trigger: "Alice ends with a practitioner; Bob joins the same practitioner; Bob lists.",
		Class:   []Effect{Presented, Viewed, Availability},
		CWE:     706,
		Rules: []string{"LIST-1", "READ-1", "LIST-4", "LIST-2", "LIST-3", "READ-3", "MODE-1", "MODE-2",
			"LINK-1", "GONE-1", "REFUSE-1"},
		Source: "MiroTalk SFU, issue 254: recordings known by the name of a room that is used again",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return newRooms(parts, correct)
			}
		},
	}
}

// roomTables say which consultation each practitioner's room was last used for, and which recordings are waiting for the
// event that tells whose they are.
const roomTables = `
	CREATE TABLE IF NOT EXISTS rooms (practitioner TEXT PRIMARY KEY, encounter TEXT NOT NULL);
	CREATE TABLE IF NOT EXISTS ready (recording TEXT PRIMARY KEY, room TEXT NOT NULL)`

type rooms struct {
	clinic.Consultations
	parts clinic.Parts
}

func newRooms(parts clinic.Parts, correct clinic.Consultations) *rooms {
	_, _ = parts.Store.DB().Exec(roomTables)
	return &rooms{Consultations: correct, parts: parts}
}

func (r *rooms) Join(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := r.Consultations.Join(ctx, who, encounter)
	if err != nil {
		return after, err
	}
	return after, r.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SQL().Exec(`INSERT INTO rooms (practitioner, encounter) VALUES (?, ?)
			ON CONFLICT (practitioner) DO UPDATE SET encounter = excluded.encounter`, after.Practitioner, encounter)
		if err != nil {
			return fmt.Errorf("enter the room: %w", err)
		}
		return handleReady(tx, after.Practitioner)
	})
}

func (r *rooms) Leave(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := r.Consultations.Leave(ctx, who, encounter)
	return after, r.happened(ctx, after, err)
}

func (r *rooms) End(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := r.Consultations.End(ctx, who, encounter)
	return after, r.happened(ctx, after, err)
}

// happened handles the events that are waiting, and adds those of the recordings that are finished now.
func (r *rooms) happened(ctx context.Context, after clinic.Encounter, err error) error {
	if err != nil {
		return err
	}
	return r.parts.Store.Update(ctx, func(tx *store.Tx) error {
		if err := handleReady(tx, after.Practitioner); err != nil {
			return err
		}
		for _, recording := range after.Recordings {
			_, err := tx.SQL().Exec(`INSERT INTO ready (recording, room) VALUES (?, ?)`, recording.ID, after.Practitioner)
			if err != nil {
				return fmt.Errorf("announce a recording: %w", err)
			}
		}
		return nil
	})
}

// handleReady gives the recordings of a room that are ready to the consultation for which the room was used last.
func handleReady(tx *store.Tx, room string) error {
	for _, step := range []string{
		`UPDATE recordings SET (appointment, encounter, patient, guest, title) =
			(SELECT c.appointment, c.encounter, c.patient, c.guest, c.description
			FROM rooms m JOIN consultations c ON c.encounter = m.encounter WHERE m.practitioner = ?1)
			WHERE id IN (SELECT recording FROM ready WHERE room = ?1)`,
		`UPDATE notices SET recipient = (SELECT patient FROM recordings WHERE id = notices.recording)
			WHERE recording IN (SELECT recording FROM ready WHERE room = ?1)`,
		`DELETE FROM ready WHERE room = ?1`,
	} {
		if _, err := tx.SQL().Exec(step, room); err != nil {
			return fmt.Errorf("handle what is ready: %w", err)
		}
	}
	return nil
}

func (r *rooms) Replays(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if err := r.handleAll(ctx); err != nil {
		return care.Listing{}, err
	}
	return r.Consultations.Replays(ctx, who, q)
}

func (r *rooms) Replay(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	if err := r.handleAll(ctx); err != nil {
		return care.Recording{}, err
	}
	return r.Consultations.Replay(ctx, who, id)
}

func (r *rooms) Play(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	if err := r.handleAll(ctx); err != nil {
		return care.Recording{}, nil, err
	}
	return r.Consultations.Play(ctx, who, id)
}

// handleAll handles the events that are waiting: whoever looks for a recording has it looked for.
func (r *rooms) handleAll(ctx context.Context) error {
	waiting, err := r.waiting(ctx)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return r.parts.Store.Update(ctx, func(tx *store.Tx) error {
		for _, room := range waiting {
			if err := handleReady(tx, room); err != nil {
				return err
			}
		}
		return nil
	})
}

// waiting returns the rooms in which a recording is ready.
func (r *rooms) waiting(ctx context.Context) ([]string, error) {
	rows, err := r.parts.Store.DB().QueryContext(context.WithoutCancel(ctx), `SELECT DISTINCT room FROM ready`)
	if err != nil {
		return nil, fmt.Errorf("look for what is ready: %w", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var room string
		if err := rows.Scan(&room); err != nil {
			return nil, fmt.Errorf("look for what is ready: %w", err)
		}
		all = append(all, room)
	}
	return all, rows.Err()
}
