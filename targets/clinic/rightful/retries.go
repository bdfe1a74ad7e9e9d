package rightful

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// retries sends the last segment of a consultation again when a participant's connection was lost in it, and keeps both,
// for the same patient. It says so in its policy.
func retries(c *clinic.Config) {
	c.Repeats = true
	c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
		return &dropped{Consultations: correct, parts: parts}
	}
	c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive { return newRepeater(parts, correct) }
}

// dropped notes the encounters in which a connection was lost.
type dropped struct {
	clinic.Consultations
	parts clinic.Parts
}

func (d *dropped) Drop(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	e, err := d.Consultations.Drop(ctx, who, encounter)
	if err != nil {
		return e, err
	}
	return e, d.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SQL().Exec(`INSERT OR IGNORE INTO dropped (encounter) VALUES (?)`, encounter)
		return err
	})
}

// repeater publishes what was sent again, and deletes it with the first.
type repeater struct {
	clinic.Archive
	parts clinic.Parts
}

const repeatTables = `
	CREATE TABLE IF NOT EXISTS dropped (encounter TEXT PRIMARY KEY);
	CREATE TABLE IF NOT EXISTS repeats (first TEXT PRIMARY KEY, again TEXT NOT NULL)`

func newRepeater(parts clinic.Parts, correct clinic.Archive) *repeater {
	_, _ = parts.Store.DB().Exec(repeatTables)
	return &repeater{Archive: correct, parts: parts}
}

func (r *repeater) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	var lost bool
	err := tx.SQL().QueryRow(`SELECT EXISTS (SELECT 1 FROM dropped WHERE encounter = ?)`, c.Encounter).Scan(&lost)
	if err != nil {
		return nil, fmt.Errorf("look for a lost connection: %w", err)
	}
	if lost && len(segments) > 0 {
		again, err := r.repeat(tx, segments[len(segments)-1])
		if err != nil {
			return nil, fmt.Errorf("repeat a segment: %w", err)
		}
		segments = append(segments[:len(segments):len(segments)], again)
	}
	return r.Archive.Publish(tx, c, segments)
}

// repeat makes a segment with the same media under an id of its own.
func (r *repeater) repeat(tx *store.Tx, s care.Segment) (care.Segment, error) {
	first := s.ID
	var err error
	if s.ID, err = r.parts.NewID(); err != nil {
		return s, err
	}
	if _, err := tx.SQL().Exec(`INSERT INTO media (segment, start, bytes) SELECT ?, start, bytes FROM media WHERE segment = ?`, s.ID, first); err != nil {
		return s, err
	}
	_, err = tx.SQL().Exec(`INSERT INTO repeats (first, again) VALUES (?, ?)`, first, s.ID)
	return s, err
}

func (r *repeater) Delete(ctx context.Context, who care.Caller, id string) error {
	if err := r.Archive.Delete(ctx, who, id); err != nil {
		return err
	}
	var again string
	err := r.parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx), `SELECT again FROM repeats WHERE first = ?`, id).Scan(&again)
	if err != nil {
		return nil // it was sent once
	}
	return r.Archive.Delete(ctx, who, again)
}
