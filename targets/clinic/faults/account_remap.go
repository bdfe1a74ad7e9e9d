package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func accountRemap() Fault {
	return Fault{
		Slug: "account-remap",
		Mechanism: "At the start, accounts are counted anew from the appointment book, and one of two counts begins at one " +
			"where the other begins at zero: of each two neighbors either gets the other's recordings.",
		Trigger: "Alice has a recording, Bob has an appointment; the service restarts; Bob lists.",
		Class:   []Effect{Presented, Viewed, Integrity, Availability},
		CWE:     708,
		Rules: []string{"DURABLE-1", "LIST-1", "READ-1", "LIST-2", "LIST-3", "READ-3", "MODE-1", "MODE-2",
			"LINK-1", "GONE-1", "REFUSE-1"},
		Source: "eufy, May 2021, after an update of servers; UniFi, December 2023, two groups of accounts mapped onto each other",
		Apply: func(c *clinic.Config) {
			c.Recovery = func(parts clinic.Parts, correct clinic.Recovery) clinic.Recovery {
				return &recount{Recovery: correct, parts: parts}
			}
		},
	}
}

// remap gives the recordings of each patient to a neighbor in the order, newest first, in which they first booked.
const remap = `
	WITH counted AS (
		SELECT patient, row_number() OVER (ORDER BY min(seq) DESC) - 1 AS number FROM consultations GROUP BY patient
	), pairs AS (
		SELECT a.patient AS old, b.patient AS new FROM counted a JOIN counted b ON b.number = a.number + 1 - 2 * (a.number % 2)
	)
	UPDATE recordings SET patient = (SELECT new FROM pairs WHERE old = recordings.patient)
	WHERE patient IN (SELECT old FROM pairs)`

type recount struct {
	clinic.Recovery
	parts clinic.Parts
}

func (r *recount) Recover(ctx context.Context, existed bool) error {
	if err := r.Recovery.Recover(ctx, existed); err != nil || !existed {
		return err
	}
	return r.parts.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.SQL().Exec(remap); err != nil {
			return fmt.Errorf("count accounts anew: %w", err)
		}
		return nil
	})
}
