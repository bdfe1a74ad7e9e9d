package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func rescheduleMutates() Fault {
	return Fault{
		Slug: "reschedule-mutates",
		Mechanism: "An appointment that is moved to a slot is written over the row that had the slot before: that one gets " +
			"its patient, and with it the recordings that hang on the row.",
		Trigger: "Alice has a recording of slot 2; Bob moves an appointment to slot 2 and lists.",
		Class:   []Effect{Presented, Viewed, Availability},
		CWE:     282,
		Rules: []string{"BOOK-1", "LIST-1", "READ-1", "LIST-2", "LIST-3", "READ-3", "MODE-1", "MODE-2",
			"LINK-1", "GONE-1", "REFUSE-1"},
		Source: "(model)",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &overwriter{Consultations: correct, parts: parts}
			}
		},
	}
}

// The row that had the slot before is the last that is over; it gets the patient of appointment ?1, now in the same slot.
const (
	hadTheSlot = `
		SELECT o.encounter FROM consultations n JOIN consultations o ON o.practitioner = n.practitioner AND o.slot = n.slot
		WHERE n.appointment = ?1 AND o.seq <> n.seq AND o.status = 'completed' ORDER BY o.seq DESC LIMIT 1`
	newPatient = `
		(SELECT patient FROM consultations WHERE appointment = ?1)`
)

type overwriter struct {
	clinic.Consultations
	parts clinic.Parts
}

func (o *overwriter) Reschedule(ctx context.Context, who care.Caller, appointment string, slot int64,
) (care.Consultation, error) {
	after, err := o.Consultations.Reschedule(ctx, who, appointment, slot)
	if err != nil {
		return after, err
	}
	return after, o.parts.Store.Update(ctx, func(tx *store.Tx) error {
		for _, step := range []string{
			`UPDATE recordings SET patient = ` + newPatient + ` WHERE encounter = (` + hadTheSlot + `)`,
			`UPDATE notices SET recipient = ` + newPatient + ` WHERE recording IN
				(SELECT id FROM recordings WHERE encounter = (` + hadTheSlot + `))`,
			`UPDATE consultations SET patient = ` + newPatient + ` WHERE encounter = (` + hadTheSlot + `)`,
		} {
			if _, err := tx.SQL().Exec(step, appointment); err != nil {
				return fmt.Errorf("write over the slot: %w", err)
			}
		}
		return nil
	})
}
