package store

import (
	"context"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// A Session is a log-in, known by the SHA-256 of its token and never by the token.
type Session struct {
	TokenHash [32]byte
	Caller    care.Caller
	Expires   time.Time
}

// AddUser adds a user; [ErrTaken] when the e-mail address is, in whatever case it is written.
func (t *Tx) AddUser(u care.User) error {
	_, err := t.exec(t.st.addUser, u.ID, u.Role, u.Name, u.Email, u.PasswordHash, u.BirthDate, u.Plan, u.MemberNumber)
	return classify("add user", err)
}

// AddSession adds a session of a user who is registered.
func (t *Tx) AddSession(s Session) error {
	_, err := t.exec(t.st.addSession, s.TokenHash[:], s.Caller.ID, s.Caller.Role, s.Expires.Unix())
	return classify("add session", err)
}

// PractitionerExists returns nil when there is such a practitioner and [care.ErrNotFound] when there is not.
func (t *Tx) PractitionerExists(id string) error {
	var one int
	return classify("find practitioner", t.row(t.st.practitionerExists, id).Scan(&one))
}

// UserByEmail returns id, role and password hash of the user with that address, in whatever case it is written.
func (s *Store) UserByEmail(ctx context.Context, email string) (care.User, error) {
	var u care.User
	err := s.st.userByEmail.QueryRowContext(context.WithoutCancel(ctx), email).Scan(&u.ID, &u.Role, &u.PasswordHash)
	return u, classify("find user by e-mail", err)
}

// CallerOf returns whose session has the token with that hash. A session that was revoked, or has expired by now, is
// [care.ErrNotFound] like one that never was.
func (s *Store) CallerOf(ctx context.Context, tokenHash [32]byte, now time.Time) (care.Caller, error) {
	var c care.Caller
	err := s.st.callerOf.QueryRowContext(context.WithoutCancel(ctx), tokenHash[:], now.Unix()).Scan(&c.ID, &c.Role)
	return c, classify("find session", err)
}

// RevokeSession ends the session with that token hash and no other.
func (s *Store) RevokeSession(ctx context.Context, tokenHash [32]byte) error {
	_, err := s.st.revokeSession.ExecContext(context.WithoutCancel(ctx), tokenHash[:])
	return classify("revoke session", err)
}
