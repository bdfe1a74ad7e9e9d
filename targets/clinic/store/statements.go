package store

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are prepared once, when the store is opened.
type statements struct {
	addUser, userByEmail, roleOf, closeUser            *sql.Stmt
	addSession, callerOf, revokeSession, sweepSessions *sql.Stmt
	revokeSessionsOf                                   *sql.Stmt

	book, saveConsultation, byEncounter, byAppointment *sql.Stmt
	inProgress, cancelPlanned, dropGuest               *sql.Stmt

	openSegment, currentSegment, growSegment, segmentsOf, dropSegments *sql.Stmt
	addMedia, mediaFrom, transcript, eraseMedia, eraseMediaOf          *sql.Stmt

	publish, recordingByID, erase, eraseOf     *sql.Stmt
	listSubject, listPractitioner, listSeen    *sql.Stmt
	countSubject, countPractitioner, countSeen *sql.Stmt
	visible, ofSubject, seesOthers             *sql.Stmt
	share, unshare, appoint, dismiss, isProxy  *sql.Stmt
	dropShares, dropProxies                    *sql.Stmt
	addLink, linkBySecret, revokeLinks         *sql.Stmt
	addNotice, noticesTo, noteAudit, auditOf   *sql.Stmt
	switched, setSwitch                        *sql.Stmt
}

const consultationColumns = `seq, appointment, encounter, patient, practitioner, slot, booked_mode, description,
	status, mode, patient_presence, practitioner_presence, stretch, segments, captured, guest, guest_presence`

// RecordingColumns are the columns that [ScanRecording] reads, in its order.
const RecordingColumns = `r.seq, r.id, r.appointment, r.encounter, r.patient, r.practitioner, r.title, r.mode, r.segment,
	r.size, r.guest`

// selectFrom and countFrom complete the condition ?1 of a listing with when the consultation ended (by ?2), in which mode it
// was (?3, if not empty), which recordings come before the page (up to ?4) and how many it may have (?5). SQLite plans a
// query by the value of a bare LIMIT parameter, and therefore plans it again whenever one is bound, which takes longer than
// the query; an expression it takes as it comes.
func selectFrom(condition string) string {
	return `SELECT ` + RecordingColumns + ` FROM recordings r WHERE ` + condition + ` AND r.ended <= ?2
		AND (?3 = '' OR r.mode = ?3) AND r.seq > ?4 ORDER BY r.seq LIMIT ?5 + 0`
}

func countFrom(condition string) string {
	return `SELECT count(*) FROM recordings r WHERE ` + condition + ` AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3)`
}

// SeenByPatient are the numbers of the recordings that the patient ?1 may see: those they are the subject or a guest of,
// those shared with them, and those of whoever made them a proxy.
const SeenByPatient = `
	SELECT seq FROM recordings WHERE patient = ?1
	UNION SELECT seq FROM recordings WHERE guest = ?1 AND guest <> ''
	UNION SELECT o.seq FROM shares s JOIN recordings o ON o.id = s.recording WHERE s.user = ?1
	UNION SELECT o.seq FROM proxies p JOIN recordings o ON o.patient = p.patient WHERE p.proxy = ?1`

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

// texts says what each statement is.
func (s *statements) texts() []preparation {
	return []preparation{
		{&s.addUser, `INSERT INTO users (id, role, name, email, password_hash, birth_date, plan, member_number)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.userByEmail, `SELECT id, role, password_hash FROM users WHERE email = ? AND closed = 0`},
		{&s.roleOf, `SELECT role FROM users WHERE id = ? AND closed = 0`},
		{&s.closeUser, `UPDATE users SET closed = 1, name = '', email = 'closed:' || id, password_hash = '',
			birth_date = '', plan = '', member_number = '' WHERE id = ?`},

		{&s.addSession, `INSERT INTO sessions (token_hash, user, role, expires) VALUES (?, ?, ?, ?)`},
		{&s.callerOf, `SELECT user, role FROM sessions WHERE token_hash = ? AND expires > ?`},
		{&s.revokeSession, `DELETE FROM sessions WHERE token_hash = ? RETURNING user`},
		{&s.revokeSessionsOf, `DELETE FROM sessions WHERE user = ?`},
		{&s.sweepSessions, `DELETE FROM sessions WHERE expires <= ?`},

		{&s.book, `INSERT INTO consultations (` + consultationColumns + `)
			VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.saveConsultation, `UPDATE consultations SET slot = ?, status = ?, mode = ?, patient_presence = ?,
			practitioner_presence = ?, guest_presence = ?, stretch = ?, segments = ?, captured = ? WHERE seq = ?`},
		{&s.byEncounter, `SELECT ` + consultationColumns + ` FROM consultations WHERE encounter = ?`},
		{&s.byAppointment, `SELECT ` + consultationColumns + ` FROM consultations WHERE appointment = ?`},
		{&s.inProgress, `SELECT EXISTS (SELECT 1 FROM consultations WHERE patient = ?1 AND status = 'in-progress')
			OR EXISTS (SELECT 1 FROM consultations WHERE guest = ?1 AND guest <> '' AND status = 'in-progress')`},
		{&s.cancelPlanned, `UPDATE consultations SET status = 'cancelled' WHERE patient = ? AND status = 'planned'`},
		{&s.dropGuest, `UPDATE consultations SET guest = '' WHERE guest = ? AND guest <> '' AND status = 'planned'`},

		{&s.openSegment, `INSERT INTO segments (id, encounter, stretch, number, mode, size) VALUES (?, ?, ?, ?, ?, 0)`},
		{&s.currentSegment, `SELECT id, size FROM segments WHERE encounter = ? AND number = ?`},
		{&s.growSegment, `UPDATE segments SET size = ? WHERE id = ?`},
		{&s.segmentsOf, `SELECT id, stretch, number, mode, size FROM segments WHERE encounter = ? ORDER BY number`},
		{&s.dropSegments, `DELETE FROM segments WHERE encounter = ?`},
		{&s.addMedia, `INSERT INTO media (segment, start, bytes) VALUES (?, ?, ?)`},
		{&s.mediaFrom, `SELECT start, bytes FROM media WHERE segment = ?1 AND start >=
			(SELECT max(start) FROM media WHERE segment = ?1 AND start <= ?2) ORDER BY start`},
		{&s.transcript, `SELECT substr(bytes, 1, ?2) FROM media WHERE segment = ?1 ORDER BY start`},
		{&s.eraseMedia, `DELETE FROM media WHERE segment = ?`},
		{&s.eraseMediaOf, `DELETE FROM media WHERE segment IN (SELECT id FROM recordings WHERE patient = ?)`},

		{&s.publish, `INSERT INTO recordings
			(id, appointment, encounter, patient, guest, practitioner, title, mode, segment, size, ended)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`},
		{&s.recordingByID, `SELECT ` + RecordingColumns + ` FROM recordings r WHERE r.id = ?`},
		{&s.erase, `DELETE FROM recordings WHERE id = ?`},
		{&s.eraseOf, `DELETE FROM recordings WHERE patient = ?`},
		{&s.ofSubject, `SELECT ` + RecordingColumns + ` FROM recordings r
			WHERE r.patient = ? AND r.ended <= ? ORDER BY r.seq`},

		{&s.visible, `SELECT ` + RecordingColumns + ` FROM recordings r
			WHERE r.id = ?1 AND r.ended <= ?3 AND ?2 <> '' AND (r.patient = ?2 OR r.practitioner = ?2 OR r.guest = ?2
				OR EXISTS (SELECT 1 FROM shares s WHERE s.recording = r.id AND s.user = ?2)
				OR EXISTS (SELECT 1 FROM proxies p WHERE p.patient = r.patient AND p.proxy = ?2))`},
		{&s.seesOthers, `SELECT EXISTS (SELECT 1 FROM recordings WHERE guest = ?1 AND guest <> '')
			OR EXISTS (SELECT 1 FROM shares WHERE user = ?1) OR EXISTS (SELECT 1 FROM proxies WHERE proxy = ?1)`},
		{&s.listSubject, selectFrom(`r.patient = ?1`)},
		{&s.countSubject, countFrom(`r.patient = ?1`)},
		{&s.listPractitioner, selectFrom(`r.practitioner = ?1`)},
		{&s.countPractitioner, countFrom(`r.practitioner = ?1`)},
		{&s.listSeen, selectFrom(`r.seq IN (` + SeenByPatient + `)`)},
		{&s.countSeen, countFrom(`r.seq IN (` + SeenByPatient + `)`)},

		{&s.share, `INSERT OR IGNORE INTO shares (recording, user) SELECT id, ?2 FROM recordings WHERE id = ?1`},
		{&s.unshare, `DELETE FROM shares WHERE recording = ? AND user = ?`},
		{&s.dropShares, `DELETE FROM shares WHERE user = ?`},
		{&s.appoint, `INSERT OR IGNORE INTO proxies (patient, proxy) VALUES (?, ?)`},
		{&s.dismiss, `DELETE FROM proxies WHERE patient = ? AND proxy = ?`},
		{&s.isProxy, `SELECT 1 FROM proxies WHERE patient = ? AND proxy = ?`},
		{&s.dropProxies, `DELETE FROM proxies WHERE patient = ?1 OR proxy = ?1`},

		{&s.addLink, `INSERT INTO links (secret_hash, id, maker, role, recording)
			SELECT ?1, ?2, ?3, ?4, id FROM recordings WHERE id = ?5`},
		{&s.linkBySecret, `SELECT id, maker, role, recording FROM links WHERE secret_hash = ?`},
		{&s.revokeLinks, `DELETE FROM links WHERE maker = ?`},

		{&s.addNotice, `INSERT INTO notices (id, recipient, recording) VALUES (?, ?, ?)`},
		{&s.noticesTo, `SELECT n.id, r.id, r.appointment, r.title FROM notices n JOIN recordings r ON r.id = n.recording
			WHERE n.recipient = ? AND r.ended <= ? ORDER BY r.seq`},

		{&s.noteAudit, `INSERT OR IGNORE INTO audit (agent, role, action, at, subject, recording)
			SELECT ?1, ?2, ?3, ?4, e.value ->> 0, e.value ->> 1 FROM json_each(?5) e`},
		{&s.auditOf, `SELECT agent, role, subject, recording, action, at FROM audit WHERE subject = ? ORDER BY at`},

		{&s.switched, `SELECT enabled FROM switches WHERE name = ?`},
		{&s.setSwitch, `INSERT INTO switches (name, enabled) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET enabled = excluded.enabled`},
	}
}
