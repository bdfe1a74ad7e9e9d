package store

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are prepared once, when the store is opened.
type statements struct {
	addUser, userByEmail, practitionerExists *sql.Stmt
	addSession, callerOf, revokeSession      *sql.Stmt

	book, saveConsultation, byEncounter, byAppointment *sql.Stmt

	openSegment, currentSegment, growSegment, segmentsOf, dropSegments *sql.Stmt
	addMedia, mediaFrom                                                *sql.Stmt

	publish, recordingsOfPatient, recordingsOfPractitioner, recordingByID *sql.Stmt
}

const consultationColumns = `seq, appointment, encounter, patient, practitioner, slot, booked_mode, description,
	status, mode, patient_presence, practitioner_presence, stretch, segments, captured`

// RecordingColumns are the columns that [ScanRecording] reads, in its order.
const RecordingColumns = `r.seq, r.id, r.appointment, r.encounter, r.patient, r.practitioner, r.title, r.mode, r.segment, r.size`

// prepare prepares all statements. Closing the database closes them.
func (s *statements) prepare(ctx context.Context, db *sql.DB) error {
	for _, p := range s.texts() {
		stmt, err := db.PrepareContext(ctx, p.text)
		if err != nil {
			return fmt.Errorf("prepare %q: %w", p.text, err)
		}
		*p.stmt = stmt
	}
	return nil
}

type preparation struct {
	stmt **sql.Stmt
	text string
}

// texts says what each statement is. SQLite plans a query by the value of a bare LIMIT parameter, and therefore plans it
// again whenever one is bound, which takes longer than the query; an expression it takes as it comes.
func (s *statements) texts() []preparation {
	return []preparation{
		{&s.addUser, `INSERT INTO users (id, role, name, email, password_hash, birth_date, plan, member_number)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.userByEmail, `SELECT id, role, password_hash FROM users WHERE email = ?`},
		{&s.practitionerExists, `SELECT 1 FROM users WHERE id = ? AND role = 'practitioner'`},

		{&s.addSession, `INSERT INTO sessions (token_hash, user, role, expires) VALUES (?, ?, ?, ?)`},
		{&s.callerOf, `SELECT user, role FROM sessions WHERE token_hash = ? AND expires > ?`},
		{&s.revokeSession, `DELETE FROM sessions WHERE token_hash = ?`},

		{&s.book, `INSERT INTO consultations (` + consultationColumns + `)
			VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.saveConsultation, `UPDATE consultations SET status = ?, mode = ?, patient_presence = ?,
			practitioner_presence = ?, stretch = ?, segments = ?, captured = ? WHERE seq = ?`},
		{&s.byEncounter, `SELECT ` + consultationColumns + ` FROM consultations WHERE encounter = ?`},
		{&s.byAppointment, `SELECT ` + consultationColumns + ` FROM consultations WHERE appointment = ?`},

		{&s.openSegment, `INSERT INTO segments (id, encounter, stretch, number, mode, size) VALUES (?, ?, ?, ?, ?, 0)`},
		{&s.currentSegment, `SELECT id, size FROM segments WHERE encounter = ? AND number = ?`},
		{&s.growSegment, `UPDATE segments SET size = ? WHERE id = ?`},
		{&s.segmentsOf, `SELECT id, stretch, number, mode, size FROM segments WHERE encounter = ? ORDER BY number`},
		{&s.dropSegments, `DELETE FROM segments WHERE encounter = ?`},
		{&s.addMedia, `INSERT INTO media (segment, start, bytes) VALUES (?, ?, ?)`},
		{&s.mediaFrom, `SELECT start, bytes FROM media WHERE segment = ?1 AND start >=
			(SELECT max(start) FROM media WHERE segment = ?1 AND start <= ?2) ORDER BY start`},

		{&s.publish, `INSERT INTO recordings
			(id, appointment, encounter, patient, practitioner, title, mode, segment, size)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`},
		{&s.recordingsOfPatient, `SELECT ` + RecordingColumns + ` FROM recordings r
			WHERE r.patient = ? AND r.seq > ? ORDER BY r.seq LIMIT ? + 0`},
		{&s.recordingsOfPractitioner, `SELECT ` + RecordingColumns + ` FROM recordings r
			WHERE r.practitioner = ? AND r.seq > ? ORDER BY r.seq LIMIT ? + 0`},
		{&s.recordingByID, `SELECT ` + RecordingColumns + ` FROM recordings r WHERE r.id = ?`},
	}
}
