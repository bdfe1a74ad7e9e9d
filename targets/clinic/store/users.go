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
	_, err := t.exec(addUser, u.ID, u.Role, u.Name, u.Email, u.PasswordHash, u.BirthDate, u.Plan, u.MemberNumber)
	return classify("add user", err)
}

// AddSession adds a session of a user who is registered.
func (t *Tx) AddSession(s Session) error {
	_, err := t.exec(addSession, s.TokenHash[:], s.Caller.ID, s.Caller.Role, s.Expires.Unix())
	return classify("add session", err)
}

// RoleOf returns the role of a user who is registered and has not closed the account; [care.ErrNotFound] for any other.
func (t *Tx) RoleOf(id string) (care.Role, error) {
	var role care.Role
	err := t.row(roleOf, id).Scan(&role)
	return role, classify("find user", err)
}

// InProgress tells whether somebody has a consultation in progress, as its patient or as its guest.
func (t *Tx) InProgress(patient string) (bool, error) {
	var any bool
	err := t.row(inProgress, patient).Scan(&any)
	return any, classify("find consultation", err)
}

// CloseUser ends all that a patient has but recordings and links: sessions, planned consultations, shares, proxies and
// what is known of the person. The e-mail address is free afterwards.
func (t *Tx) CloseUser(patient string) error {
	for _, step := range []string{revokeSessionsOf, cancelPlanned, dropGuest, dropShares, dropOffers, dropProxies,
		dropProxyings, closeUser} {
		if _, err := t.exec(step, patient); err != nil {
			return classify("close user", err)
		}
	}
	return nil
}

// CancelHeld cancels what is planned with a practitioner.
func (t *Tx) CancelHeld(practitioner string) error {
	_, err := t.exec(cancelHeld, practitioner)
	return classify("cancel consultations", err)
}

// RevokeSession ends the session with that token hash and no other, and returns whose it was.
func (t *Tx) RevokeSession(tokenHash [32]byte) (user string, err error) {
	err = t.row(revokeSession, tokenHash[:]).Scan(&user)
	return user, classify("revoke session", err)
}

// UserByEmail returns id, role and password hash of the user with that address, in whatever case it is written. An account
// that was closed has none.
func (s *Store) UserByEmail(ctx context.Context, email string) (care.User, error) {
	var u care.User
	err := s.row(ctx, userByEmail, email).Scan(&u.ID, &u.Role, &u.PasswordHash)
	return u, classify("find user by e-mail", err)
}

// UsersByEmail is [Store.UserByEmail] where several may have one address: all but the first have a space and their id
// behind it.
func (s *Store) UsersByEmail(ctx context.Context, email string) ([]care.User, error) {
	rows, err := s.rows(ctx, usersByEmail, email)
	if err != nil {
		return nil, classify("find users by e-mail", err)
	}
	defer rows.Close()
	var all []care.User
	for rows.Next() {
		var u care.User
		if err := rows.Scan(&u.ID, &u.Role, &u.PasswordHash); err != nil {
			return nil, classify("read user", err)
		}
		all = append(all, u)
	}
	return all, classify("find users by e-mail", rows.Err())
}

// CallerOf returns whose session has the token with that hash. A session that was revoked, or has expired by now, is
// [care.ErrNotFound] like one that never was.
func (s *Store) CallerOf(ctx context.Context, tokenHash [32]byte, now time.Time) (care.Caller, error) {
	var c care.Caller
	err := s.row(ctx, callerOf, tokenHash[:], now.Unix()).Scan(&c.ID, &c.Role)
	return c, classify("find session", err)
}

// SweepSessions forgets the sessions that have expired by now.
func (s *Store) SweepSessions(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, sweepSessions, now.Unix())
	return classify("sweep sessions", err)
}

// EndSessions forgets every session.
func (s *Store) EndSessions(ctx context.Context) error {
	_, err := s.exec(ctx, endSessions)
	return classify("end sessions", err)
}
