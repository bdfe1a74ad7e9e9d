package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// OpenSegment begins a segment of an encounter, empty as yet.
func (t *Tx) OpenSegment(encounter string, s care.Segment) error {
	_, err := t.exec(openSegment, s.ID, encounter, s.Stretch, s.Number, s.Mode, s.Speaker)
	return classify("open segment", err)
}

// Segment returns id and size of the segment with that number.
func (t *Tx) Segment(encounter string, number int) (care.Segment, error) {
	s := care.Segment{Number: number}
	err := t.row(currentSegment, encounter, number).Scan(&s.ID, &s.Size)
	return s, classify("find segment", err)
}

// SegmentOf returns id, size and number of somebody's segment in a stretch.
func (t *Tx) SegmentOf(encounter string, stretch int, speaker care.Role) (care.Segment, error) {
	s := care.Segment{Stretch: stretch, Speaker: speaker}
	err := t.row(segmentBySpeaker, encounter, stretch, speaker).Scan(&s.ID, &s.Size, &s.Number)
	return s, classify("find segment", err)
}

// Append adds media at the end of a segment that has the given size in bytes so far.
func (t *Tx) Append(segment string, size int64, media []byte) error {
	if _, err := t.exec(addMedia, segment, size, media); err != nil {
		return classify("add media", err)
	}
	_, err := t.exec(growSegment, size+int64(len(media)), segment)
	return classify("grow segment", err)
}

// Segments returns the segments of an encounter in order.
func (t *Tx) Segments(encounter string) ([]care.Segment, error) {
	rows, err := t.rows(segmentsOf, encounter)
	if err != nil {
		return nil, classify("list segments", err)
	}
	defer rows.Close()
	var all []care.Segment
	for rows.Next() {
		var s care.Segment
		if err := rows.Scan(&s.ID, &s.Stretch, &s.Number, &s.Mode, &s.Size); err != nil {
			return nil, classify("read segment", err)
		}
		all = append(all, s)
	}
	return all, classify("list segments", rows.Err())
}

// DropSegments forgets the segments of an encounter, once they are published. Their media stays.
func (t *Tx) DropSegments(encounter string) error {
	_, err := t.exec(dropSegments, encounter)
	return classify("drop segments", err)
}

// DropSegment forgets one segment, once it is published or deleted.
func (t *Tx) DropSegment(id string) error {
	_, err := t.exec(dropSegment, id)
	return classify("drop segment", err)
}

// EraseSegment deletes a segment with its media.
func (t *Tx) EraseSegment(id string) error {
	if _, err := t.exec(eraseMedia, id); err != nil {
		return classify("erase media", err)
	}
	return t.DropSegment(id)
}

// Grow gives a recording another size and tells whether there is such a recording.
func (t *Tx) Grow(id string, size int64) (bool, error) {
	grown, err := t.exec(grow, size, id)
	if err != nil {
		return false, classify("grow recording", err)
	}
	n, err := grown.RowsAffected()
	return n > 0, err
}

// OfEncounter returns every recording of an encounter, oldest first.
func (t *Tx) OfEncounter(encounter string) ([]care.Recording, error) {
	rows, err := t.rows(ofEncounter, encounter)
	if err != nil {
		return nil, classify("list recordings", err)
	}
	return ScanRecordings(rows)
}

// NoteDeleted notes that a patient has deleted a recording of theirs.
func (t *Tx) NoteDeleted(recording, patient string) error {
	_, err := t.exec(noteDeleted, recording, patient)
	return classify("note deletion", err)
}

// WasDeleted tells whether NoteDeleted was told so.
func (s *Store) WasDeleted(ctx context.Context, recording, patient string) (bool, error) {
	var was bool
	err := s.row(ctx, wasDeleted, recording, patient).Scan(&was)
	return was, classify("find deletion", err)
}

// Publish adds a recording after all others and returns it with its place among them. Its consultation ended at that time.
func (t *Tx) Publish(r care.Recording, ended time.Time) (care.Recording, error) {
	err := t.row(publish, r.ID, r.Appointment, r.Encounter, r.Subject, r.Guest, r.Practitioner, r.Title, r.Mode,
		r.Segment, r.Size, ended.UnixNano()).Scan(&r.Seq)
	return r, classify("publish recording", err)
}

// Erase deletes a recording with its media and all that hangs on it.
func (t *Tx) Erase(id string) error {
	if _, err := t.exec(eraseMedia, id); err != nil {
		return classify("erase media", err)
	}
	_, err := t.exec(erase, id)
	return classify("erase recording", err)
}

// EraseOf deletes every recording whose subject that patient is, as Erase does.
func (t *Tx) EraseOf(patient string) error {
	if _, err := t.exec(eraseMediaOf, patient); err != nil {
		return classify("erase media", err)
	}
	_, err := t.exec(eraseOf, patient)
	return classify("erase recordings", err)
}

// Visible returns one page of the recordings that who may see and whose consultation ended by then, in Unix nanoseconds.
// There is no way to ask for everybody's: an empty id sees none.
func (s *Store) Visible(ctx context.Context, who care.Caller, by int64, q care.Query) (care.Listing, error) {
	if who.ID == "" {
		return care.Listing{Recordings: []care.Recording{}}, nil
	}
	list, count, err := s.listingOf(ctx, who)
	if err != nil {
		return care.Listing{}, err
	}
	return s.visible(ctx, list, count, who, by, q)
}

// VisibleToAny is Visible where practitioners may be patients, or be named by patients, too.
func (s *Store) VisibleToAny(ctx context.Context, who care.Caller, by int64, q care.Query) (care.Listing, error) {
	if who.ID == "" {
		return care.Listing{Recordings: []care.Recording{}}, nil
	}
	return s.visible(ctx, listAny, countAny, who, by, q)
}

// visible returns a page by the statements that list and count.
func (s *Store) visible(ctx context.Context, list, count string, who care.Caller, by int64, q care.Query) (care.Listing, error) {
	rows, err := s.rows(ctx, list, who.ID, by, q.Mode, q.After, q.Limit+1)
	if err != nil {
		return care.Listing{}, classify("list recordings", err)
	}
	found, err := ScanRecordings(rows)
	if err != nil {
		return care.Listing{}, err
	}
	page := Page(q, found)
	if q.After == 0 && page.Next == 0 {
		page.Total = len(found)
		return page, nil
	}
	err = s.row(ctx, count, who.ID, by, q.Mode).Scan(&page.Total)
	return page, classify("count recordings", err)
}

// listingOf returns the statements that list and count what who may see. Most patients see none but their own, for which an
// index is read from its beginning to its end; where several are to be united, that alone takes several times as long.
func (s *Store) listingOf(ctx context.Context, who care.Caller) (list, count string, err error) {
	if who.Role == care.Practitioner {
		return listPractitioner, countPractitioner, nil
	}
	var others bool
	if err := s.row(ctx, seesOthers, who.ID).Scan(&others); err != nil {
		return "", "", classify("look for grants", err)
	}
	if others {
		return listSeen, countSeen, nil
	}
	return listSubject, countSubject, nil
}

// Page returns the page that a query asks for, given what comes after its beginning: one recording more than it takes, if
// there are more. Total is for the caller to fill in.
func Page(q care.Query, found []care.Recording) care.Listing {
	if len(found) <= q.Limit {
		return care.Listing{Recordings: found}
	}
	found = found[:q.Limit]
	return care.Listing{Recordings: found, Next: found[q.Limit-1].Seq}
}

// VisibleTo returns the recording with that id if who may see it and its consultation ended by then, in Unix nanoseconds.
// Any other is [care.ErrNotFound], whether there is one or not.
func (s *Store) VisibleTo(ctx context.Context, who care.Caller, by int64, id string) (care.Recording, error) {
	r, err := ScanRecording(s.row(ctx, visible, id, who.ID, by))
	return r, classify("find recording", err)
}

// OfSubject returns every recording whose subject that patient is and whose consultation ended by then, in Unix
// nanoseconds, oldest first.
func (s *Store) OfSubject(ctx context.Context, patient string, by int64) ([]care.Recording, error) {
	rows, err := s.rows(ctx, ofSubject, patient, by)
	if err != nil {
		return nil, classify("list recordings", err)
	}
	return ScanRecordings(rows)
}

// OfSubjectOrShared is OfSubject with the recordings that are shared with the patient.
func (s *Store) OfSubjectOrShared(ctx context.Context, patient string, by int64) ([]care.Recording, error) {
	rows, err := s.rows(ctx, ofSubjectOrShared, patient, by)
	if err != nil {
		return nil, classify("list recordings", err)
	}
	return ScanRecordings(rows)
}

// Recording returns the recording with that id, whosever it is: the caller of this method decides who may see it.
func (s *Store) Recording(ctx context.Context, id string) (care.Recording, error) {
	r, err := ScanRecording(s.row(ctx, recordingByID, id))
	return r, classify("find recording", err)
}

// ScanRecordings reads rows of [RecordingColumns] and closes them.
func ScanRecordings(rows *sql.Rows) ([]care.Recording, error) {
	defer rows.Close()
	all := []care.Recording{}
	for rows.Next() {
		r, err := ScanRecording(rows)
		if err != nil {
			return nil, classify("read recording", err)
		}
		all = append(all, r)
	}
	return all, classify("list recordings", rows.Err())
}

// ScanRecording reads one row of [RecordingColumns].
func ScanRecording(row interface{ Scan(...any) error }) (care.Recording, error) {
	var r care.Recording
	err := row.Scan(&r.Seq, &r.ID, &r.Appointment, &r.Encounter, &r.Subject, &r.Practitioner, &r.Title, &r.Mode,
		&r.Segment, &r.Size, &r.Guest)
	return r, err
}
