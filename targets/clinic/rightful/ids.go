package rightful

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func sequentialIDs(c *clinic.Config) { c.Rand = &counter{} }

// A counter gives what is as long as a UUID the next number, and everything else, above all tokens, random bytes. It counts
// on over a restart of the server, and not over one of the process.
type counter struct {
	mu   sync.Mutex
	last uint64
}

func (c *counter) Read(p []byte) (int, error) {
	var id uuid.UUID
	if len(p) != len(id) {
		return rand.Read(p)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	clear(p)
	binary.BigEndian.PutUint64(p[8:], c.last)
	return len(p), nil
}

// reusedIDs needs a trail of its own: that of the reference clinic keeps one entry for an agent, a recording and an action,
// and would take the second recording with an id for the first.
func reusedIDs(c *clinic.Config) {
	c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive { return newReuser(parts, correct) }
	c.Trail = func(parts clinic.Parts, correct clinic.Trail) clinic.Trail { return &forgetful{correct, parts} }
}

// reuser gives ids of deleted recordings to later ones, the last to be given up first, as SQLite does with the highest
// rowid of a table. What led to the deleted recording does not lead to the later one: shares, links and notices are
// deleted with a recording, and its entries in the audit trail get a name of their own.
type reuser struct {
	clinic.Archive
	parts clinic.Parts
}

const freed = `CREATE TABLE IF NOT EXISTS freed (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL)`

func newReuser(parts clinic.Parts, correct clinic.Archive) *reuser {
	_, _ = parts.Store.DB().Exec(freed)
	return &reuser{Archive: correct, parts: parts}
}

func (a *reuser) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	renamed := make([]care.Segment, len(segments))
	for i, s := range segments {
		id, err := reuse(tx, s.ID)
		if err != nil {
			return nil, fmt.Errorf("reuse an id: %w", err)
		}
		renamed[i], renamed[i].ID = s, id
	}
	return a.Archive.Publish(tx, c, renamed)
}

// reuse gives the media of a segment an id that was given up, if there is one, and returns its id.
func reuse(tx *store.Tx, segment string) (string, error) {
	var id string
	err := tx.SQL().QueryRow(`DELETE FROM freed WHERE seq = (SELECT max(seq) FROM freed) RETURNING id`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return segment, nil
	}
	if err == nil {
		_, err = tx.SQL().Exec(`UPDATE media SET segment = ? WHERE segment = ?`, id, segment)
	}
	return id, err
}

func (a *reuser) Delete(ctx context.Context, who care.Caller, id string) error {
	if err := a.Archive.Delete(ctx, who, id); err != nil {
		return err
	}
	return a.parts.Store.Update(ctx, func(tx *store.Tx) error { return free(tx, id) })
}

func (a *reuser) EraseOf(tx *store.Tx, patient string) error {
	ids, err := idsOf(tx, patient)
	if err != nil {
		return err
	}
	if err := a.Archive.EraseOf(tx, patient); err != nil {
		return err
	}
	for _, id := range ids {
		if err := free(tx, id); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(tx *store.Tx, patient string) ([]string, error) {
	rows, err := tx.SQL().Query(`SELECT id FROM recordings WHERE patient = ?`, patient)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// free gives an id up, and names the recording that had it otherwise in the trail.
func free(tx *store.Tx, id string) error {
	if _, err := tx.SQL().Exec(`INSERT INTO freed (id) VALUES (?)`, id); err != nil {
		return fmt.Errorf("give an id up: %w", err)
	}
	_, err := tx.SQL().Exec(`UPDATE audit SET recording = recording || '-' || (SELECT max(seq) FROM freed)
		WHERE recording = ?`, id)
	if err != nil {
		return fmt.Errorf("rename in the trail: %w", err)
	}
	return nil
}

// A forgetful trail leaves it to the store to know what it has.
type forgetful struct {
	clinic.Trail
	parts clinic.Parts
}

func (f *forgetful) Note(ctx context.Context, agent care.Caller, action care.Action, shown ...care.Recording) error {
	return f.parts.Store.Note(ctx, agent, action, f.parts.Now(), shown)
}
