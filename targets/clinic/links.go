package clinic

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// LinkPolicy says for whom a playback link opens.
type LinkPolicy string

// The policies for playback links.
const (
	BearerLinks   LinkPolicy = "bearer"   // whoever has it
	PersonalLinks LinkPolicy = "personal" // who made it, logged in
)

// A LinkKeeper makes playback links and opens them.
type LinkKeeper interface {
	// Make makes a link to a recording that who may see; any other is [care.ErrNotFound]. The secret is told this once.
	Make(ctx context.Context, who care.Caller, recording string) (Link, error)
	// Open returns what a link leads to. It opens while its maker may see the recording and has not revoked it; otherwise it
	// is [care.ErrNoLink], like a secret that is no link's. Where links are personal it opens for its maker alone, who is to
	// be logged in: then all that does not open is [care.ErrNotFound]. who is zero for a caller without a token.
	Open(ctx context.Context, who care.Caller, secret string) (care.Recording, care.Media, error)
	// Revoke revokes for good all links that a user has made.
	Revoke(tx *store.Tx, user string) error
}

// A Link is a playback link as its maker is told of it.
type Link struct {
	ID, Secret, Recording string
}

// linkKeeper keeps links in the store, by a hash of their secret.
type linkKeeper struct {
	Parts
	authorizer Authorizer
	newSecret  func() (string, error)
	policy     LinkPolicy
}

func (k *linkKeeper) Make(ctx context.Context, who care.Caller, recording string) (Link, error) {
	if _, err := k.authorizer.See(ctx, who, recording); err != nil {
		return Link{}, err
	}
	id, err := k.NewID()
	if err != nil {
		return Link{}, err
	}
	secret, err := k.newSecret()
	if err != nil {
		return Link{}, err
	}
	err = k.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.AddLink(store.Link{SecretHash: hashSecret(secret), ID: id, Maker: who, Recording: recording})
	})
	if err != nil {
		return Link{}, err
	}
	return Link{ID: id, Secret: secret, Recording: recording}, nil
}

func (k *linkKeeper) Open(ctx context.Context, who care.Caller, secret string) (care.Recording, care.Media, error) {
	if k.policy == PersonalLinks && who.ID == "" {
		return care.Recording{}, nil, care.ErrUnauthorized
	}
	r, err := k.follow(ctx, who, secret)
	if k.policy == BearerLinks && errors.Is(err, care.ErrNotFound) {
		err = care.ErrNoLink // whoever it is, so there is nothing to conceal
	}
	if err != nil {
		return care.Recording{}, nil, err
	}
	return r, k.Store.Media(ctx, r.ID, r.Size), nil
}

// follow returns the recording that a link leads to.
func (k *linkKeeper) follow(ctx context.Context, who care.Caller, secret string) (care.Recording, error) {
	link, err := k.Store.LinkBySecret(ctx, hashSecret(secret))
	if err != nil {
		return care.Recording{}, err
	}
	if k.policy == PersonalLinks && who.ID != link.Maker.ID {
		return care.Recording{}, care.ErrNotFound
	}
	return k.authorizer.See(ctx, link.Maker, link.Recording)
}

func (k *linkKeeper) Revoke(tx *store.Tx, user string) error { return tx.RevokeLinks(user) }

// hashSecret returns what is kept of a token or of a link's secret. They have too much entropy to be guessed, so a plain
// hash will do.
func hashSecret(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }
