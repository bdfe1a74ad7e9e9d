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

	Proposed Mode // a mode that somebody has asked for and nobody accepted yet; empty: none. See [WhenAccepted]
	Proposer Role // who has
	Met      bool // whether the practitioner has been there
	Apart    int  // who is in the other mode than Mode, a bit for each role. See [ForCaller]

	// Speaker is who is being recorded, where that matters to how it is. It is not kept.
	Speaker Role
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

// Reschedule moves a consultation that has not begun to another slot. Any other is an [ErrConflict], but for those that
// [Moving] names.
func (c *Consultation) Reschedule(r *Rules, slot int64) error {
	switch {
	case c.Status == Planned:
	case c.Status == InProgress && r.Moving == MovedInProgress:
	case c.Status == Cancelled && r.Moving == MovedCancelled:
		c.Status = Planned
	default:
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	if r.Slots != NoSlots {
		c.Slot = slot
	}
	return nil
}

// Cancel calls off a consultation that has not begun. Any other is an [ErrConflict], but see [CancelEnds]. role is empty for
// the patient's proxy.
func (c *Consultation) Cancel(r *Rules, role Role) error {
	switch {
	case r.Cancelling == PractitionerCancels && role != Practitioner:
		return Refuse(ErrForbidden, "only the practitioner may cancel")
	case c.Status == Planned:
		c.clear()
		c.Status = Cancelled
		return nil
	case c.Status == InProgress && r.Cancelling == CancelEnds:
		c.Complete()
		return nil
	case c.Status == Cancelled:
		return r.repeated("the encounter is %s", c.Status)
	default:
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
}
