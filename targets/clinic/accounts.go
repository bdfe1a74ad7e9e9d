package clinic

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// Credentials are what a user gets for registering or logging in.
type Credentials struct {
	ID, Token string
}

// Accounts say who is who: they register users, log them in and out, and close what users have.
type Accounts interface {
	// Register adds a user, whose id it gives, and logs them in. An address that is registered is a [care.ErrConflict];
	// that of an account that was closed is not.
	Register(ctx context.Context, u care.User, password string) (Credentials, error)
	// Login begins a session. An unknown address, that of a closed account and a wrong password give the same
	// [care.ErrUnauthorized].
	Login(ctx context.Context, email, password string) (Credentials, error)
	// Begin begins a session of a user of whom it is certain who they are.
	Begin(ctx context.Context, who care.Caller) (Credentials, error)
	// Caller returns who presents a token: [care.ErrUnauthorized] if it is unknown, revoked or expired.
	Caller(ctx context.Context, token string) (care.Caller, error)
	// Logout revokes a token and no other, and every link of the user's.
	Logout(ctx context.Context, token string) error
	// Close ends an account and erases what is its patient's: sessions, links, recordings, planned consultations, shares
	// and proxies. It is for patients, [care.ErrForbidden] to anybody else, and a [care.ErrConflict] while a consultation
	// of theirs, or one in which they are a guest, is in progress.
	Close(ctx context.Context, who care.Caller) error
}

// accounts keeps them in the store.
type accounts struct {
	Parts
	archive  Archive
	links    LinkKeeper
	newToken func() (string, error)
	ttl      time.Duration
	params   *argon2id.Params
	hashing  chan struct{}          // as many hashes at a time as there are processors: each takes memory
	decoy    func() (string, error) // a hash that is nobody's
}

func newAccounts(parts Parts, cfg Config, newToken func() (string, error), archive Archive, links LinkKeeper) *accounts {
	a := &accounts{
		Parts:    parts,
		archive:  archive,
		links:    links,
		newToken: newToken,
		ttl:      cfg.TokenTTL,
		params:   cfg.PasswordParams,
		hashing:  make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	a.decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("", a.params) })
	return a
}

func (a *accounts) Register(ctx context.Context, u care.User, password string) (Credentials, error) {
	var err error
	if u.PasswordHash, err = a.hash(password); err != nil {
		return Credentials{}, err
	}
	if u.ID, err = a.NewID(); err != nil {
		return Credentials{}, err
	}
	return a.begin(ctx, care.Caller{ID: u.ID, Role: u.Role}, func(tx *store.Tx) error {
		err := tx.AddUser(u)
		if errors.Is(err, store.ErrTaken) {
			return care.Refuse(care.ErrConflict, "the e-mail address is registered already")
		}
		return err
	})
}

// Login does the same work for an address that is unknown, so that time does not tell who is registered either.
func (a *accounts) Login(ctx context.Context, email, password string) (Credentials, error) {
	u, err := a.Store.UserByEmail(ctx, email)
	unknown := errors.Is(err, care.ErrNotFound)
	if unknown {
		u.PasswordHash, err = a.decoy()
	}
	if err != nil {
		return Credentials{}, err
	}
	match, err := a.matches(password, u.PasswordHash)
	if err != nil {
		return Credentials{}, err
	}
	if unknown || !match {
		return Credentials{}, care.Refuse(care.ErrUnauthorized, "wrong e-mail address or password")
	}
	return a.Begin(ctx, care.Caller{ID: u.ID, Role: u.Role})
}

func (a *accounts) Begin(ctx context.Context, who care.Caller) (Credentials, error) {
	return a.begin(ctx, who, func(*store.Tx) error { return nil })
}

// begin begins a session in the same transaction as whatever must come before it.
func (a *accounts) begin(ctx context.Context, who care.Caller, before func(*store.Tx) error) (Credentials, error) {
	token, err := a.newToken()
	if err != nil {
		return Credentials{}, err
	}
	err = a.Store.Update(ctx, func(tx *store.Tx) error {
		if err := before(tx); err != nil {
			return err
		}
		return tx.AddSession(store.Session{TokenHash: hashSecret(token), Caller: who, Expires: a.Now().Add(a.ttl)})
	})
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{ID: who.ID, Token: token}, nil
}

func (a *accounts) Caller(ctx context.Context, token string) (care.Caller, error) {
	who, err := a.Store.CallerOf(ctx, hashSecret(token), a.Now())
	if errors.Is(err, care.ErrNotFound) {
		return care.Caller{}, care.ErrUnauthorized
	}
	return who, err
}

func (a *accounts) Logout(ctx context.Context, token string) error {
	err := a.Store.Update(ctx, func(tx *store.Tx) error {
		user, err := tx.RevokeSession(hashSecret(token))
		if err != nil {
			return err
		}
		return a.links.Revoke(tx, user)
	})
	if errors.Is(err, care.ErrNotFound) {
		return nil // it was revoked a moment ago
	}
	return err
}

func (a *accounts) Close(ctx context.Context, who care.Caller) error {
	if err := mustBePatient(who); err != nil {
		return err
	}
	return a.Store.Update(ctx, func(tx *store.Tx) error {
		going, err := tx.InProgress(who.ID)
		if err != nil {
			return err
		}
		if going {
			return care.Refuse(care.ErrConflict, "a consultation is in progress")
		}
		return a.erase(tx, who.ID)
	})
}

// erase ends all that a patient has.
func (a *accounts) erase(tx *store.Tx, patient string) error {
	if err := a.archive.EraseOf(tx, patient); err != nil {
		return err
	}
	if err := a.links.Revoke(tx, patient); err != nil {
		return err
	}
	return tx.CloseUser(patient)
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
