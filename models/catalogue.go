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

// row is what is known of a kind of operation before any is performed. Only what
// a kind is not may be left out.
type row struct {
	// example is an operation of the kind with every field that it can have. Its
	// kind, its shape and what its handles are follow from it.
	example Operation
	// draw lists, in a fixed order, the well-formed operations of this kind in
	// a state: those that will be refused as well as those that will not.
	draw func(*State, Population) []Operation
	// sentence says in words what it does: see [Sentence].
	sentence string
	// path is the way by which its answer shows or changes something.
	path Path

	// shows is what its answer tells besides the outcome.
	shows Parts
	// reads is what a complete answer to a read of one recording shows of it,
	// also by a link; a range may show less. It is NotExposed for what reads none.
	reads Level
	// rows says what a listing lists.
	rows Rows
	// disposes says that it decides about a recording, which is its patient's
	// alone: it deletes or shares it.
	disposes bool
	// replays says that it replays something, and is unavailable while replays are
	// switched off.
	replays bool
	// settles says until when it is asked again within the lag that a service
	// declares.
	settles settling
	// leaves says that by it somebody is no longer in a consultation, from which on
	// the lag that a service declares is counted.
	leaves bool
	// speaks says that it sends media, whose tag has its step.
	speaks bool
	// sent says with whose credentials it is asked for.
	sent Credentials
	// ignored are the arguments that a correct service may ignore: whether they are
	// sent or not, it is asked the same.
	ignored []string
	// guardedBy is the rule that demands that it is refused to those whose it is not.
	guardedBy string
	// obstacles are all that may stand in its way, besides a token that its caller
	// lacks and replays that are switched off.
	obstacles []obstacle

	kind          Kind
	shape         string
	defines, uses Thing
}

// catalogue is the catalogue of operations, in the order in which [Kinds] lists
// them: the one place that names them all.
var catalogue = completed([]row{
	{example: Patient{Name: "alice", Age: 15, Plan: PlanNHS, Email: "bob", Like: "bob"}, draw: drawPatients,
		path: PathUser, sent: Uncredentialed, ignored: []string{"plan", "like"}, obstacles: []obstacle{underAge, addressInUse},
		sentence: "{defines} registers as a patient[, aged {age}][, insured by {plan}][, with {email}'s e-mail address][, with {like}'s name and birth date]"},
	{example: Clinician{Name: "dr1"}, draw: drawClinicians,
		path: PathUser, sent: Uncredentialed,
		sentence: "{defines} is registered as a clinician"},
	{example: Login{ByUser{"alice"}}, draw: drawByUser(func(o ByUser) Operation { return Login{o} }),
		path: PathUser, sent: Uncredentialed, obstacles: []obstacle{accountClosed, accountTaken, accountBack},
		sentence: "{actor} logs in"},
	{example: Logout{ByUser{"alice"}}, draw: drawByUser(func(o ByUser) Operation { return Logout{o} }),
		path: PathUser, obstacles: []obstacle{endedAlready},
		sentence: "{actor} logs out"},
	{example: Close{ByUser{"alice"}}, draw: drawByUser(func(o ByUser) Operation { return Close{o} }),
		path: PathUser, obstacles: []obstacle{endedAlready, ofClinician, visitRunning, visitPlanned},
		sentence: "{actor} closes the account"},
	{example: Book{Booking: "b1", User: "alice", Clinician: "dr1", Mode: Audio, Slot: 1, With: "bob"}, draw: drawBooks,
		path: PathBooking, ignored: []string{"slot"}, obstacles: []obstacle{withoutGroups, bookedByClinician, withNoClinician, unfitGuest, slotTaken},
		sentence: "{actor} books a consultation by {mode} with {clinician}[, together with {with}] ({defines}, slot {slot})"},
	{example: Reschedule{OnBooking{"alice", "b1"}, 2}, draw: drawReschedules,
		path: PathBooking, shows: ShowsEncounter, obstacles: []obstacle{notTheirVisit, guestOfAppointment, slotTaken, visitBegun, visitOver, visitCancelled},
		sentence: "{actor} moves {booking} to slot {slot}"},
	{example: Cancel{OnBooking{"alice", "b1"}}, draw: drawOnBooking(func(o OnBooking) Operation { return Cancel{o} }),
		path: PathBooking, shows: ShowsEncounter, obstacles: []obstacle{notTheirVisit, guestOfAppointment, visitBegun, visitOver, visitCancelled},
		sentence: "{actor} cancels {booking}"},
	{example: Join{OnBooking{"alice", "b1"}}, draw: drawOnBooking(func(o OnBooking) Operation { return Join{o} }),
		path: PathEncounter, shows: ShowsEncounter, obstacles: []obstacle{notTheirVisit, proxyInVisit, thereAlready, visitOver, visitCancelled},
		sentence: "{actor} joins the consultation {booking}"},
	{example: Drop{OnBooking{"alice", "b1"}}, draw: drawOnBooking(func(o OnBooking) Operation { return Drop{o} }),
		path: PathEncounter, shows: ShowsEncounter, leaves: true, obstacles: []obstacle{notTheirVisit, proxyInVisit, notThere},
		sentence: "{actor} loses the connection to {booking}"},
	{example: Speak{OnBooking{"alice", "b1"}}, draw: drawOnBooking(func(o OnBooking) Operation { return Speak{o} }),
		path: PathEncounter, shows: ShowsEncounter, speaks: true, obstacles: []obstacle{notTheirVisit, proxyInVisit, notThere},
		sentence: "{actor} speaks in {booking}"},
	{example: Switch{OnBooking{"alice", "b1"}, Video}, draw: drawSwitches,
		path: PathEncounter, shows: ShowsEncounter, guardedBy: "MODE-3", obstacles: []obstacle{notTheirVisit, proxyInVisit, notThere},
		sentence: "{actor} switches {booking} to {mode}"},
	{example: Leave{OnBooking{"alice", "b1"}}, draw: drawOnBooking(func(o OnBooking) Operation { return Leave{o} }),
		path: PathEncounter, shows: ShowsEncounter, leaves: true, obstacles: []obstacle{notTheirVisit, proxyInVisit, notThere},
		sentence: "{actor} leaves {booking}"},
	{example: End{OnBooking{"dr1", "b1"}}, draw: drawOnBooking(func(o OnBooking) Operation { return End{o} }),
		path: PathEncounter, shows: ShowsEncounter, leaves: true, obstacles: []obstacle{notTheirVisit, proxyInVisit, patientEnds, notThere},
		sentence: "{actor} ends {booking} for everybody"},
	{example: List{ByUser{"alice"}, 2, Audio}, draw: drawLists,
		path: PathList, shows: ShowsListing, rows: ReplayRows, replays: true, settles: whenComplete,
		sentence: "{actor} opens the Consultation Replays[, {limit} on a page][, {mode} only]"},
	{example: Page{ByUser{"alice"}, "c1", 1}, draw: drawPages,
		path: PathList, shows: ShowsListing, rows: PageRows, replays: true, settles: whenCounted,
		sentence: "{actor} opens the first page of the Consultation Replays, {limit} on a page ({defines})"},
	{example: Follow{ByUser{"bob"}, "c1"}, draw: drawFollows,
		path: PathPage, shows: ShowsListing, rows: PageRows, replays: true, settles: whenCounted, obstacles: []obstacle{othersCursor, ownCursor},
		// A cursor of another's may lead to the caller's own rows.
		sentence: "{actor} follows the cursor {cursor} to the next page"},
	{example: Get{OnRecording{"alice", "b1.r1"}}, draw: drawOnRecording(func(o OnRecording) Operation { return Get{o} }),
		path: PathGet, shows: ShowsRow, reads: Previewed, replays: true, settles: whenGranted, obstacles: []obstacle{noRight, deleted, binned, neverThere},
		sentence: "{actor} looks at the details of {recording}"},
	{example: Play{OnRecording{"alice", "b1.r1"}, Range{0, 100}}, draw: drawPlays,
		path: PathContent, shows: ShowsContent, reads: Obtained, replays: true, settles: whenGranted, obstacles: []obstacle{noRight, deleted, binned, neverThere, behindTheEnd},
		sentence: "{actor} plays {recording}[, bytes {range}]"},
	{example: Head{OnRecording{"alice", "b1.r1"}}, draw: drawOnRecording(func(o OnRecording) Operation { return Head{o} }),
		path: PathHead, shows: ShowsContent, reads: Previewed, replays: true, settles: whenGranted, obstacles: []obstacle{noRight, deleted, binned, neverThere},
		sentence: "{actor} asks for the size of {recording}"},
	{example: Thumb{OnRecording{"alice", "b1.r1"}}, draw: drawOnRecording(func(o OnRecording) Operation { return Thumb{o} }),
		path: PathThumb, shows: ShowsContent, reads: Previewed, replays: true, settles: whenGranted, obstacles: []obstacle{noRight, deleted, binned, neverThere},
		sentence: "{actor} looks at the thumbnail of {recording}"},
	{example: Transcript{OnRecording{"alice", "b1.r1"}}, draw: drawOnRecording(func(o OnRecording) Operation { return Transcript{o} }),
		path: PathScript, shows: ShowsContent, reads: Previewed, replays: true, settles: whenGranted, obstacles: []obstacle{noRight, deleted, binned, neverThere},
		sentence: "{actor} reads the transcript of {recording}"},
	{example: Link{OnRecording{"alice", "b1.r1"}, "l1"}, draw: drawLinks,
		path: PathLink, reads: Obtained, replays: true, settles: whenGranted, obstacles: []obstacle{noRight, deleted, binned, linkNotByPatient, neverThere},
		sentence: "{actor} makes a playback link to {recording} ({defines})"},
	{example: Open{User: "bob", Link: "l1"}, draw: drawOpens,
		path: PathLink, shows: ShowsContent, reads: Obtained, replays: true, sent: AnyCredentials, obstacles: []obstacle{linkNeedsToken, linkClosed, linkClosedToo, linkOfLoggedOut, linkUncertain},
		sentence: "{actor} opens the playback link {link}"},
	{example: Share{Sharing{OnRecording{"alice", "b1.r1"}, "bob"}}, draw: drawSharing(func(o Sharing) Operation { return Share{o} }),
		path: PathRecording, disposes: true, settles: whenGranted, obstacles: []obstacle{noRight, notTheirPatient, deletedAlready, nothingThere, closedPeer, clinicianOrSelf},
		sentence: "{actor} shares {recording} with {peer}"},
	{example: Unshare{Sharing{OnRecording{"alice", "b1.r1"}, "bob"}}, draw: drawSharing(func(o Sharing) Operation { return Unshare{o} }),
		path: PathRecording, disposes: true, settles: whenGranted, obstacles: []obstacle{noRight, notTheirPatient, deletedAlready, nothingThere, closedPeer, clinicianOrSelf},
		sentence: "{actor} no longer shares {recording} with {peer}"},
	{example: Appoint{Proxying{"alice", "bob"}}, draw: drawProxying(func(o Proxying) Operation { return Appoint{o} }),
		path: PathUser, obstacles: []obstacle{namedByClinician, closedPeer, clinicianOrSelf},
		sentence: "{actor} appoints {peer} as proxy"},
	{example: Dismiss{Proxying{"alice", "bob"}}, draw: drawProxying(func(o Proxying) Operation { return Dismiss{o} }),
		path: PathUser, obstacles: []obstacle{namedByClinician, closedPeer, clinicianOrSelf},
		sentence: "{actor} dismisses the proxy {peer}"},
	{example: Delete{OnRecording{"alice", "b1.r1"}}, draw: drawOnRecording(func(o OnRecording) Operation { return Delete{o} }),
		path: PathRecording, disposes: true, settles: whenGranted, obstacles: []obstacle{noRight, notTheirPatient, deletedAlready, nothingThere},
		sentence: "{actor} deletes {recording}"},
	{example: Export{ByUser{"alice"}}, draw: drawByUser(func(o ByUser) Operation { return Export{o} }),
		path: PathExport, shows: ShowsListing | ShowsContent, rows: ExportRows, replays: true, settles: whenComplete, obstacles: []obstacle{askedByClinician},
		sentence: "{actor} exports all data"},
	{example: Inbox{ByUser{"alice"}}, draw: drawByUser(func(o ByUser) Operation { return Inbox{o} }),
		path: PathInbox, shows: ShowsListing, rows: NoticeRows, settles: whenNoticed,
		sentence: "{actor} reads the notifications"},
	{example: Audit{ByUser{"alice"}}, draw: drawByUser(func(o ByUser) Operation { return Audit{o} }),
		path: PathAudit, shows: ShowsAudit, rows: AccessRows, obstacles: []obstacle{askedByClinician},
		sentence: "{actor} reads the audit trail"},
	{example: Replays{On: false}, draw: drawReplays,
		path: PathUser, sent: OperatorCredentials,
		sentence: "the operator switches replays {on}"},
	{example: Restart{}, draw: drawRestarts,
		path: PathUser, sent: NoRequest,
		sentence: "the service is restarted"},
})

// rowByKind finds an entry of the catalogue.
var rowByKind = indexed(catalogue)

// completed adds to rows what follows from their examples.
func completed(rows []row) []row {
	for i := range rows {
		r := &rows[i]
		shape, handles := fields{doing: shaping}, namesOf(r.example)
		r.kind, r.shape = r.example.Kind(), shape.line(r.example.fields(&shape))
		r.defines, r.uses = handles.defines, handles.uses
		r.guardedBy = r.guardian()
	}
	return rows
}

// guardian is the rule that guards what operations of the kind act on.
func (r *row) guardian() string {
	switch {
	case r.guardedBy != "":
		return r.guardedBy
	case r.uses == ABooking:
		return "BOOK-2"
	case r.uses == ARecording && r.reads != NotExposed:
		return "READ-1"
	case r.uses == ARecording:
		return "REFUSE-1"
	}
	return ""
}

func indexed(rows []row) map[Kind]*row {
	index := make(map[Kind]*row, len(rows))
	for i := range rows {
		index[rows[i].kind] = &rows[i]
	}
	return index
}

// rowOf is the row of a kind, or an empty one for an unknown kind.
func rowOf(k Kind) *row {
	if r := rowByKind[k]; r != nil {
		return r
	}
	return &row{}
}

// byRecording reports whether the operation reads a recording that it names.
func (r *row) byRecording() bool { return r.reads != NotExposed && r.uses == ARecording }

// changes reports whether the operation changes what a service knows of its users
// and their consultations, so that it can be told later if it did.
func (r *row) changes() bool { return r.rows == NoRows && r.reads == NotExposed && r.sent != NoRequest }

// onBooking reports whether the operation changes a booking or its consultation.
func (r *row) onBooking() bool { return r.uses == ABooking }
