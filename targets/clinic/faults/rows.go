package faults

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// recordings lists what a condition of the fault's own lets through besides what the caller may see, in the order and number
// of a correct listing.
func recordings(ctx context.Context, parts clinic.Parts, who care.Caller, q care.Query, besides string,
) (care.Listing, error) {
	seen := `r.seq IN (` + store.SeenByPatient + `)`
	if who.Role == care.Practitioner {
		seen = `r.practitioner = ?1`
	}
	from := ` FROM recordings r WHERE (` + seen + ` OR ` + besides + `) AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3)`
	ctx = context.WithoutCancel(ctx)
	rows, err := parts.Store.DB().QueryContext(ctx, `SELECT `+store.RecordingColumns+from+` AND r.seq > ?4 ORDER BY r.seq LIMIT ?5`,
		who.ID, parts.Ripe(), q.Mode, q.After, q.Limit+1)
	if err != nil {
		return care.Listing{}, fmt.Errorf("list recordings: %w", err)
	}
	found, err := store.ScanRecordings(rows)
	if err != nil {
		return care.Listing{}, err
	}
	page := store.Page(q, found)
	err = parts.Store.DB().QueryRowContext(ctx, `SELECT count(*)`+from, who.ID, parts.Ripe(), q.Mode).Scan(&page.Total)
	if err != nil {
		return care.Listing{}, fmt.Errorf("count recordings: %w", err)
	}
	return page, nil
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
