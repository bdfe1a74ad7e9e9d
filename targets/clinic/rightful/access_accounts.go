package rightful

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// keeping is an archive that keeps the recordings of patients who close their accounts.
type keeping struct {
	clinic.Archive
	erased bool // they are put aside, for nobody to see
}

func (a *keeping) EraseOf(tx *store.Tx, patient string) error {
	if _, err := tx.SQL().Exec(`DELETE FROM shares WHERE recording IN (SELECT id FROM recordings WHERE patient = ?)`, patient); err != nil {
		return fmt.Errorf("end shares: %w", err)
	}
	if !a.erased {
		return nil
	}
	_, err := tx.SQL().Exec(`INSERT INTO aside (recording) SELECT id FROM recordings WHERE patient = ?`, patient)
	return err
}

// keepsOnClosing keeps recordings for the practitioner and a guest.
func keepsOnClosing(c *clinic.Config) {
	c.Archive = func(_ clinic.Parts, correct clinic.Archive) clinic.Archive { return &keeping{Archive: correct} }
}

// reopens opens the account again for whoever logs in as before.
func reopens(c *clinic.Config) {
	c.Accounts = func(parts clinic.Parts, correct clinic.Accounts) clinic.Accounts {
		_, _ = parts.Store.DB().Exec(leftTable)
		return &reopening{correct, parts, false}
	}
}

// reopensWithRecordings gives the recordings back, too.
func reopensWithRecordings(c *clinic.Config) {
	all := sights{clinician: inList, guest: inList, proxy: inList, recipient: inList}.those(inList) + notAside
	putAside(c, all, all, false)
	c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
		_, _ = parts.Store.DB().Exec(asideTable)
		return &keeping{Archive: correct, erased: true}
	}
	c.Accounts = func(parts clinic.Parts, correct clinic.Accounts) clinic.Accounts {
		_, _ = parts.Store.DB().Exec(leftTable)
		return &reopening{correct, parts, true}
	}
}

// left has what is needed to log those in again who closed their accounts.
const leftTable = `CREATE TABLE IF NOT EXISTS left_users (id TEXT PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE, password_hash TEXT NOT NULL)`

type reopening struct {
	clinic.Accounts
	parts      clinic.Parts
	recordings bool
}

func (a *reopening) Close(ctx context.Context, who care.Caller) error {
	var email, hash string
	db := a.parts.Store.DB()
	err := db.QueryRowContext(context.WithoutCancel(ctx), `SELECT email, password_hash FROM users WHERE id = ?`, who.ID).Scan(&email, &hash)
	if err != nil {
		return fmt.Errorf("find user: %w", err)
	}
	if err := a.Accounts.Close(ctx, who); err != nil {
		return err
	}
	_, err = db.ExecContext(context.WithoutCancel(ctx), `INSERT OR REPLACE INTO left_users (id, email, password_hash) VALUES (?, ?, ?)`, who.ID, email, hash)
	return err
}

func (a *reopening) Login(ctx context.Context, email, password string) (clinic.Credentials, error) {
	c, refused := a.Accounts.Login(ctx, email, password)
	if !errors.Is(refused, care.ErrUnauthorized) {
		return c, refused
	}
	var id, hash string
	err := a.parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx), `SELECT id, password_hash FROM left_users WHERE email = ?
		AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = left_users.email)`, email).Scan(&id, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return c, refused
	}
	if err != nil {
		return c, fmt.Errorf("find who has left: %w", err)
	}
	if match, err := argon2id.ComparePasswordAndHash(password, hash); err != nil || !match {
		return c, errors.Join(refused, err)
	}
	if err := a.parts.Store.Update(ctx, func(tx *store.Tx) error { return a.open(tx, id) }); err != nil {
		return c, err
	}
	return a.Begin(ctx, care.Caller{ID: id, Role: care.Patient})
}

// open opens the account of somebody who has left.
func (a *reopening) open(tx *store.Tx, id string) error {
	_, err := tx.SQL().Exec(`UPDATE users SET closed = 0, (email, password_hash) = (SELECT email, password_hash FROM left_users l WHERE l.id = users.id) WHERE id = ?`, id)
	if err == nil {
		_, err = tx.SQL().Exec(`DELETE FROM left_users WHERE id = ?`, id)
	}
	if err == nil && a.recordings {
		_, err = tx.SQL().Exec(`DELETE FROM aside WHERE recording IN (SELECT id FROM recordings WHERE patient = ?)`, id)
	}
	return err
}

// logoutKeepsToken leaves it to time to end a session.
func logoutKeepsToken(c *clinic.Config) {
	c.Accounts = func(_ clinic.Parts, correct clinic.Accounts) clinic.Accounts { return lasting{correct} }
}

type lasting struct{ clinic.Accounts }

func (lasting) Logout(context.Context, string) error { return nil }
