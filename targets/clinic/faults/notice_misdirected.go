package faults

import (
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func noticeMisdirected() Fault {
	return Fault{
		Slug: "notice-misdirected",
		Mechanism: "That a replay is ready is told to the patient who booked the practitioner last, and not to the one " +
			"whose replay it is.",
		Trigger: "Alice books and joins; Bob books the same practitioner; Alice speaks and leaves; Bob reads the notices to Bob.",
		Class:   []Effect{Presented, Metadata},
		CWE:     201,
		Rules:   []string{"LIST-1", "BOOK-1", "PROXY-1"},
		Source:  "UniFi, December 2023: notices of other people's cameras (model)",
		Apply: func(c *clinic.Config) {
			c.Notifier = func(_ clinic.Parts, correct clinic.Notifier) clinic.Notifier { return lastBooked{correct} }
		},
	}
}

type lastBooked struct{ clinic.Notifier }

func (n lastBooked) Announce(tx *store.Tx, r care.Recording) error {
	err := tx.SQL().QueryRow(`SELECT patient FROM consultations WHERE practitioner = ? AND status <> 'cancelled'
		ORDER BY seq DESC LIMIT 1`, r.Practitioner).Scan(&r.Subject)
	if err != nil {
		return fmt.Errorf("find the patient to tell: %w", err)
	}
	return n.Notifier.Announce(tx, r)
}
