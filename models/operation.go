package models

// Kind names an operation: the verb of its line in a trace.
type Kind string

// The kinds of operation.
const (
	KindPatient    Kind = "patient"
	KindClinician  Kind = "clinician"
	KindLogin      Kind = "login"
	KindLogout     Kind = "logout"
	KindClose      Kind = "close"
	KindBook       Kind = "book"
	KindReschedule Kind = "reschedule"
	KindCancel     Kind = "cancel"
	KindJoin       Kind = "join"
	KindDrop       Kind = "drop"
	KindSpeak      Kind = "speak"
	KindSwitch     Kind = "switch"
	KindLeave      Kind = "leave"
	KindEnd        Kind = "end"
	KindList       Kind = "list"
	KindPage       Kind = "page"
	KindFollow     Kind = "follow"
	KindGet        Kind = "get"
	KindPlay       Kind = "play"
	KindHead       Kind = "head"
	KindThumb      Kind = "thumb"
	KindTranscript Kind = "transcript"
	KindLink       Kind = "link"
	KindOpen       Kind = "open"
	KindShare      Kind = "share"
	KindUnshare    Kind = "unshare"
	KindAppoint    Kind = "appoint"
	KindDismiss    Kind = "dismiss"
	KindDelete     Kind = "delete"
	KindExport     Kind = "export"
	KindInbox      Kind = "inbox"
	KindAudit      Kind = "audit"
	KindReplays    Kind = "replays"
	KindRestart    Kind = "restart"
)

// An Operation is one line of a trace. The set is closed: each kind is a small
// comparable struct in the file of what it acts on (users, bookings,
// consultations, replays, links, sharing, ...), which knows how to print and rename itself, what a
// correct service answers to it, and what the model knows afterwards.
type Operation interface {
	// Kind is the operation's verb.
	Kind() Kind
	// Actor is who performs it, or empty for a registration.
	Actor() Handle
	// Defines is the handle it introduces, or empty.
	Defines() Handle
	// Uses is the booking, recording, link or cursor it acts on, or for a booking
	// the clinician; empty where it needs nobody but its actor.
	Uses() Handle
	// Whom is another user whom it names besides, or empty.
	Whom() Handle
	// Arguments are what else it was told, in the order of its [Shape].
	Arguments() []Argument
	// Rename returns the operation with f applied to every handle; of a
	// recording's handle f sees the booking.
	Rename(f func(Handle) Handle) Operation
	// String is the operation's line in a trace.
	String() string

	// expect says what a correct service answers in state s.
	expect(s *State, step int) Response
	// step records in s, which it may change, that r was answered.
	step(s *State, step int, r Response)
}

// Call is an operation at its place in a trace. Step counts from 1 and is the
// [Tag.Moment] of what is spoken.
type Call struct {
	Step int
	Op   Operation
}

// Population bounds who and what a drawn trace may bring into being.
type Population struct {
	Patients, Clinicians, Slots int
}

// verb is an entry of the catalogue of operations.
type verb struct {
	kind Kind
	// shape shows how the operation is written.
	shape string
	parse func(*reader) Operation
	// draw lists, in a fixed order, the well-formed operations of this kind in
	// a state: those that will be refused as well as those that will not.
	draw func(*State, Population) []Operation
	// shows is what its answer tells besides the outcome.
	shows Parts
}

// showing says what the answer tells.
func (v verb) showing(p Parts) verb {
	v.shows = p
	return v
}

// catalogue returns the operations in the order in which [Kinds] lists them.
// It is the one place that names them all.
func catalogue() []verb {
	return []verb{
		{KindPatient, "alice = patient(age=15, plan=nhs|bupa|private, email=bob, like=bob)", parsePatient, drawPatients, 0},
		{KindClinician, "dr1 = clinician()", parseClinician, drawClinicians, 0},
		byUser(KindLogin, "alice.login()", func(o ByUser) Operation { return Login{o} }),
		byUser(KindLogout, "alice.logout()", func(o ByUser) Operation { return Logout{o} }),
		byUser(KindClose, "alice.close()", func(o ByUser) Operation { return Close{o} }),
		{KindBook, "b1 = alice.book(dr1, audio|video, slot=1, with=bob)", parseBook, drawBooks, 0},
		{KindReschedule, "alice.reschedule(b1, slot=2)", parseReschedule, drawReschedules, ShowsEncounter},
		onBooking(KindCancel, "alice.cancel(b1)", func(o OnBooking) Operation { return Cancel{o} }),
		onBooking(KindJoin, "alice.join(b1)", func(o OnBooking) Operation { return Join{o} }),
		onBooking(KindDrop, "alice.drop(b1)", func(o OnBooking) Operation { return Drop{o} }),
		onBooking(KindSpeak, "alice.speak(b1)", func(o OnBooking) Operation { return Speak{o} }),
		{KindSwitch, "alice.switch(b1, video|audio)", parseSwitch, drawSwitches, ShowsEncounter},
		onBooking(KindLeave, "alice.leave(b1)", func(o OnBooking) Operation { return Leave{o} }),
		onBooking(KindEnd, "dr1.end(b1)", func(o OnBooking) Operation { return End{o} }),
		{KindList, "alice.list(limit=2, mode=audio|video)", parseList, drawLists, ShowsListing},
		{KindPage, "c1 = alice.page(limit=1)", parsePage, drawPages, ShowsListing},
		{KindFollow, "bob.follow(c1)", parseFollow, drawFollows, ShowsListing},
		onRecording(KindGet, "alice.get(b1.r1)", func(o OnRecording) Operation { return Get{o} }).showing(ShowsRow),
		{KindPlay, "alice.play(b1.r1, range=0-99)", parsePlay, drawPlays, ShowsContent},
		onRecording(KindHead, "alice.head(b1.r1)", func(o OnRecording) Operation { return Head{o} }).showing(ShowsContent),
		onRecording(KindThumb, "alice.thumb(b1.r1)", func(o OnRecording) Operation { return Thumb{o} }).showing(ShowsContent),
		onRecording(KindTranscript, "alice.transcript(b1.r1)", func(o OnRecording) Operation { return Transcript{o} }).showing(ShowsContent),
		{KindLink, "l1 = alice.link(b1.r1)", parseLink, drawLinks, 0},
		{KindOpen, "bob.open(l1)", parseOpen, drawOpens, ShowsContent},
		withPeer(KindShare, "alice.share(b1.r1, bob)", func(o Sharing) Operation { return Share{o} }),
		withPeer(KindUnshare, "alice.unshare(b1.r1, bob)", func(o Sharing) Operation { return Unshare{o} }),
		ofProxy(KindAppoint, "alice.appoint(bob)", func(o Proxying) Operation { return Appoint{o} }),
		ofProxy(KindDismiss, "alice.dismiss(bob)", func(o Proxying) Operation { return Dismiss{o} }),
		onRecording(KindDelete, "alice.delete(b1.r1)", func(o OnRecording) Operation { return Delete{o} }),
		byUser(KindExport, "alice.export()", func(o ByUser) Operation { return Export{o} }).showing(ShowsListing | ShowsContent),
		byUser(KindInbox, "alice.inbox()", func(o ByUser) Operation { return Inbox{o} }).showing(ShowsListing),
		byUser(KindAudit, "alice.audit()", func(o ByUser) Operation { return Audit{o} }).showing(ShowsAudit),
		{KindReplays, "operator.replays(off|on)", parseReplays, drawReplays, 0},
		{KindRestart, "service.restart()", parseRestart, drawRestarts, 0},
	}
}

// verbs is the catalogue, and verbByKind finds an entry of it.
var (
	verbs      = catalogue()
	verbByKind = indexVerbs(verbs)
)

func indexVerbs(all []verb) map[Kind]*verb {
	index := make(map[Kind]*verb, len(all))
	for i := range all {
		index[all[i].kind] = &all[i]
	}
	return index
}

// Kinds lists every kind of operation, in a fixed order.
func Kinds() []Kind {
	out := make([]Kind, len(verbs))
	for i, v := range verbs {
		out[i] = v.kind
	}
	return out
}

// Shape shows how operations of kind k are written, or "" for an unknown kind.
func Shape(k Kind) string {
	if v := verbByKind[k]; v != nil {
		return v.shape
	}
	return ""
}

// Parts are parts of a [Response], as a set.
type Parts uint8

// The parts of a response.
const (
	ShowsEncounter Parts = 1 << iota
	ShowsListing
	ShowsRow
	ShowsContent
	ShowsAudit
)

// Has reports whether the set has all of some parts.
func (p Parts) Has(some Parts) bool { return p&some == some }

// Shows says which parts a complete answer to operations of kind k has where
// they succeed.
func Shows(k Kind) Parts {
	if v := verbByKind[k]; v != nil {
		return v.shows
	}
	return 0
}
