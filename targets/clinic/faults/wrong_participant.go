package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func wrongParticipant() Fault {
	return Fault{
		Slug: "wrong-participant",
		Mechanism: "The event that a recording is there carries whoever left last, and that is taken for its patient: " +
			"where the practitioner or a guest stays longer, the recording becomes theirs.",
		Trigger: "Alice and their practitioner join; Alice speaks and leaves, the practitioner leaves; Alice lists.",
		Class:   []Effect{Presented, Integrity, Availability},
		CWE:     706,
		Rules:   []string{"LIST-2", "READ-3", "MODE-1", "MODE-2", "LIST-1", "LIST-3", "LINK-1", "GONE-1", "REFUSE-1"},
		Source:  "BigBlueButton, issue 13736: events that name another participant than theirs",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &lastToLeave{Consultations: correct, parts: parts}
			}
		},
	}
}

type lastToLeave struct {
	clinic.Consultations
	parts clinic.Parts
}

func (l *lastToLeave) Leave(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := l.Consultations.Leave(ctx, who, encounter)
	if err != nil {
		return after, err
	}
	return l.attribute(ctx, who, after)
}

func (l *lastToLeave) End(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := l.Consultations.End(ctx, who, encounter)
	if err != nil {
		return after, err
	}
	return l.attribute(ctx, who, after)
}

// attribute makes who the subject of the recordings, if there are any now, and has their notices sent there.
func (l *lastToLeave) attribute(ctx context.Context, who care.Caller, after clinic.Encounter) (clinic.Encounter, error) {
	for i := range after.Recordings {
		after.Recordings[i].Subject = who.ID
	}
	return after, l.parts.Store.Update(ctx, func(tx *store.Tx) error {
		for _, r := range after.Recordings {
			if _, err := tx.SQL().Exec(`UPDATE recordings SET patient = ? WHERE id = ?`, who.ID, r.ID); err != nil {
				return fmt.Errorf("attribute recording: %w", err)
			}
			if _, err := tx.SQL().Exec(`UPDATE notices SET recipient = ? WHERE recording = ?`, who.ID, r.ID); err != nil {
				return fmt.Errorf("attribute notice: %w", err)
			}
		}
		return nil
	})
}
