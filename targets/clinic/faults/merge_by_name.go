package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func mergeByName() Fault {
	return Fault{
		Slug: "merge-by-name",
		Mechanism: "Who registers with the name and the birth date of a patient is taken for that patient, registered " +
			"twice: the new account is merged into the old one.",
		Trigger: "Alice has a recording; Bob, of the same name and birth date, registers and lists.",
		Class:   []Effect{Presented, Viewed, Metadata},
		CWE:     842,
		Rules: []string{"LIST-1", "READ-1", "BOOK-2", "LIST-2", "LIST-3", "READ-3", "MODE-3",
			"AUTH-1", "GONE-1", "REFUSE-1"},
		Source: "NHS: records of two patients confused who have the same name and birth date",
		Apply: func(c *clinic.Config) {
			c.Accounts = func(parts clinic.Parts, correct clinic.Accounts) clinic.Accounts {
				return newMerger(parts, correct)
			}
		},
	}
}

// mergedTable says into which account each account was merged.
const mergedTable = `CREATE TABLE IF NOT EXISTS merged (user TEXT PRIMARY KEY, into_user TEXT NOT NULL)`

type merger struct {
	clinic.Accounts
	parts clinic.Parts
}

func newMerger(parts clinic.Parts, correct clinic.Accounts) *merger {
	_, _ = parts.Store.DB().Exec(mergedTable)
	return &merger{Accounts: correct, parts: parts}
}

func (m *merger) Register(ctx context.Context, u care.User, password string) (clinic.Credentials, error) {
	got, err := m.Accounts.Register(ctx, u, password)
	if err != nil || u.Role != care.Patient {
		return got, err
	}
	_, err = m.parts.Store.DB().ExecContext(context.WithoutCancel(ctx), `INSERT INTO merged (user, into_user)
		SELECT ?1, id FROM users WHERE id <> ?1 AND role = 'patient' AND closed = 0 AND name = ?2 AND birth_date = ?3
			AND id NOT IN (SELECT user FROM merged) LIMIT 1`, got.ID, u.Name, u.BirthDate)
	if err != nil {
		return got, fmt.Errorf("merge accounts: %w", err)
	}
	return m.known(ctx, got)
}

func (m *merger) Login(ctx context.Context, email, password string) (clinic.Credentials, error) {
	got, err := m.Accounts.Login(ctx, email, password)
	if err != nil {
		return got, err
	}
	return m.known(ctx, got)
}

// known returns credentials with the id of the account that is left of those that were merged.
func (m *merger) known(ctx context.Context, c clinic.Credentials) (clinic.Credentials, error) {
	id, err := m.remaining(ctx, c.ID)
	c.ID = id
	return c, err
}

func (m *merger) Caller(ctx context.Context, token string) (care.Caller, error) {
	who, err := m.Accounts.Caller(ctx, token)
	if err != nil {
		return who, err
	}
	who.ID, err = m.remaining(ctx, who.ID)
	return who, err
}

// remaining returns the account into which an account was merged, or the account itself.
func (m *merger) remaining(ctx context.Context, user string) (string, error) {
	into := user
	err := m.parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx), `SELECT into_user FROM merged WHERE user = ?`, user).
		Scan(&into)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look for the merged account: %w", err)
	}
	return into, nil
}
