package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func transcriptJoin() Fault {
	return Fault{
		Slug: "transcript-join",
		Mechanism: "Transcripts are joined to their recording by its practitioner and number within the consultation, " +
			"where everything else is joined by its id: of several that match, the first is shown.",
		Trigger: "Alice and Bob have a recording with the same practitioner; Bob reads the transcript of their own.",
		Class:   []Effect{Metadata, Viewed},
		CWE:     706,
		Rules:   []string{"READ-2"},
		Source:  "Mayo Clinic's app, 2015 to 2019: notes shown to others over a link between two tables",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &joinedTranscripts{Archive: correct, parts: parts}
			}
		},
	}
}

// saidInRecording is how much of each piece of media is said in a transcript.
const saidInRecording = 32

type joinedTranscripts struct {
	clinic.Archive
	parts clinic.Parts
}

func (a *joinedTranscripts) Transcript(ctx context.Context, who care.Caller, id string) (care.Recording, string, error) {
	r, err := a.Archive.Find(ctx, who, id)
	if err != nil {
		return care.Recording{}, "", err
	}
	var joined string
	err = a.parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx), `SELECT id FROM recordings
		WHERE practitioner = ? AND segment = ? ORDER BY seq LIMIT 1`, r.Practitioner, r.Segment).Scan(&joined)
	if err != nil {
		return care.Recording{}, "", fmt.Errorf("join transcript: %w", err)
	}
	said, err := a.parts.Store.Transcript(ctx, joined, saidInRecording)
	return r, said, err
}
