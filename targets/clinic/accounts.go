package clinic

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// credentials are what a user gets for registering or logging in.
type credentials struct {
	id, token string
}

// accounts registers users, logs them in and out, and tells who presents a token.
type accounts struct {
	Parts
	newToken func() (string, error)
	ttl      time.Duration
	age      int // years
	params   *argon2id.Params
	hashing  chan struct{}          // as many hashes at a time as there are processors: each takes memory
	decoy    func() (string, error) // a hash that is nobody's
}

func newAccounts(parts Parts, cfg Config, newToken func() (string, error)) *accounts {
	a := &accounts{
		Parts:    parts,
		newToken: newToken,
		ttl:      cfg.TokenTTL,
		age:      cfg.MinimumAge,
		params:   cfg.PasswordParams,
		hashing:  make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	a.decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("", a.params) })
	return a
}

// register adds a user, whose id it gives, and logs them in. An address that is registered is a [care.ErrConflict].
func (a *accounts) register(ctx context.Context, u care.User, password string) (credentials, error) {
	var err error
	if u.PasswordHash, err = a.hash(password); err != nil {
		return credentials{}, err
	}
	if u.ID, err = a.NewID(); err != nil {
		return credentials{}, err
	}
	return a.begin(ctx, care.Caller{ID: u.ID, Role: u.Role}, func(tx *store.Tx) error {
		err := tx.AddUser(u)
		if errors.Is(err, store.ErrTaken) {
			return care.Refuse(care.ErrConflict, "the e-mail address is registered already")
		}
		return err
	})
}

// oldEnough tells whether somebody born on that date has the minimum age today. Who was born on 29 February has it on
// 1 March of a common year.
func (a *accounts) oldEnough(birth time.Time) bool {
	return !birth.AddDate(a.age, 0, 0).After(a.Now())
}

// login begins a session. An unknown address and a wrong password give the same [care.ErrUnauthorized], after the same
// work, so that neither answer nor time tells who is registered.
func (a *accounts) login(ctx context.Context, email, password string) (credentials, error) {
	u, err := a.Store.UserByEmail(ctx, email)
	unknown := errors.Is(err, care.ErrNotFound)
	if unknown {
		u.PasswordHash, err = a.decoy()
	}
	if err != nil {
		return credentials{}, err
	}
	match, err := a.matches(password, u.PasswordHash)
	if err != nil {
		return credentials{}, err
	}
	if unknown || !match {
		return credentials{}, care.Refuse(care.ErrUnauthorized, "wrong e-mail address or password")
	}
	return a.begin(ctx, care.Caller{ID: u.ID, Role: u.Role}, func(*store.Tx) error { return nil })
}

// begin begins a session in the same transaction as whatever must come before it.
func (a *accounts) begin(ctx context.Context, who care.Caller, before func(*store.Tx) error) (credentials, error) {
	token, err := a.newToken()
	if err != nil {
		return credentials{}, err
	}
	err = a.Store.Update(ctx, func(tx *store.Tx) error {
		if err := before(tx); err != nil {
			return err
		}
		return tx.AddSession(store.Session{TokenHash: hashToken(token), Caller: who, Expires: a.Now().Add(a.ttl)})
	})
	if err != nil {
		return credentials{}, err
	}
	return credentials{id: who.ID, token: token}, nil
}

// logout revokes a token and no other.
func (a *accounts) logout(ctx context.Context, token string) error {
	return a.Store.RevokeSession(ctx, hashToken(token))
}

// caller returns who presents a token: [care.ErrUnauthorized] if it is unknown, revoked or expired.
func (a *accounts) caller(ctx context.Context, token string) (care.Caller, error) {
	who, err := a.Store.CallerOf(ctx, hashToken(token), a.Now())
	if errors.Is(err, care.ErrNotFound) {
		return care.Caller{}, care.ErrUnauthorized
	}
	return who, err
}

func (a *accounts) hash(password string) (string, error) {
	a.hashing <- struct{}{}
	defer func() { <-a.hashing }()
	hash, err := argon2id.CreateHash(password, a.params)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

func (a *accounts) matches(password, hash string) (bool, error) {
	a.hashing <- struct{}{}
	defer func() { <-a.hashing }()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return match, nil
}

// hashToken returns what is kept of a token. It has too much entropy to be guessed, so a plain hash will do.
func hashToken(token string) [32]byte { return sha256.Sum256([]byte(token)) }
