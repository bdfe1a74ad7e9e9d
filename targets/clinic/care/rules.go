package care

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

// Rules are what the course of consultations, and what is recorded of them, depends on in one service.
type Rules struct {
	Ends         EndPolicy // empty: the practitioner ends
	Grain        Grain     // empty: a recording for each segment
	DiscardAudio bool      // media in audio mode is heard and not kept
	Choices
}

// keeps tells whether media of somebody is recorded now.
func (r *Rules) keeps(c *Consultation, speaker Role) bool {
	if r.DiscardAudio && c.ModeFor(speaker) == Audio {
		return false
	}
	switch r.Recorded {
	case FromPractitioner:
		return c.Met
	case WhileBoth:
		return c.PractitionerPresence == Present && (c.PatientPresence == Present || c.GuestPresence == Present)
	default:
		return true
	}
}

// repeated refuses what is so already, unless that is answered as done.
func (r *Rules) repeated(detail string, args ...any) error {
	if r.RepeatsDone {
		return nil
	}
	return Refuse(ErrConflict, detail, args...)
}

// LabelOf returns the mode that the recording of a segment is said to have: none if it may have changed within.
func (r *Rules) LabelOf(c *Consultation, s Segment) Mode {
	switch {
	case r.Label == LabelBooked:
		return c.Booked
	case r.Label == LabelLast:
		return c.Mode
	case r.Grain == PerConsultation && c.Stretch > 1:
		return ""
	default:
		return s.Mode
	}
}

// NumberOf returns the number that a recording has, of a segment with that number in that stretch; 0: none.
func (r *Rules) NumberOf(stretch, segment int) int {
	switch r.Numbers {
	case AllStretches:
		return stretch
	case FromZero:
		return segment - 1
	case NoNumbers:
		return 0
	default:
		return segment
	}
}
