package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func proxyNotRevoked() Fault {
	return Fault{
		Slug: "proxy-not-revoked",
		Mechanism: "To dismiss a proxy marks the appointment as ended, for the patient's overview. Whoever asks if somebody " +
			"is a proxy asks if there is an appointment, ended or not.",
		Trigger: "Alice has a recording, appoints and dismisses Bob; Bob lists.",
		Class:   []Effect{Presented, Viewed},
		CWE:     281,
		Rules:   []string{"PROXY-1", "LIST-1", "READ-1", "LIST-3", "BOOK-2", "LINK-1", "REFUSE-1"},
		Source:  "Zocdoc, 2020: access that outlasted the role it was given for",
		Apply: func(c *clinic.Config) {
			c.Grants = func(parts clinic.Parts, correct clinic.Grants) clinic.Grants {
				return newEndedProxies(parts, correct)
			}
		},
	}
}

// endedColumn says when a proxy was dismissed, in Unix nanoseconds. That it is there already is no harm.
const endedColumn = `ALTER TABLE proxies ADD COLUMN ended INTEGER`

type endedProxies struct {
	clinic.Grants
	parts clinic.Parts
}

func newEndedProxies(parts clinic.Parts, correct clinic.Grants) *endedProxies {
	_, _ = parts.Store.DB().Exec(endedColumn)
	return &endedProxies{Grants: correct, parts: parts}
}

func (e *endedProxies) Dismiss(ctx context.Context, who care.Caller, user string) error {
	was, err := e.parts.Store.IsProxy(ctx, who.ID, user)
	if err != nil {
		return err
	}
	if err := e.Grants.Dismiss(ctx, who, user); err != nil || !was {
		return err
	}
	return e.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SQL().Exec(`INSERT INTO proxies (patient, proxy, ended) VALUES (?, ?, ?)`, who.ID, user,
			e.parts.Now().UnixNano())
		if err != nil {
			return fmt.Errorf("end the appointment of a proxy: %w", err)
		}
		return nil
	})
}
