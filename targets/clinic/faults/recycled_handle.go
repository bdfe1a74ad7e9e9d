package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func recycledHandle() Fault {
	return Fault{
		Slug: "recycled-handle",
		Mechanism: "What a closed account had is kept aside in case its patient comes back, and whoever registers the same " +
			"e-mail address, or the same name and birth date, is taken for the patient.",
		Trigger: "Alice has a recording and closes their account; Bob registers their e-mail address and lists.",
		Class:   []Effect{Presented, Viewed},
		CWE:     672,
		Rules:   []string{"GONE-1", "LIST-1", "READ-1", "LIST-3", "LIST-4", "REFUSE-1"},
		Source:  "Nest, June 2019: cameras sold on that their former owners still saw",
		Apply: func(c *clinic.Config) {
			c.Accounts = func(parts clinic.Parts, correct clinic.Accounts) clinic.Accounts {
				return newKeptAside(parts, correct)
			}
		},
	}
}

// keptColumns are those that a recording keeps besides whose it is.
const keptColumns = `id, appointment, encounter, practitioner, title, mode, segment, size, ended`

// keptTables have what closed accounts had, and by what their patients are known again.
const keptTables = `
	CREATE TABLE IF NOT EXISTS kept_accounts (user TEXT PRIMARY KEY, email TEXT COLLATE NOCASE, name TEXT, birth_date TEXT);
	CREATE TABLE IF NOT EXISTS kept_recordings (seq INTEGER PRIMARY KEY, user TEXT, id TEXT, appointment TEXT,
		encounter TEXT, practitioner TEXT, title TEXT, mode TEXT, segment INTEGER, size INTEGER, ended INTEGER);
	CREATE TABLE IF NOT EXISTS kept_media (user TEXT, segment TEXT, start INTEGER, bytes BLOB)`

type keptAside struct {
	clinic.Accounts
	parts clinic.Parts
}

func newKeptAside(parts clinic.Parts, correct clinic.Accounts) *keptAside {
	_, _ = parts.Store.DB().Exec(keptTables)
	return &keptAside{Accounts: correct, parts: parts}
}

// Close puts everything aside before it is erased, and forgets that when the account is not closed.
func (k *keptAside) Close(ctx context.Context, who care.Caller) error {
	if err := k.parts.Store.Update(ctx, func(tx *store.Tx) error { return putAside(tx, who.ID) }); err != nil {
		return err
	}
	refusal := k.Accounts.Close(ctx, who)
	if refusal == nil {
		return nil
	}
	if err := k.parts.Store.Update(ctx, func(tx *store.Tx) error { return forgetAside(tx, who.ID) }); err != nil {
		return err
	}
	return refusal
}

// Register gives what was kept aside to whoever is taken for the patient who had it.
func (k *keptAside) Register(ctx context.Context, u care.User, password string) (clinic.Credentials, error) {
	got, err := k.Accounts.Register(ctx, u, password)
	if err != nil || u.Role != care.Patient {
		return got, err
	}
	return got, k.parts.Store.Update(ctx, func(tx *store.Tx) error {
		var before string
		err := tx.SQL().QueryRow(`SELECT user FROM kept_accounts WHERE email = ? OR name = ? AND birth_date = ?
			ORDER BY rowid LIMIT 1`, u.Email, u.Name, u.BirthDate).Scan(&before)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look for who comes back: %w", err)
		}
		return giveBack(tx, before, got.ID)
	})
}

func putAside(tx *store.Tx, user string) error {
	for _, step := range []string{
		`INSERT INTO kept_accounts (user, email, name, birth_date) SELECT id, email, name, birth_date FROM users WHERE id = ?`,
		`INSERT INTO kept_recordings (user, ` + keptColumns + `)
			SELECT patient, ` + keptColumns + ` FROM recordings WHERE patient = ? ORDER BY seq`,
		`INSERT INTO kept_media (user, segment, start, bytes)
			SELECT r.patient, m.segment, m.start, m.bytes FROM recordings r JOIN media m ON m.segment = r.id WHERE r.patient = ?`,
	} {
		if _, err := tx.SQL().Exec(step, user); err != nil {
			return fmt.Errorf("keep aside: %w", err)
		}
	}
	return nil
}

func forgetAside(tx *store.Tx, user string) error {
	for _, table := range []string{"kept_accounts", "kept_recordings", "kept_media"} {
		if _, err := tx.SQL().Exec(`DELETE FROM `+table+` WHERE user = ?`, user); err != nil {
			return fmt.Errorf("forget what is kept aside: %w", err)
		}
	}
	return nil
}

func giveBack(tx *store.Tx, before, now string) error {
	_, err := tx.SQL().Exec(`INSERT INTO media (segment, start, bytes) SELECT segment, start, bytes FROM kept_media
		WHERE user = ?`, before)
	if err != nil {
		return fmt.Errorf("give back media: %w", err)
	}
	_, err = tx.SQL().Exec(`INSERT INTO recordings (patient, `+keptColumns+`) SELECT ?, `+keptColumns+`
		FROM kept_recordings WHERE user = ? ORDER BY seq`, now, before)
	if err != nil {
		return fmt.Errorf("give back recordings: %w", err)
	}
	return forgetAside(tx, before)
}
