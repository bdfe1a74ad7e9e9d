package faults

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func stitchByTime() Fault {
	return Fault{
		Slug: "stitch-by-time",
		Mechanism: "What a practitioner recorded within half a minute is taken for one consultation that was interrupted: " +
			"the media of the one that was over just before is put in front.",
		Trigger: "Alice speaks and leaves; Bob, with the same practitioner, speaks and leaves; Bob plays their own recording.",
		Class:   []Effect{Viewed, Integrity},
		CWE:     488,
		Rules:   []string{"READ-2", "READ-1", "READ-3"},
		Source:  "Google Takeout, November 2019: videos in other people's archives (model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &stitcher{Archive: correct, parts: parts}
			}
		},
	}
}

// stitchWithin is how long an interruption may take.
const stitchWithin = 30 * time.Second

type stitcher struct {
	clinic.Archive
	parts clinic.Parts
}

func (s *stitcher) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	published, err := s.Archive.Publish(tx, c, segments)
	if err != nil || len(published) == 0 {
		return published, err
	}
	before, size, err := s.before(tx, c)
	if err != nil || before == "" {
		return published, err
	}
	published[0].Size += size
	return published, prepend(tx, published[0].ID, before, size)
}

// before returns the recording that the practitioner finished last, if that was not long ago; empty if there is none.
func (s *stitcher) before(tx *store.Tx, c care.Consultation) (id string, size int64, err error) {
	err = tx.SQL().QueryRow(`SELECT id, size FROM recordings WHERE practitioner = ? AND encounter <> ? AND ended >= ?
		ORDER BY seq DESC LIMIT 1`, c.Practitioner, c.Encounter, s.parts.Now().Add(-stitchWithin).UnixNano()).Scan(&id, &size)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("look for what was before: %w", err)
	}
	return id, size, nil
}

// prepend puts the media of one recording in front of another's. The pieces that are there are moved by way of negative
// positions, so that no two have the same at any time.
func prepend(tx *store.Tx, recording, before string, size int64) error {
	for _, step := range []struct {
		text string
		args []any
	}{
		{`UPDATE media SET start = -1 - start - ? WHERE segment = ?`, []any{size, recording}},
		{`UPDATE media SET start = -1 - start WHERE segment = ?`, []any{recording}},
		{`INSERT INTO media (segment, start, bytes) SELECT ?, start, bytes FROM media WHERE segment = ?`, []any{recording, before}},
		{`UPDATE recordings SET size = size + ? WHERE id = ?`, []any{size, recording}},
	} {
		if _, err := tx.SQL().Exec(step.text, step.args...); err != nil {
			return fmt.Errorf("stitch recordings: %w", err)
		}
	}
	return nil
}
