package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func slotKey() Fault {
	return Fault{
		Slug: "slot-key",
		Mechanism: "Recordings are joined to their appointment by practitioner and slot: once the slot is booked again, " +
			"they are those of the new appointment, its patient and its title.",
		Trigger: "Alice has a recording of slot 1; Bob books slot 1 of the same practitioner and lists.",
		Class:   []Effect{Presented, Viewed, Availability},
		CWE:     706,
		Rules:   []string{"LIST-1", "READ-1", "BOOK-1", "LIST-2", "LIST-3", "LIST-4", "READ-3"},
		Source:  "(model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return newSlotArchive(parts, correct)
			}
		},
	}
}

// recordingsBySlot takes everything but the media from the appointment that now has the slot.
const recordingsBySlot = `
	SELECT r.seq, r.id, n.appointment, n.encounter, n.patient, n.practitioner, n.description, r.mode, r.segment, r.size,
		n.guest
	FROM consultations n
	JOIN consultations o ON o.practitioner = n.practitioner AND o.slot = n.slot
	JOIN recordings r ON r.encounter = o.encounter
	WHERE n.seq = (SELECT max(seq) FROM consultations l WHERE l.practitioner = n.practitioner AND l.slot = n.slot)`

// seenBySlot are the usual conditions, on whoever has the slot now.
const seenBySlot = ` AND (n.patient = ?1 OR n.practitioner = ?1 OR n.guest = ?1
	OR EXISTS (SELECT 1 FROM shares s WHERE s.recording = r.id AND s.user = ?1)
	OR EXISTS (SELECT 1 FROM proxies p WHERE p.patient = n.patient AND p.proxy = ?1))`

// slotIndexes make that join quick on a service with a long history; nothing else depends on them.
const slotIndexes = `
	CREATE INDEX IF NOT EXISTS fault_slot ON consultations (practitioner, slot, seq);
	CREATE INDEX IF NOT EXISTS fault_patient ON consultations (patient);
	CREATE INDEX IF NOT EXISTS fault_encounter ON recordings (encounter)`

type slotArchive struct {
	clinic.Archive
	parts clinic.Parts
}

func newSlotArchive(parts clinic.Parts, correct clinic.Archive) *slotArchive {
	_, _ = parts.Store.DB().Exec(slotIndexes)
	return &slotArchive{Archive: correct, parts: parts}
}

func (a *slotArchive) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	seen := recordingsBySlot + seenBySlot + ` AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3)`
	ctx = context.WithoutCancel(ctx)
	rows, err := a.parts.Store.DB().QueryContext(ctx, seen+` AND r.seq > ?4 ORDER BY r.seq LIMIT ?5`,
		who.ID, a.parts.Ripe(), q.Mode, q.After, q.Limit+1)
	if err != nil {
		return care.Listing{}, fmt.Errorf("list by slot: %w", err)
	}
	found, err := store.ScanRecordings(rows)
	if err != nil {
		return care.Listing{}, err
	}
	page := store.Page(q, found)
	err = a.parts.Store.DB().QueryRowContext(ctx, `SELECT count(*) FROM (`+seen+`)`, who.ID, a.parts.Ripe(), q.Mode).
		Scan(&page.Total)
	if err != nil {
		return care.Listing{}, fmt.Errorf("count by slot: %w", err)
	}
	return page, nil
}

func (a *slotArchive) Find(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	row := a.parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx),
		recordingsBySlot+seenBySlot+` AND r.ended <= ?2 AND r.id = ?3`, who.ID, a.parts.Ripe(), id)
	r, err := store.ScanRecording(row)
	if errors.Is(err, sql.ErrNoRows) {
		return care.Recording{}, care.ErrNotFound
	}
	if err != nil {
		return care.Recording{}, fmt.Errorf("find by slot: %w", err)
	}
	return r, nil
}

func (a *slotArchive) Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	r, err := a.Find(ctx, who, id)
	if err != nil {
		return care.Recording{}, nil, err
	}
	return r, a.parts.Store.Media(ctx, r.ID, r.Size), nil
}
