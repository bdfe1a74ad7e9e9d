package store

import (
	"context"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// Share lets a user see a recording, if there still is one with that id. Sharing again changes nothing.
func (t *Tx) Share(recording, user string) error {
	_, err := t.exec(share, recording, user)
	return classify("share", err)
}

// Unshare ends what Share began, if it did.
func (t *Tx) Unshare(recording, user string) error {
	_, err := t.exec(unshare, recording, user)
	return classify("unshare", err)
}

// Appoint makes somebody a proxy of a patient's. Appointing again changes nothing.
func (t *Tx) Appoint(patient, proxy string) error {
	_, err := t.exec(appoint, patient, proxy)
	return classify("appoint", err)
}

// Dismiss ends what Appoint began, if it did.
func (t *Tx) Dismiss(patient, proxy string) error {
	_, err := t.exec(dismiss, patient, proxy)
	return classify("dismiss", err)
}

// OfferShare and OfferProxy are Share and Appoint of which nothing comes until [Tx.TakeOffers].
func (t *Tx) OfferShare(recording, user string) error {
	_, err := t.exec(offerShare, recording, user)
	return classify("offer share", err)
}

// OfferProxy offers somebody to be a proxy of a patient's.
func (t *Tx) OfferProxy(patient, proxy string) error {
	_, err := t.exec(offerProxy, patient, proxy)
	return classify("offer proxy", err)
}

// TakeOffers makes everything that was offered to somebody count from now on.
func (t *Tx) TakeOffers(user string) error {
	for _, step := range []string{takeShares, dropOffers, takeProxies, tookProxies} {
		if _, err := t.exec(step, user); err != nil {
			return classify("take offers", err)
		}
	}
	return nil
}

// WithdrawShare and WithdrawProxy end what an offer began that was not taken.
func (t *Tx) WithdrawShare(recording, user string) error {
	_, err := t.exec(dropOffer, recording, user)
	return classify("withdraw share", err)
}

// WithdrawProxy ends an offer to be a proxy.
func (t *Tx) WithdrawProxy(patient, proxy string) error {
	_, err := t.exec(dropProxying, patient, proxy)
	return classify("withdraw proxy", err)
}

// IsProxy tells whether somebody is a proxy of a patient's.
func (s *Store) IsProxy(ctx context.Context, patient, proxy string) (bool, error) {
	var one int
	err := classify("find proxy", s.row(ctx, isProxy, patient, proxy).Scan(&one))
	if errors.Is(err, care.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// A Link leads to a recording, for as long as its maker may see it. It is known by the SHA-256 of its secret.
type Link struct {
	SecretHash [32]byte
	ID         string
	Maker      care.Caller
	Recording  string
}

// AddLink keeps a link; [care.ErrNotFound] when there is no such recording any more.
func (t *Tx) AddLink(l Link) error {
	added, err := t.exec(addLink, l.SecretHash[:], l.ID, l.Maker.ID, l.Maker.Role, l.Recording)
	if err != nil {
		return classify("add link", err)
	}
	if n, err := added.RowsAffected(); err != nil || n == 0 {
		return errors.Join(care.ErrNotFound, err)
	}
	return nil
}

// RevokeLinks forgets all links that somebody has made.
func (t *Tx) RevokeLinks(maker string) error {
	_, err := t.exec(revokeLinks, maker)
	return classify("revoke links", err)
}

// LinkBySecret returns the link whose secret has that hash.
func (s *Store) LinkBySecret(ctx context.Context, hash [32]byte) (Link, error) {
	l := Link{SecretHash: hash}
	err := s.row(ctx, linkBySecret, hash[:]).
		Scan(&l.ID, &l.Maker.ID, &l.Maker.Role, &l.Recording)
	return l, classify("find link", err)
}
