package care

// Choices are what a service may do otherwise than the reference clinic and be right all the same: each shows nobody
// another's recording, and loses none of a completed consultation but those that it says are not made. The zero value is
// the reference clinic. Names are given in [github.com/telehealth-conformance/crosstalk/targets/clinic/rightful].
type Choices struct {
	// Appointments.

	Slots           Slots      // how many appointments a practitioner's slot has
	SharedAddresses bool       // several people may register with one e-mail address; their passwords tell them apart
	CliniciansBook  bool       // practitioners are patients of other practitioners, too
	Cancelling      Cancelling // what cancelling a consultation in progress does, and who may cancel
	Moving          Moving     // which appointments can be moved, besides those planned

	// Presence.

	PractitionerStarts bool        // whoever joins before the practitioner waits
	DropLeaves         bool        // a lost connection is a departure
	CompletedBy        CompletedBy // whose departure completes an encounter
	Rejoining          Rejoining   // what joining a completed encounter does
	EndsFromOutside    bool        // the practitioner need not be there to end an encounter
	MediaFromOutside   bool        // participants need not be there to be recorded
	SwitchBefore       bool        // a switch before the encounter changes what is booked
	SwitchFromOutside  bool        // participants need not be there to switch
	SwitchTakes        SwitchTakes // when and for whom a switch takes effect

	// Recordings.

	Cut       Cut      // where one recording ends and the next begins
	Numbers   Numbers  // how the recordings of an encounter are numbered
	Label     Label    // which mode a recording is said to have
	Recorded  Recorded // what is recorded of an encounter
	Listed    Listed   // when a recording is there
	EmptyRows bool     // a stretch without media leaves an empty recording

	// Reading.

	Totals       Totals // what a listing says of its length
	NewestFirst  bool   // listings begin with what was recorded last
	FixedPages   bool   // pages have the size the service likes
	RangeIgnored bool   // a range behind the end of a recording is answered with the whole
	Export       Export // what an export holds
	Inbox        Inbox  // what an inbox holds

	// People.

	Named             Named            // whom patients may share with and appoint
	GrantsFromLogin   bool             // a share or a proxy counts from when the other has logged in next
	Closing           Closing          // what closing an account does while something is planned or in progress
	ForPractitioners  ForPractitioners // what export and audit trail practitioners have
	PractitionersQuit bool             // practitioners may close their accounts
	SessionsEnd       bool             // all sessions end when the service is stopped
	Restart           Restart          // what becomes of encounters in progress when the service is stopped
	RepeatsDone       bool             // to ask for what is so already is answered as done
}

// Slots says how many appointments a slot of a practitioner's has.
type Slots string

// The choices for slots.
const (
	SeveralInASlot Slots = "several" // any number
	NoSlots        Slots = "none"    // there are no slots: one that is named means nothing
)

// Cancelling says what cancelling does.
type Cancelling string

// The choices for cancelling.
const (
	CancelEnds          Cancelling = "ends"         // cancelling an encounter in progress completes it
	PractitionerCancels Cancelling = "practitioner" // only the practitioner may cancel
)

// Moving says which appointments can be moved, besides those planned.
type Moving string

// The choices for moving.
const (
	MovedInProgress Moving = "in-progress" // those whose encounter is in progress, which goes on
	MovedCancelled  Moving = "cancelled"   // those that were cancelled, which are planned again
)

// CompletedBy says whose departure completes an encounter; [Consultation.End] always does.
type CompletedBy string

// The choices for completing.
const (
	AnyDeparture          CompletedBy = "any"
	PractitionerDeparture CompletedBy = "practitioner"
	NoDeparture           CompletedBy = "none"
)

// Rejoining says what joining a completed encounter does.
type Rejoining string

// The choices for rejoining.
const (
	GoesOn   Rejoining = "goes-on"   // it goes on as it was
	NewVisit Rejoining = "new-visit" // it begins anew, in the mode that was booked
)

// SwitchTakes says when and for whom a switch takes effect.
type SwitchTakes string

// The choices for switches.
const (
	WhenAccepted SwitchTakes = "accepted" // when another who is there asks for the same; at once for who is alone
	ForCaller    SwitchTakes = "caller"   // at once, for the caller alone: what is recorded goes on as it was
)

// Cut says where one recording ends and the next begins.
type Cut string

// The choices for cutting.
const (
	NotCut          Cut = "never"
	CutAtConnection Cut = "connection" // whenever somebody joins, and at each switch
	CutBySpeaker    Cut = "speaker"    // a recording for each who spoke in a stretch
	CutByLength     Cut = "length"     // when a recording has [MaxLength] bytes, and at each switch
	CutAtAnySwitch  Cut = "any-switch" // at each switch, to the mode it has already, too
)

// MaxLength is how long a recording gets that is cut by its length, in bytes: nothing is added to one as long as that.
const MaxLength = 512

// Numbers says how the recordings of an encounter are numbered.
type Numbers string

// The choices for numbers.
const (
	AllStretches Numbers = "stretches" // stretches without media count
	FromZero     Numbers = "zero"
	NoNumbers    Numbers = "none"
)

// Label says which mode a recording is said to have.
type Label string

// The choices for labels.
const (
	LabelBooked Label = "booked" // that of the appointment
	LabelLast   Label = "last"   // that in which the encounter ended
	LabelFile   Label = "file"   // none: its content type says what kind of file it is
)

// Recorded says what is recorded of an encounter.
type Recorded string

// The choices for recording.
const (
	FromPractitioner Recorded = "practitioner" // from when its practitioner has joined
	NeverAudio       Recorded = "never-audio"  // what is in video mode
	WhileBoth        Recorded = "both"         // while its practitioner and a patient are there
)

// Listed says when a recording is there.
type Listed string

// The choices for listing.
const (
	ListedByStretch    Listed = "stretch"  // when its stretch is over
	ListedWhileGoingOn Listed = "going-on" // from its first media, growing
)

// Totals says what a listing says of its length.
type Totals string

// The choices for totals.
const (
	TotalOfPage    Totals = "page"     // how many rows the page has
	TotalEstimated Totals = "estimate" // the number of rows, rounded up to ten
	NoTotal        Totals = "none"
)

// Export says what an export holds.
type Export string

// The choices for exports.
const (
	ExportShared Export = "shared" // what is shared with the patient, too
	ExportRows   Export = "rows"   // rows without media
)

// Inbox says what an inbox holds.
type Inbox string

// The choices for inboxes.
const (
	SeveralNotices Inbox = "several"   // two notices of each recording
	NoticesStay    Inbox = "stay"      // notices of recordings that were deleted, too
	Reminders      Inbox = "reminders" // one of each appointment that is planned, too
)

// Named says whom patients may share with and appoint, besides other patients.
type Named string

// The choices for those named.
const (
	PractitionersNamed Named = "practitioners"
	OneselfNamed       Named = "oneself" // which changes nothing
)

// Closing says what closing an account does.
type Closing string

// The choices for closing.
const (
	ClosingEnds     Closing = "ends"    // encounters in progress are completed, or left by who was a guest
	NotWhilePlanned Closing = "planned" // it is refused while an appointment is planned
)

// ForPractitioners says what export and audit trail practitioners have.
type ForPractitioners string

// The choices for practitioners.
const (
	EmptyOnes ForPractitioners = "empty"
	OwnOnes   ForPractitioners = "own" // the recordings of their encounters, and what they were shown themselves
)

// Restart says what becomes of encounters in progress when the service is stopped.
type Restart string

// The choices for restarts.
const (
	EverybodyOut Restart = "out"  // they go on, and nobody is there
	VisitsEnd    Restart = "end"  // they are completed
	VisitsLost   Restart = "lost" // they are completed, and what was not listed yet is lost
)
