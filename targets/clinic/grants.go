package clinic

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// Grants are what patients let other patients see and do. Each is for one other patient: a practitioner and oneself are
// [care.ErrInvalid], whoever is not registered is [care.ErrNoUser]. What is so already stays so.
type Grants interface {
	// Share lets user see a recording of which who is the subject, and Unshare ends it. Whoever else may see the recording
	// gets [care.ErrForbidden], and everybody else [care.ErrNotFound].
	Share(ctx context.Context, who care.Caller, recording, user string) error
	Unshare(ctx context.Context, who care.Caller, recording, user string) error
	// Appoint makes user a proxy of who, and Dismiss ends it. For patients; [care.ErrForbidden] to anybody else.
	Appoint(ctx context.Context, who care.Caller, user string) error
	Dismiss(ctx context.Context, who care.Caller, user string) error
}

// grants keeps them in the store, where the correct [Authorizer] looks for them.
type grants struct {
	Parts
	authorizer Authorizer
	rules      *care.Rules
}

func (g *grants) Share(ctx context.Context, who care.Caller, recording, user string) error {
	if _, err := mustBeSubject(ctx, g.authorizer, who, recording); err != nil {
		return err
	}
	return g.update(ctx, who, user, func(tx *store.Tx) error {
		if g.rules.GrantsFromLogin {
			return tx.OfferShare(recording, user)
		}
		return tx.Share(recording, user)
	})
}

func (g *grants) Unshare(ctx context.Context, who care.Caller, recording, user string) error {
	if _, err := mustBeSubject(ctx, g.authorizer, who, recording); err != nil {
		return err
	}
	return g.update(ctx, who, user, func(tx *store.Tx) error {
		return errors.Join(tx.WithdrawShare(recording, user), tx.Unshare(recording, user))
	})
}

func (g *grants) Appoint(ctx context.Context, who care.Caller, user string) error {
	if err := mustBePatient(who); err != nil {
		return err
	}
	return g.update(ctx, who, user, func(tx *store.Tx) error {
		if g.rules.GrantsFromLogin {
			return tx.OfferProxy(who.ID, user)
		}
		return tx.Appoint(who.ID, user)
	})
}

func (g *grants) Dismiss(ctx context.Context, who care.Caller, user string) error {
	if err := mustBePatient(who); err != nil {
		return err
	}
	return g.update(ctx, who, user, func(tx *store.Tx) error {
		return errors.Join(tx.WithdrawProxy(who.ID, user), tx.Dismiss(who.ID, user))
	})
}

// update makes a change that concerns another patient, if there is one with that id.
func (g *grants) update(ctx context.Context, who care.Caller, user string, change func(*store.Tx) error) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		if g.rules.Named == care.OneselfNamed && user == who.ID {
			return nil
		}
		if err := g.mayBeNamed(tx, who, user); err != nil {
			return err
		}
		return change(tx)
	})
}

// mayBeNamed returns nil for another patient, and for practitioners where they may be named.
func (g *grants) mayBeNamed(tx *store.Tx, who care.Caller, user string) error {
	if g.rules.Named == care.PractitionersNamed {
		if role, err := tx.RoleOf(user); err == nil && role == care.Practitioner {
			return nil
		}
	}
	return mustBeAnotherPatient(tx, who, user)
}

// mustBeAnotherPatient returns nil when user is an open account of a patient other than who.
func mustBeAnotherPatient(tx *store.Tx, who care.Caller, user string) error {
	role, err := tx.RoleOf(user)
	switch {
	case errors.Is(err, care.ErrNotFound):
		return care.ErrNoUser
	case err != nil:
		return err
	case role != care.Patient || user == who.ID:
		return care.Refuse(care.ErrInvalid, "it must be another patient")
	}
	return nil
}

func mustBePatient(who care.Caller) error {
	if who.Role != care.Patient {
		return care.Refuse(care.ErrForbidden, "only a patient may do this")
	}
	return nil
}
