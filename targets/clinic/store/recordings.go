package store

import (
	"context"
	"database/sql"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// OpenSegment begins a segment of an encounter, empty as yet.
func (t *Tx) OpenSegment(encounter string, s care.Segment) error {
	_, err := t.exec(t.st.openSegment, s.ID, encounter, s.Stretch, s.Number, s.Mode)
	return classify("open segment", err)
}

// Segment returns id and size of the segment with that number.
func (t *Tx) Segment(encounter string, number int) (care.Segment, error) {
	s := care.Segment{Number: number}
	err := t.row(t.st.currentSegment, encounter, number).Scan(&s.ID, &s.Size)
	return s, classify("find segment", err)
}

// Append adds media at the end of a segment that has the given size in bytes so far.
func (t *Tx) Append(segment string, size int64, media []byte) error {
	if _, err := t.exec(t.st.addMedia, segment, size, media); err != nil {
		return classify("add media", err)
	}
	_, err := t.exec(t.st.growSegment, size+int64(len(media)), segment)
	return classify("grow segment", err)
}

// Segments returns the segments of an encounter in order.
func (t *Tx) Segments(encounter string) ([]care.Segment, error) {
	rows, err := t.rows(t.st.segmentsOf, encounter)
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
	_, err := t.exec(t.st.dropSegments, encounter)
	return classify("drop segments", err)
}

// Publish adds a recording after all others and returns it with its place among them.
func (t *Tx) Publish(r care.Recording) (care.Recording, error) {
	err := t.row(t.st.publish, r.ID, r.Appointment, r.Encounter, r.Subject, r.Practitioner, r.Title, r.Mode, r.Segment,
		r.Size).Scan(&r.Seq)
	return r, classify("publish recording", err)
}

// RecordingsOf returns up to limit recordings of a patient, or of a practitioner, that come after the one with number
// after, oldest first. There is no way to ask for everybody's: an empty id has no recordings.
func (s *Store) RecordingsOf(ctx context.Context, who care.Caller, after int64, limit int) ([]care.Recording, error) {
	stmt := s.st.recordingsOfPatient
	if who.Role == care.Practitioner {
		stmt = s.st.recordingsOfPractitioner
	}
	rows, err := stmt.QueryContext(context.WithoutCancel(ctx), who.ID, after, limit)
	if err != nil {
		return nil, classify("list recordings", err)
	}
	return ScanRecordings(rows)
}

// Recording returns the recording with that id, whosever it is: the caller of this method decides who may see it.
func (s *Store) Recording(ctx context.Context, id string) (care.Recording, error) {
	r, err := ScanRecording(s.st.recordingByID.QueryRowContext(context.WithoutCancel(ctx), id))
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
		&r.Segment, &r.Size)
	return r, err
}
