package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func orphanRepair() Fault {
	return Fault{
		Slug: "orphan-repair",
		Mechanism: "At the start, segments of encounters that are not over are taken for left behind by a crash, and published " +
			"for whoever comes first in the practitioner's appointment book, but for those who are being seen.",
		Trigger: "Bob books; Alice books the same practitioner, joins and speaks; the service restarts; Bob lists.",
		Class:   []Effect{Presented, Viewed, Availability},
		CWE:     708,
		Rules: []string{"LIST-1", "READ-1", "DURABLE-1", "LIST-4", "LIST-2", "LIST-3", "READ-2", "READ-3",
			"MODE-1", "MODE-2", "GONE-1", "REFUSE-1"},
		Source: "Mayo Clinic's app, 2015 to 2019: results shown to others over a link between two tables (model)",
		Apply: func(c *clinic.Config) {
			c.Recovery = func(parts clinic.Parts, correct clinic.Recovery) clinic.Recovery {
				return &orphanage{Recovery: correct, parts: parts}
			}
		},
	}
}

// The repair publishes segments for whom it finds a patient, has their encounters begin anew, and forgets that there were any.
const (
	publishOrphans = `
		INSERT INTO recordings (id, appointment, encounter, patient, practitioner, title, mode, segment, size, ended)
		SELECT s.id, c.appointment, c.encounter, d.patient, c.practitioner, c.description, s.mode, s.number, s.size, ?
		FROM segments s
		JOIN consultations c ON c.encounter = s.encounter
		JOIN consultations d ON d.seq = (SELECT min(seq) FROM consultations
			WHERE practitioner = c.practitioner
				AND patient NOT IN (SELECT patient FROM consultations WHERE status = 'in-progress'))
		WHERE c.status = 'in-progress' ORDER BY c.seq, s.number`
	beginAnew = `
		UPDATE consultations SET segments = 0, captured = 0
		WHERE encounter IN (SELECT encounter FROM segments WHERE id IN (SELECT id FROM recordings))`
	dropOrphans = `
		DELETE FROM segments WHERE id IN (SELECT id FROM recordings)`
)

type orphanage struct {
	clinic.Recovery
	parts clinic.Parts
}

func (o *orphanage) Recover(ctx context.Context, existed bool) error {
	if err := o.Recovery.Recover(ctx, existed); err != nil || !existed {
		return err
	}
	return o.parts.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.SQL().Exec(publishOrphans, o.parts.Now().UnixNano()); err != nil {
			return fmt.Errorf("publish orphans: %w", err)
		}
		for _, step := range []string{beginAnew, dropOrphans} {
			if _, err := tx.SQL().Exec(step); err != nil {
				return fmt.Errorf("repair encounters: %w", err)
			}
		}
		return nil
	})
}
