package care

// Status is how far a consultation has come. It is the status of the encounter; [Consultation.AppointmentStatus] gives
// the one the appointment has with it (https://hl7.org/fhir/R5/valueset-encounter-status.html).
type Status string

// The statuses of an encounter.
const (
	Planned    Status = "planned"
	InProgress Status = "in-progress"
	Completed  Status = "completed"
	Cancelled  Status = "cancelled"
)

// Presence says whether a participant is in the encounter.
type Presence string

// A participant who never joined, or has left, is Away. One who Dropped has lost the connection and is waited for.
const (
	Away    Presence = ""
	Present Presence = "present"
	Dropped Presence = "dropped"
)

// EndPolicy says who may end an encounter for everybody.
type EndPolicy string

// The policies for ending an encounter.
const (
	PractitionerEnds EndPolicy = "practitioner"
	ParticipantEnds  EndPolicy = "participant"
)

// Grain says what one recording holds.
type Grain string

// The grains of recording.
const (
	PerSegment      Grain = "segment"      // one stretch in one mode
	PerConsultation Grain = "consultation" // a whole consultation
)

// Capturing says what is recorded of consultations, and how it is cut.
type Capturing struct {
	Grain        Grain
	DiscardAudio bool // media of consultations in audio mode is heard and not kept
}

// Keeps tells whether media in that mode is recorded.
func (p Capturing) Keeps(mode Mode) bool { return mode != Audio || !p.DiscardAudio }

// ModeOf returns the mode of the recording that a segment becomes: none if it may have changed within.
func (p Capturing) ModeOf(c Consultation, s Segment) Mode {
	if p.Grain == PerConsultation && c.Stretch > 1 {
		return ""
	}
	return s.Mode
}

// A Consultation is an appointment and its encounter. The two are created together, change together and end together, so
// one value holds both and they cannot disagree.
//
// A stretch is the time between two changes of mode. A stretch in which no media was captured leaves no segment.
type Consultation struct {
	Seq          int64 // order of booking, from 1; not shown to anybody
	Appointment  string
	Encounter    string
	Patient      string
	Guest        string // a second patient; empty: there is none
	Practitioner string
	Slot         int64
	Booked       Mode // the mode that was booked; a change of mode leaves it alone
	Description  string

	Status               Status
	Mode                 Mode // the mode now
	PatientPresence      Presence
	PractitionerPresence Presence
	GuestPresence        Presence
	Stretch              int  // the number of the current stretch, from 1
	Segments             int  // how many stretches so far have media
	Captured             bool // whether the current stretch has media
}

// AppointmentStatus returns the status of the appointment
// (https://hl7.org/fhir/R5/valueset-appointmentstatus.html).
func (c *Consultation) AppointmentStatus() string {
	switch c.Status {
	case InProgress:
		return "arrived"
	case Completed:
		return "fulfilled"
	case Cancelled:
		return "cancelled"
	default:
		return "booked"
	}
}

// SegmentNow returns the number, from 1, of the segment to which media would go now; 0 when it would go nowhere.
func (c *Consultation) SegmentNow(p Capturing) int {
	switch {
	case c.Status != InProgress || !p.Keeps(c.Mode):
		return 0
	case c.continues(p):
		return c.Segments
	default:
		return c.Segments + 1
	}
}

// continues tells whether media belongs to the segment begun last.
func (c *Consultation) continues(p Capturing) bool {
	return c.Captured || p.Grain == PerConsultation && c.Segments > 0
}

// RoleOf returns in which role somebody takes part in the consultation, and [ErrNotFound] for those who do not: that there
// is a consultation is itself not for strangers to know.
func (c *Consultation) RoleOf(who Caller) (Role, error) {
	switch {
	case who.ID == "":
		return "", ErrNotFound
	case who.Role == Patient && who.ID == c.Patient:
		return Patient, nil
	case who.Role == Practitioner && who.ID == c.Practitioner:
		return Practitioner, nil
	case who.Role == Patient && who.ID == c.Guest:
		return Guest, nil
	default:
		return "", ErrNotFound
	}
}

// Reschedule moves a consultation that has not begun to another slot. Any other is an [ErrConflict].
func (c *Consultation) Reschedule(slot int64) error {
	if c.Status != Planned {
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	c.Slot = slot
	return nil
}

// Cancel calls off a consultation that has not begun. Any other is an [ErrConflict].
func (c *Consultation) Cancel() error {
	if c.Status != Planned {
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	c.Status = Cancelled
	return nil
}

// Join makes a participant present, and starts the encounter if it has not begun. It is an [ErrConflict] when the
// encounter is over or the participant already there.
func (c *Consultation) Join(role Role) error {
	if c.Status != Planned && c.Status != InProgress {
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	presence := c.presence(role)
	if *presence == Present {
		return Refuse(ErrConflict, "the %s is already present", role)
	}
	*presence = Present
	c.Status = InProgress
	return nil
}

// Drop notes that a participant's connection is lost. Whoever is not present cannot be dropped: [ErrConflict].
func (c *Consultation) Drop(role Role) error {
	if err := c.mustBePresent(role); err != nil {
		return err
	}
	*c.presence(role) = Dropped
	return nil
}

// Leave lets a participant go, and completes the encounter when it was the last. Whoever is not present cannot leave:
// [ErrConflict].
func (c *Consultation) Leave(role Role) error {
	if err := c.mustBePresent(role); err != nil {
		return err
	}
	*c.presence(role) = Away
	if c.PatientPresence == Away && c.PractitionerPresence == Away && c.GuestPresence == Away {
		c.Status = Completed
	}
	return nil
}

// End completes the encounter for everybody. A participant whom the policy does not let is refused with [ErrForbidden],
// one who is not present with [ErrConflict].
func (c *Consultation) End(role Role, policy EndPolicy) error {
	if role != Practitioner && policy != ParticipantEnds {
		return Refuse(ErrForbidden, "only the practitioner may end the encounter")
	}
	if err := c.mustBePresent(role); err != nil {
		return err
	}
	c.PatientPresence, c.PractitionerPresence, c.GuestPresence = Away, Away, Away
	c.Status = Completed
	return nil
}

// Switch changes the mode and tells whether it did: the mode it already has changes nothing. A new mode begins a new
// stretch. Only a participant who is present can switch; otherwise [ErrConflict].
func (c *Consultation) Switch(role Role, mode Mode) (bool, error) {
	if err := c.mustBePresent(role); err != nil {
		return false, err
	}
	if mode == c.Mode {
		return false, nil
	}
	c.Mode = mode
	c.Stretch++
	c.Captured = false
	return true, nil
}

// Capture lets a participant who is present be recorded; otherwise [ErrConflict].
func (c *Consultation) Capture(role Role) error { return c.mustBePresent(role) }

// NoteMedia notes that the current stretch has media, and tells whether a segment begins with it: then that is number
// Segments.
func (c *Consultation) NoteMedia(p Capturing) bool {
	begins := !c.continues(p)
	c.Captured = true
	if begins {
		c.Segments++
	}
	return begins
}

func (c *Consultation) mustBePresent(role Role) error {
	if c.Status != InProgress {
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	if *c.presence(role) != Present {
		return Refuse(ErrConflict, "the %s is not present", role)
	}
	return nil
}

func (c *Consultation) presence(role Role) *Presence {
	switch role {
	case Practitioner:
		return &c.PractitionerPresence
	case Guest:
		return &c.GuestPresence
	default:
		return &c.PatientPresence
	}
}
