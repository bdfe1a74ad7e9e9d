package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// recordings lists what a condition of the fault's own lets through, in the order and number of a correct listing. The
// arguments of the condition are numbered from ?3.
func recordings(ctx context.Context, parts clinic.Parts, after int64, limit int, condition string, args ...any,
) ([]care.Recording, error) {
	query := `SELECT ` + store.RecordingColumns + ` FROM recordings r
		WHERE r.seq > ?1 AND (` + condition + `) ORDER BY r.seq LIMIT ?2`
	rows, err := parts.Store.DB().QueryContext(context.WithoutCancel(ctx), query, append([]any{after, limit}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list recordings: %w", err)
	}
	return store.ScanRecordings(rows)
}

// unguarded opens a recording, whosever it is.
func unguarded(ctx context.Context, parts clinic.Parts, id string) (care.Recording, care.Media, error) {
	r, err := parts.Store.Recording(ctx, id)
	if err != nil {
		return care.Recording{}, nil, err
	}
	return r, parts.Store.Media(ctx, r.ID, r.Size), nil
}

// appendTo adds media to a recording that is finished, as no correct service does.
func appendTo(tx *store.Tx, recording string, media []byte) error {
	_, err := tx.SQL().Exec(`INSERT INTO media (segment, start, bytes)
		SELECT id, size, ?2 FROM recordings WHERE id = ?1`, recording, media)
	if err != nil {
		return fmt.Errorf("append to recording: %w", err)
	}
	_, err = tx.SQL().Exec(`UPDATE recordings SET size = size + ?2 WHERE id = ?1`, recording, len(media))
	if err != nil {
		return fmt.Errorf("append to recording: %w", err)
	}
	return nil
}
