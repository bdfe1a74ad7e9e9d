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
	rules    *care.Rules
	course   *course
	params   *argon2id.Params
	hashing  chan struct{}          // as many hashes at a time as there are processors: each takes memory
	decoy    func() (string, error) // a hash that is nobody's
}

func newAccounts(parts Parts, cfg Config, newToken func() (string, error), archive Archive, links LinkKeeper,
	course *course) *accounts {
	a := &accounts{
		Parts:    parts,
		archive:  archive,
		links:    links,
		newToken: newToken,
		ttl:      cfg.TokenTTL,
		rules:    course.rules,
		course:   course,
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
	if a.rules.SharedAddresses {
		if err := a.joinFamily(ctx, &u, password); err != nil {
			return Credentials{}, err
		}
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
	u, err := a.userOf(ctx, email, password)
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
	return a.begin(ctx, care.Caller{ID: u.ID, Role: u.Role}, func(tx *store.Tx) error {
		if a.rules.GrantsFromLogin {
			return tx.TakeOffers(u.ID)
		}
		return nil
	})
}

// userOf returns the user with an address: where several may have it, the one with that password.
func (a *accounts) userOf(ctx context.Context, email, password string) (care.User, error) {
	if !a.rules.SharedAddresses {
		return a.Store.UserByEmail(ctx, email)
	}
	family, err := a.Store.UsersByEmail(ctx, email)
	if err != nil {
		return care.User{}, err
	}
	for _, u := range family {
		if match, err := a.matches(password, u.PasswordHash); err != nil || match {
			return u, err
		}
	}
	return care.User{}, care.ErrNotFound
}

// joinFamily lets somebody have an address that others have. One with the same password is a [care.ErrConflict]: nothing
// would tell the two apart.
func (a *accounts) joinFamily(ctx context.Context, u *care.User, password string) error {
	family, err := a.Store.UsersByEmail(ctx, u.Email)
	if err != nil || len(family) == 0 {
		return err
	}
	_, err = a.userOf(ctx, u.Email, password)
	switch {
	case err == nil:
		return care.Refuse(care.ErrConflict, "the e-mail address is registered already")
	case !errors.Is(err, care.ErrNotFound):
		return err
	}
	u.Email += " " + u.ID
	return nil
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
	if who.Role != care.Practitioner || !a.rules.PractitionersQuit {
		if err := mustBePatient(who); err != nil {
			return err
		}
	}
	return a.Store.Update(ctx, func(tx *store.Tx) error {
		if err := a.mayClose(tx, who.ID); err != nil {
			return err
		}
		return a.erase(tx, who)
	})
}

// mayClose returns nil for who has nothing that has to be over first, and ends what ends with the account.
func (a *accounts) mayClose(tx *store.Tx, user string) error {
	if a.rules.Closing == care.ClosingEnds {
		return a.course.endOf(tx, user)
	}
	going, err := a.isBusy(tx, user)
	if err != nil {
		return err
	}
	if going {
		return care.Refuse(care.ErrConflict, "a consultation is in progress")
	}
	if a.rules.Closing != care.NotWhilePlanned {
		return nil
	}
	if planned, err := tx.Plans(user); err != nil || !planned {
		return err
	}
	return care.Refuse(care.ErrConflict, "an appointment is planned")
}

// isBusy tells whether a consultation is in progress in which somebody takes part.
func (a *accounts) isBusy(tx *store.Tx, user string) (bool, error) {
	if !a.rules.PractitionersQuit {
		return tx.InProgress(user)
	}
	going, err := tx.InProgressOf(user)
	return len(going) > 0, err
}

// erase ends all that somebody has.
func (a *accounts) erase(tx *store.Tx, who care.Caller) error {
	if err := a.archive.EraseOf(tx, who.ID); err != nil {
		return err
	}
	if err := a.links.Revoke(tx, who.ID); err != nil {
		return err
	}
	if who.Role == care.Practitioner {
		if err := tx.CancelHeld(who.ID); err != nil {
			return err
		}
	}
	return tx.CloseUser(who.ID)
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
