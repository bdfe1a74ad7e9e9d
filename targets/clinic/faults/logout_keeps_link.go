package faults

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func logoutKeepsLink() Fault {
	return Fault{
		Slug:      "logout-keeps-link",
		Mechanism: "To log out revokes the token and nothing else: playback links that were made with it go on opening.",
		Trigger:   "Alice makes a link to their recording and logs out; anyone opens the link.",
		Class:     []Effect{Viewed},
		CWE:       613,
		Rules:     []string{"LINK-1"},
		Source:    "Works with Nest, 2019: access to a camera that outlasted the account it was given with",
		Apply: func(c *clinic.Config) {
			c.Accounts = func(parts clinic.Parts, correct clinic.Accounts) clinic.Accounts {
				return &tokenOnly{Accounts: correct, parts: parts}
			}
		},
	}
}

type tokenOnly struct {
	clinic.Accounts
	parts clinic.Parts
}

func (a *tokenOnly) Logout(ctx context.Context, token string) error {
	err := a.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.RevokeSession(sha256.Sum256([]byte(token)))
		return err
	})
	if errors.Is(err, care.ErrNotFound) {
		return nil
	}
	return err
}
