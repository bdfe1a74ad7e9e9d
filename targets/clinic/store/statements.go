package store

const consultationColumns = `seq, appointment, encounter, patient, practitioner, slot, booked_mode, description,
	status, mode, patient_presence, practitioner_presence, stretch, segments, captured, guest, guest_presence,
	proposed, proposer, met, apart`

// RecordingColumns are the columns that [ScanRecording] reads, in its order.
const RecordingColumns = `r.seq, r.id, r.appointment, r.encounter, r.patient, r.practitioner, r.title, r.mode, r.segment,
	r.size, r.guest`

// A listing is selected and counted by a condition on ?1, completed by when the consultation ended (by ?2), in which mode it
// was (?3, if not empty), which recordings come before the page (up to ?4) and how many it may have (?5). SQLite plans a
// query by the value of a bare LIMIT parameter, and therefore plans it again whenever one is bound, which takes longer than
// the query; an expression it takes as it comes.
const (
	selectWhere = `SELECT ` + RecordingColumns + ` FROM recordings r WHERE `
	thePage     = ` AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3) AND r.seq > ?4 ORDER BY r.seq LIMIT ?5 + 0`
	countWhere  = `SELECT count(*) FROM recordings r WHERE `
	ripeOfMode  = ` AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3)`
)

// SeenByPatient are the numbers of the recordings that the patient ?1 may see: those they are the subject or a guest of,
// those shared with them, and those of whoever made them a proxy.
const SeenByPatient = `
	SELECT seq FROM recordings WHERE patient = ?1
	UNION SELECT seq FROM recordings WHERE guest = ?1 AND guest <> ''
	UNION SELECT o.seq FROM shares s JOIN recordings o ON o.id = s.recording WHERE s.user = ?1
	UNION SELECT o.seq FROM proxies p JOIN recordings o ON o.patient = p.patient WHERE p.proxy = ?1`

// The statements. Each connection prepares one when it is first asked to run it.
const (
	addUser = `INSERT INTO users (id, role, name, email, password_hash, birth_date, plan, member_number)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	userByEmail  = `SELECT id, role, password_hash FROM users WHERE email = ? AND closed = 0`
	usersByEmail = `SELECT id, role, password_hash FROM users
		WHERE closed = 0 AND (email = ?1 OR substr(email, 1, length(?1) + 1) = ?1 || ' ' COLLATE NOCASE)`
	roleOf    = `SELECT role FROM users WHERE id = ? AND closed = 0`
	closeUser = `UPDATE users SET closed = 1, name = '', email = 'closed:' || id, password_hash = '',
		birth_date = '', plan = '', member_number = '' WHERE id = ?`

	addSession       = `INSERT INTO sessions (token_hash, user, role, expires) VALUES (?, ?, ?, ?)`
	callerOf         = `SELECT user, role FROM sessions WHERE token_hash = ? AND expires > ?`
	revokeSession    = `DELETE FROM sessions WHERE token_hash = ? RETURNING user`
	revokeSessionsOf = `DELETE FROM sessions WHERE user = ?`
	endSessions      = `DELETE FROM sessions`
	sweepSessions    = `DELETE FROM sessions WHERE expires <= ?`

	book = `INSERT INTO consultations (` + consultationColumns + `)
		VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	saveConsultation = `UPDATE consultations SET slot = ?, booked_mode = ?, status = ?, mode = ?, patient_presence = ?,
		practitioner_presence = ?, guest_presence = ?, stretch = ?, segments = ?, captured = ?,
		proposed = ?, proposer = ?, met = ?, apart = ? WHERE seq = ?`
	byEncounter   = `SELECT ` + consultationColumns + ` FROM consultations WHERE encounter = ?`
	byAppointment = `SELECT ` + consultationColumns + ` FROM consultations WHERE appointment = ?`
	inProgress    = `SELECT EXISTS (SELECT 1 FROM consultations WHERE patient = ?1 AND status = 'in-progress')
		OR EXISTS (SELECT 1 FROM consultations WHERE guest = ?1 AND guest <> '' AND status = 'in-progress')`
	inProgressOf = `SELECT ` + consultationColumns + ` FROM consultations
		WHERE status = 'in-progress' AND (?1 = '' OR patient = ?1 OR guest = ?1 OR practitioner = ?1) ORDER BY seq`
	plans     = `SELECT EXISTS (SELECT 1 FROM consultations WHERE (patient = ?1 OR practitioner = ?1) AND status = 'planned')`
	plannedOf = `SELECT appointment, '', appointment, description FROM consultations
		WHERE patient = ? AND status = 'planned' ORDER BY seq`
	freeSlots = `DROP INDEX IF EXISTS slot_taken`
	sendOut   = `UPDATE consultations SET patient_presence = '', practitioner_presence = '', guest_presence = '',
		proposed = '', proposer = '' WHERE status = 'in-progress' OR status = 'planned'`
	cancelHeld    = `UPDATE consultations SET status = 'cancelled' WHERE practitioner = ? AND status = 'planned'`
	cancelPlanned = `UPDATE consultations SET status = 'cancelled' WHERE patient = ? AND status = 'planned'`
	dropGuest     = `UPDATE consultations SET guest = '' WHERE guest = ? AND guest <> '' AND status = 'planned'`

	openSegment      = `INSERT INTO segments (id, encounter, stretch, number, mode, speaker, size) VALUES (?, ?, ?, ?, ?, ?, 0)`
	currentSegment   = `SELECT id, size FROM segments WHERE encounter = ? AND number = ?`
	growSegment      = `UPDATE segments SET size = ? WHERE id = ?`
	segmentBySpeaker = `SELECT id, size, number FROM segments WHERE encounter = ? AND stretch = ? AND speaker = ?`
	segmentsOf       = `SELECT id, stretch, number, mode, size FROM segments WHERE encounter = ? ORDER BY number`
	dropSegments     = `DELETE FROM segments WHERE encounter = ?`
	dropSegment      = `DELETE FROM segments WHERE id = ?`
	addMedia         = `INSERT INTO media (segment, start, bytes) VALUES (?, ?, ?)`
	mediaFrom        = `SELECT start, bytes FROM media WHERE segment = ?1 AND start >=
		(SELECT max(start) FROM media WHERE segment = ?1 AND start <= ?2) ORDER BY start`
	transcript   = `SELECT substr(bytes, 1, ?2) FROM media WHERE segment = ?1 ORDER BY start`
	eraseMedia   = `DELETE FROM media WHERE segment = ?`
	eraseMediaOf = `DELETE FROM media WHERE segment IN (SELECT id FROM recordings WHERE patient = ?)`

	publish = `INSERT INTO recordings
		(id, appointment, encounter, patient, guest, practitioner, title, mode, segment, size, ended)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`
	grow          = `UPDATE recordings SET size = ? WHERE id = ?`
	ofEncounter   = `SELECT ` + RecordingColumns + ` FROM recordings r WHERE r.encounter = ? ORDER BY r.seq`
	recordingByID = `SELECT ` + RecordingColumns + ` FROM recordings r WHERE r.id = ?`
	erase         = `DELETE FROM recordings WHERE id = ?`
	eraseOf       = `DELETE FROM recordings WHERE patient = ?`
	ofSubject     = `SELECT ` + RecordingColumns + ` FROM recordings r
		WHERE r.patient = ? AND r.ended <= ? ORDER BY r.seq`
	ofSubjectOrShared = `SELECT ` + RecordingColumns + ` FROM recordings r
		WHERE (r.patient = ?1 OR r.id IN (SELECT recording FROM shares WHERE user = ?1)) AND r.ended <= ?2 ORDER BY r.seq`

	visible = `SELECT ` + RecordingColumns + ` FROM recordings r
		WHERE r.id = ?1 AND r.ended <= ?3 AND ?2 <> '' AND (r.patient = ?2 OR r.practitioner = ?2 OR r.guest = ?2
			OR EXISTS (SELECT 1 FROM shares s WHERE s.recording = r.id AND s.user = ?2)
			OR EXISTS (SELECT 1 FROM proxies p WHERE p.patient = r.patient AND p.proxy = ?2))`
	seesOthers = `SELECT EXISTS (SELECT 1 FROM recordings WHERE guest = ?1 AND guest <> '')
		OR EXISTS (SELECT 1 FROM shares WHERE user = ?1) OR EXISTS (SELECT 1 FROM proxies WHERE proxy = ?1)`
	listSubject       = selectWhere + `r.patient = ?1` + thePage
	countSubject      = countWhere + `r.patient = ?1` + ripeOfMode
	listPractitioner  = selectWhere + `r.practitioner = ?1` + thePage
	countPractitioner = countWhere + `r.practitioner = ?1` + ripeOfMode
	listSeen          = selectWhere + `r.seq IN (` + SeenByPatient + `)` + thePage
	countSeen         = countWhere + `r.seq IN (` + SeenByPatient + `)` + ripeOfMode
	listAny           = selectWhere + `(r.practitioner = ?1 OR r.seq IN (` + SeenByPatient + `))` + thePage
	countAny          = countWhere + `(r.practitioner = ?1 OR r.seq IN (` + SeenByPatient + `))` + ripeOfMode

	share       = `INSERT OR IGNORE INTO shares (recording, user) SELECT id, ?2 FROM recordings WHERE id = ?1`
	unshare     = `DELETE FROM shares WHERE recording = ? AND user = ?`
	dropShares  = `DELETE FROM shares WHERE user = ?`
	appoint     = `INSERT OR IGNORE INTO proxies (patient, proxy) VALUES (?, ?)`
	dismiss     = `DELETE FROM proxies WHERE patient = ? AND proxy = ?`
	isProxy     = `SELECT 1 FROM proxies WHERE patient = ? AND proxy = ?`
	dropProxies = `DELETE FROM proxies WHERE patient = ?1 OR proxy = ?1`

	offerShare    = `INSERT OR IGNORE INTO offered_shares (recording, user) SELECT id, ?2 FROM recordings WHERE id = ?1`
	offerProxy    = `INSERT OR IGNORE INTO offered_proxies (patient, proxy) VALUES (?, ?)`
	takeShares    = `INSERT OR IGNORE INTO shares (recording, user) SELECT recording, user FROM offered_shares WHERE user = ?`
	takeProxies   = `INSERT OR IGNORE INTO proxies (patient, proxy) SELECT patient, proxy FROM offered_proxies WHERE proxy = ?`
	dropOffer     = `DELETE FROM offered_shares WHERE recording = ? AND user = ?`
	dropOffers    = `DELETE FROM offered_shares WHERE user = ?`
	dropProxying  = `DELETE FROM offered_proxies WHERE patient = ? AND proxy = ?`
	dropProxyings = `DELETE FROM offered_proxies WHERE patient = ?1 OR proxy = ?1`
	tookProxies   = `DELETE FROM offered_proxies WHERE proxy = ?`

	addLink = `INSERT INTO links (secret_hash, id, maker, role, recording)
		SELECT ?1, ?2, ?3, ?4, id FROM recordings WHERE id = ?5`
	linkBySecret = `SELECT id, maker, role, recording FROM links WHERE secret_hash = ?`
	revokeLinks  = `DELETE FROM links WHERE maker = ?`

	addNotice = `INSERT INTO notices (id, recipient, recording) VALUES (?, ?, ?)`
	noticesTo = `SELECT n.id, r.id, r.appointment, r.title FROM notices n JOIN recordings r ON r.id = n.recording
		WHERE n.recipient = ? AND r.ended <= ? ORDER BY r.seq`

	keepNotice  = `INSERT INTO kept_notices (id, recipient, recording, appointment, title) VALUES (?, ?, ?, ?, ?)`
	keptNotices = `SELECT id, recording, appointment, title FROM kept_notices WHERE recipient = ? ORDER BY rowid`

	noteDeleted = `INSERT OR IGNORE INTO deleted (recording, patient) VALUES (?, ?)`
	wasDeleted  = `SELECT EXISTS (SELECT 1 FROM deleted WHERE recording = ? AND patient = ?)`

	noteAudit = `INSERT OR IGNORE INTO audit (agent, role, action, at, subject, recording)
		SELECT ?1, ?2, ?3, ?4, e.value ->> 0, e.value ->> 1 FROM json_each(?5) e`
	auditBy = `SELECT agent, role, subject, recording, action, at FROM audit WHERE agent = ? ORDER BY at`
	auditOf = `SELECT agent, role, subject, recording, action, at FROM audit WHERE subject = ? ORDER BY at`

	switched  = `SELECT enabled FROM switches WHERE name = ?`
	setSwitch = `INSERT INTO switches (name, enabled) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET enabled = excluded.enabled`
)
