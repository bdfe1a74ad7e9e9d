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

// A Consultation is an appointment and its encounter. The two are created together, change together and end together, so
// one value holds both and they cannot disagree.
//
// A stretch is the time between two changes of mode. A stretch in which no media was captured leaves no segment.
type Consultation struct {
	Seq          int64 // order of booking, from 1; not shown to anybody
	Appointment  string
	Encounter    string
	Patient      string
	Practitioner string
	Slot         int64
	Booked       Mode // the mode that was booked; a change of mode leaves it alone
	Description  string

	Status               Status
	Mode                 Mode // the mode now
	PatientPresence      Presence
	PractitionerPresence Presence
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

// SegmentNow returns the number, from 1, of the segment to which media would go now; 0 when the encounter is not in
// progress.
func (c *Consultation) SegmentNow() int {
	switch {
	case c.Status != InProgress:
		return 0
	case c.Captured:
		return c.Segments
	default:
		return c.Segments + 1
	}
}

// Admits returns nil for the two who take part in the consultation and [ErrNotFound] for everybody else: that there is a
// consultation is itself not for strangers to know.
func (c *Consultation) Admits(who Caller) error {
	if who.Role == Patient && who.ID == c.Patient || who.Role == Practitioner && who.ID == c.Practitioner {
		return nil
	}
	return ErrNotFound
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
	if c.PatientPresence == Away && c.PractitionerPresence == Away {
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
	c.PatientPresence, c.PractitionerPresence = Away, Away
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

// NoteMedia notes that the current stretch has media, and tells whether that is new: then it is the beginning of segment
// number Segments.
func (c *Consultation) NoteMedia() bool {
	if c.Captured {
		return false
	}
	c.Captured = true
	c.Segments++
	return true
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
	if role == Practitioner {
		return &c.PractitionerPresence
	}
	return &c.PatientPresence
}
