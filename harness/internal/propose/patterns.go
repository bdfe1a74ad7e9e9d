package propose

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// A pattern says how requests that perform operations of a kind look.
type pattern struct {
	kind models.Kind
	// ways are how such a request may be made; the best that fits counts.
	ways []way
	// verbs are words of operationId and summary; nouns are what it is done to.
	verbs string
	nouns string
	// never are words of the path and the operationId that speak against it.
	never string
	// hint adds to the score what the bodies say; nil for nothing.
	hint func(*document, *endpoint, outline) int
	// example is how the operation might look, as YAML on one line.
	example string
	// means says what the operation is, and absent when it is left out, for the
	// vendor's guide; without says which rules miss it where no rule needs it.
	means, absent, without string
}

// at says where in the paths of a document a way is looked for.
type at string

const (
	collection at = "collection" // the resource of a role: POST /patients
	nested     at = "nested"     // that of what has recordings, listed with them: GET /visits
	item       at = "item"       // one of them: DELETE /recordings/{id}
	under      at = "under"      // what belongs to one: POST /encounters/{id}/join
	top        at = "top"        // what belongs to none: POST /login
	update     at = "update"     // one of them, with a property: PATCH /visits/{id}
	selected   at = "selected"   // POST /users with the role that is to be created
)

// A way is a method at a place.
type way struct {
	methods string // the best first
	at      at
	on      role
	words   string // of the path, the best first; of an update, the class of the property
	value   string // of an update of the status: the status
}

// needed are the kinds without which little can be found, in the order in which
// the file has them.
func needed() []models.Kind {
	return []models.Kind{models.KindPatient, models.KindClinician, models.KindLogin, models.KindBook, models.KindJoin,
		models.KindSpeak, models.KindSwitch, models.KindLeave, models.KindList, models.KindGet, models.KindPlay}
}

// patterns has an entry for every kind.
var patterns = []pattern{
	{
		kind:  models.KindPatient,
		ways:  []way{{"POST", collection, patient, "", ""}, {"POST", selected, patient, "", ""}, {"POST PUT", top, nothing, "register signup registration enroll enrolment", ""}},
		verbs: "create register signup add enroll new", nouns: wordsFor(patient),
		never: "login search proxy " + wordsFor(clinician), hint: hasCredentials,
		example: `{as: anyone, method: POST, path: /patients, json: {name: "{{.name}}", email: "{{.email}}", password: "{{.password}}", birthDate: "{{.birth_date}}"}, capture: {id: .id, token: .token}}`,
		means:   "**register a patient**, capture the id and the token", absent: "never; a test system may need a way to register without a confirmation mail",
		without: "all that know a patient",
	},
	{
		kind:  models.KindClinician,
		ways:  []way{{"POST", collection, clinician, "", ""}, {"POST", selected, clinician, "", ""}},
		verbs: "create register signup add invite new", nouns: wordsFor(clinician),
		never: "login search", hint: hasCredentials,
		example: `{as: operator, method: POST, path: /clinicians, json: {name: "{{.name}}", email: "{{.email}}", password: "{{.password}}"}, capture: {id: .id, token: .token}}`,
		means:   "**register a clinician**, often as the operator", absent: "never",
		without: "all with a consultation",
	},
	{
		kind:  models.KindLogin,
		ways:  []way{{"POST", top, nothing, "login signin session token authenticate authentication auth", ""}},
		verbs: "login signin authenticate log", nouns: "session token login",
		never: "register signup logout refresh revoke signout verify reset link " + operatorWords, hint: asksPassword,
		example: `{as: anyone, method: POST, path: /login, json: {email: "{{.actor.email}}", password: "{{.actor.password}}"}, capture: {token: .token}}`,
		means:   "**log in** again, capture the new token", absent: "registering gives the only token",
		without: "AUTH-1, after `logout`",
	},
	{
		kind:  models.KindLogout,
		ways:  []way{{"POST DELETE GET", top, nothing, "logout signout revoke", ""}, {"DELETE", top, nothing, "session token login", ""}},
		verbs: "logout signout revoke out", nouns: "session token",
		never:   "login refresh link",
		example: `{method: POST, path: /logout}`,
		means:   "revoke the token", absent: "tokens cannot be revoked",
	},
	{
		kind:  models.KindClose,
		ways:  []way{{"DELETE", top, nothing, "account me profile user patient", ""}, {"DELETE", item, patient, "", ""}, {"POST", top, nothing, "deactivate close erase", ""}},
		verbs: "close erase deactivate delete remove", nouns: "account profile " + wordsFor(patient),
		never:   "session token recording logout",
		example: `{method: DELETE, path: /account}`,
		means:   "erase the own account", absent: "there is no such request",
	},
	{
		kind:  models.KindBook,
		ways:  []way{{"POST PUT", collection, booking, "", ""}, {"POST", top, nothing, "book reserve", ""}},
		verbs: "create book reserve schedule request new", nouns: wordsFor(booking),
		never: "cancel search slot available reschedule", hint: asksBooking,
		example: `{method: POST, path: /appointments, json: {clinician: "{{.clinician.id}}", slot: "{{.slot}}", mode: "{{.mode}}", reason: "{{.title}}"}, capture: {id: .id}}`,
		means:   "**book an appointment**, send `{{.title}}`, capture the id", absent: "never",
	},
	{
		kind: models.KindReschedule,
		ways: []way{{"POST PUT PATCH", under, meeting, "reschedule rescheduling move postpone slot schedule time", ""},
			{"PATCH PUT", update, booking, classSlot, ""}},
		verbs: "reschedule move postpone", nouns: wordsFor(booking), never: "cancel join",
		example: `{method: POST, path: "/appointments/{{.booking.id}}/reschedule", json: {slot: "{{.slot}}"}}`,
		means:   "move an appointment to another slot", absent: "slots are fixed",
		without: "none alone; makes BOOK-1 and BOOK-2 stronger",
	},
	{
		kind: models.KindCancel,
		ways: []way{{"POST PUT PATCH DELETE", under, meeting, "cancel cancellation", ""},
			{"DELETE", item, booking, "", ""}, {"PATCH PUT", update, booking, classStatus, "cancelled"}},
		verbs: "cancel", nouns: wordsFor(booking), never: "reschedule",
		example: `{method: POST, path: "/appointments/{{.booking.id}}/cancel"}`,
		means:   "cancel an appointment", absent: "there is no such request",
		without: "none alone; makes BOOK-1 and BOOK-2 stronger",
	},
	{
		kind: models.KindJoin,
		ways: []way{{"POST PUT", under, meeting, "join enter start connect attend admission participant attendee begin", ""},
			{"POST", collection, encounter, "", ""}, {"PATCH PUT", update, meeting, classStatus, "in-progress"}},
		verbs: "join enter start connect attend begin", nouns: wordsFor(meeting), never: "leave drop recording link",
		example: `{method: POST, path: "/appointments/{{.booking.id}}/join"}`,
		means:   "**enter the consultation**", absent: "never",
		without: "all with a consultation",
	},
	{
		kind:  models.KindDrop,
		ways:  []way{{"POST PUT", under, meeting, "drop disconnect disconnection disconnected interrupt", ""}},
		verbs: "drop disconnect interrupt", nouns: wordsFor(meeting), never: "reconnect",
		example: `{method: POST, path: "/appointments/{{.booking.id}}/drop"}`,
		means:   "lose the connection without leaving", absent: "nobody can tell the service so",
	},
	{
		kind: models.KindSpeak,
		ways: []way{{"POST PUT PATCH", under, meeting, "media chunk upload stream audio video recording segment content", ""},
			{"POST PUT", collection, recording, "", ""}},
		verbs: "speak send upload append stream push publish", nouns: "media chunk stream segment " + wordsFor(recording),
		never: "mode switch token join link share start stop", hint: asksMedia,
		example: `{method: POST, path: "/appointments/{{.booking.id}}/media", raw: "{{.media}}", type: application/octet-stream}`,
		means:   "**send media**: `{{.media}}`", absent: "media goes by WebRTC alone: let your recorder take an upload in the test system",
	},
	{
		kind: models.KindSwitch,
		ways: []way{{"PUT POST PATCH", under, meeting, "mode switch upgrade modality channel medium escalate type camera video", ""},
			{"PATCH PUT", update, meeting, classMode, ""}},
		verbs: "switch mode upgrade escalate change", nouns: "mode " + wordsFor(meeting), never: "slot recording", hint: asksMode,
		example: `{method: PUT, path: "/appointments/{{.booking.id}}/mode", json: {mode: "{{.mode}}"}}`,
		means:   "**switch between audio and video**", absent: "the mode cannot be changed",
	},
	{
		kind: models.KindLeave,
		ways: []way{{"POST PUT", under, meeting, "leave exit hangup depart", ""},
			{"DELETE", under, meeting, "join participant attendee participation", ""},
			{"DELETE", under, booking, "visit meeting call encounter room conference consultation session", ""}, {"PATCH PUT", update, meeting, classStatus, "completed"}},
		verbs: "leave exit hangup depart", nouns: wordsFor(meeting), never: "end", hint: leavesWhatIsEntered,
		example: `{method: POST, path: "/appointments/{{.booking.id}}/leave"}`,
		means:   "**leave**; the last to leave completes the consultation", absent: "only `end` ends it",
		without: "all with a recording",
	},
	{
		kind: models.KindEnd,
		ways: []way{{"POST PUT", under, meeting, "end finish complete completion close terminate stop", ""},
			{"PATCH PUT", update, meeting, classStatus, "completed"}},
		verbs: "end finish complete terminate close", nouns: wordsFor(meeting), never: "recording",
		example: `{as: clinician, method: POST, path: "/appointments/{{.booking.id}}/end"}`,
		means:   "end the consultation for everybody", absent: "`leave` ends it",
	},
	{
		kind:  models.KindList,
		ways:  []way{{"GET", collection, recording, "", ""}, {"GET", nested, recording, "", ""}, {"GET POST", top, nothing, "replay recording playback", ""}},
		verbs: "list search find get all", nouns: wordsFor(recording),
		never: "export audit notification upload", hint: answersRows,
		example: `{path: /recordings, query: {limit: "{{.limit}}", cursor: "{{.cursor}}", mode: "{{.mode}}"}, rows: ".items[]", next: .next}`,
		means:   "**list the replays**, all pages", absent: "never",
	},
	{
		kind: models.KindPage, example: `{path: /recordings, query: {limit: "{{.limit}}"}, rows: ".items[]", next: .next}`,
		means: "the first page, and its cursor", absent: "always: comes from `list`, where that has `next`",
		without: "none alone; makes LIST-3 stronger",
	},
	{
		kind: models.KindFollow, example: `{path: /recordings, query: {cursor: "{{.cursor}}"}, rows: ".items[]", next: .next}`,
		means: "the page behind a cursor, perhaps another's", absent: "always: comes from `list`, where that has `next`",
		without: "none alone; makes LIST-3 stronger",
	},
	{
		kind:  models.KindGet,
		ways:  []way{{"GET", item, recording, "", ""}, {"GET", under, recording, "metadata detail info", ""}},
		verbs: "get read show fetch retrieve", nouns: wordsFor(recording), hint: answersNoBytes,
		example: `{path: "/recordings/{{.recording.id}}", row: .}`,
		means:   "a recording's metadata", absent: "there is none",
	},
	{
		kind: models.KindPlay,
		ways: []way{{"GET", under, recording, "content media play playback stream file download video audio data", ""},
			{"GET", item, recording, "", ""}},
		verbs: "play stream download watch content", nouns: "content media " + wordsFor(recording), hint: answersMedia,
		never:   "thumbnail thumb transcript preview caption",
		example: `{path: "/recordings/{{.recording.id}}/content", range: header}`,
		means:   "**the recording's bytes**", absent: "never",
	},
	{
		kind: models.KindHead,
		ways: []way{{"HEAD", under, recording, "content media play playback stream file download video audio data", ""},
			{"HEAD", item, recording, "", ""}},
		verbs: "head", nouns: wordsFor(recording), never: "thumbnail transcript",
		example: `{method: HEAD, path: "/recordings/{{.recording.id}}/content"}`,
		means:   "HEAD of the bytes", absent: "HEAD is not answered",
	},
	{
		kind:  models.KindThumb,
		ways:  []way{{"GET", under, recording, "thumbnail thumb preview poster still snapshot image", ""}},
		verbs: "preview", nouns: "thumbnail thumb poster snapshot preview",
		example: `{path: "/recordings/{{.recording.id}}/thumbnail"}`,
		means:   "the thumbnail", absent: "there is none",
	},
	{
		kind:  models.KindTranscript,
		ways:  []way{{"GET", under, recording, "transcript transcription caption subtitle text vtt", ""}},
		verbs: "transcribe", nouns: "transcript transcription caption subtitle",
		example: `{path: "/recordings/{{.recording.id}}/transcript", content: .text}`,
		means:   "the transcript", absent: "there is none",
	},
	{
		kind: models.KindLink,
		ways: []way{{"POST GET PUT", under, recording, "link url signed playback permalink token", ""},
			{"POST", collection, link, "", ""}},
		verbs: "link create sign", nouns: "link url permalink", never: "thumbnail open", hint: givesLink,
		example: `{method: POST, path: "/recordings/{{.recording.id}}/links", capture: {secret: .path}}`,
		means:   "make a playback link", absent: "there are none",
	},
	{
		kind:  models.KindOpen,
		ways:  []way{{"GET", item, link, "", ""}, {"GET", under, link, "content play media open", ""}},
		verbs: "open play", nouns: "link permalink", hint: answersMedia,
		example: `{path: "{{.link.secret}}"}`,
		means:   "open a playback link", absent: "there are none",
	},
	{
		kind:  models.KindShare,
		ways:  []way{{"PUT POST", under, recording, "share sharing grant access permission viewer", ""}, {"POST", top, nothing, "share grant", ""}},
		verbs: "share grant", nouns: wordsFor(recording), never: "unshare revoke link", hint: namesPeer,
		example: `{method: PUT, path: "/recordings/{{.recording.id}}/shares/{{.peer.id}}"}`,
		means:   "let another patient see a recording", absent: "there is no sharing",
		without: "none alone; makes LIST-1 and READ-1 stronger",
	},
	{
		kind:  models.KindUnshare,
		ways:  []way{{"DELETE", under, recording, "share sharing grant access permission viewer", ""}, {"POST", under, recording, "unshare revoke", ""}},
		verbs: "unshare revoke", nouns: wordsFor(recording), never: "link", hint: namesPeer,
		example: `{method: DELETE, path: "/recordings/{{.recording.id}}/shares/{{.peer.id}}"}`,
		means:   "take that back", absent: "there is no sharing",
		without: "none alone; makes LIST-1, READ-1 and LINK-1 stronger",
	},
	{
		kind:  models.KindAppoint,
		ways:  []way{{"PUT POST", top, nothing, "proxy delegate representative carer caregiver guardian delegation", ""}},
		verbs: "appoint delegate add authorize", nouns: "proxy delegate representative carer guardian", hint: namesPeer,
		never:   "dismiss remove",
		example: `{method: PUT, path: "/proxies/{{.peer.id}}"}`,
		means:   "make another patient the proxy", absent: "there are no proxies",
	},
	{
		kind:  models.KindDismiss,
		ways:  []way{{"DELETE", top, nothing, "proxy delegate representative carer caregiver guardian delegation", ""}},
		verbs: "dismiss remove revoke", nouns: "proxy delegate representative carer guardian", hint: namesPeer,
		example: `{method: DELETE, path: "/proxies/{{.peer.id}}"}`,
		means:   "end that", absent: "there are no proxies",
	},
	{
		kind:  models.KindDelete,
		ways:  []way{{"DELETE", item, recording, "", ""}, {"POST", under, recording, "delete erase remove", ""}},
		verbs: "delete erase remove destroy", nouns: wordsFor(recording),
		example: `{method: DELETE, path: "/recordings/{{.recording.id}}"}`,
		means:   "delete a recording", absent: "recordings cannot be deleted",
	},
	{
		kind:  models.KindExport,
		ways:  []way{{"GET POST", top, nothing, "export takeout download everything dump", ""}},
		verbs: "export takeout download", nouns: "export " + wordsFor(recording), never: "audit",
		example: `{path: /export, rows: ".recordings[]", content: {jq: ".recordings[].content", base64: true}}`,
		means:   "all data of the caller", absent: "there is none",
		without: "none alone; LIST-1 and LIST-2 hold for it",
	},
	{
		kind:  models.KindInbox,
		ways:  []way{{"GET", top, nothing, "notification inbox notice alert message", ""}},
		verbs: "list", nouns: "notification inbox notice alert message", hint: answersRows, never: "setting preference unread",
		example: `{path: /notifications, rows: ".items[]", row: {id: .recording, title: .title}}`,
		means:   "notifications", absent: "there are none",
		without: "none alone; LIST-1 holds for it",
	},
	{
		kind:  models.KindAudit,
		ways:  []way{{"GET", top, nothing, "audit trail access auditevent auditlog activity", ""}},
		verbs: "list audit", nouns: "audit trail access", hint: answersRows,
		example: `{path: /audit, rows: ".items[]", access: {who: .agent, whose: .subject, recording: .recording, level: .action}}`,
		means:   "who was shown the caller's recordings", absent: "patients cannot read it",
	},
	{
		kind:  models.KindReplays,
		ways:  []way{{"PUT POST PATCH", top, nothing, "replay feature flag kill toggle playback setting", ""}},
		verbs: "switch toggle enable disable set", nouns: "replay feature setting", hint: asksSwitch,
		never:   "upload",
		example: `{as: operator, method: PUT, path: /operator/replays, json: {enabled: "{{.on}}"}}`,
		means:   "the operator's switch for all replays", absent: "there is no kill switch, or others use the test system",
	},
	{
		kind:    models.KindRestart,
		ways:    []way{{"POST PUT", top, nothing, "restart reboot", ""}},
		verbs:   "restart reboot",
		example: `{http: {method: POST, path: /restart, as: operator}}`,
		means:   "stop and start the service", absent: "always: it is `target.restart`, not a request",
	},
}

// patternOf is the entry of a kind.
func patternOf(k models.Kind) *pattern {
	for i := range patterns {
		if patterns[i].kind == k {
			return &patterns[i]
		}
	}
	return nil
}
