// Package care holds what the clinic is about, without storage, network or clock: who its users are, what a
// consultation is and when it may change. The words are those of FHIR R5 (https://hl7.org/fhir/R5/): an [Appointment] is
// kept by a patient and a practitioner in an Encounter of class VR (virtual), and a [Recording] is one segment of it.
package care

import "io"

// Role says in which capacity somebody uses the clinic.
type Role string

// The roles a user can have.
const (
	Patient      Role = "patient"
	Practitioner Role = "practitioner"
)

// Mode is how the participants of a consultation meet.
type Mode string

// The modes of a consultation.
const (
	Audio Mode = "audio"
	Video Mode = "video"
)

// Plan is who pays for a patient's care.
type Plan string

// The plans a patient can have. A member of Bupa has a member number, and nobody else has.
const (
	NHS        Plan = "nhs"
	Bupa       Plan = "bupa"
	PrivatePay Plan = "private"
)

// A Caller is an authenticated user, on whose behalf something is asked.
type Caller struct {
	ID   string
	Role Role
}

// A User is somebody registered, with the password as a PHC string and never in clear.
type User struct {
	ID           string
	Role         Role
	Name         string
	Email        string
	PasswordHash string
	BirthDate    string // YYYY-MM-DD; empty for practitioners
	Plan         Plan   // empty for practitioners
	MemberNumber string
}

// A Recording is one finished segment: one stretch of a consultation in one mode, with media in it. It repeats what it
// needs of its appointment, so that what it says, and above all whose it is, never depends on anything booked later.
type Recording struct {
	Seq          int64 // order of publication, from 1; not shown to anybody
	ID           string
	Appointment  string
	Encounter    string
	Subject      string // the patient
	Practitioner string
	Title        string
	Mode         Mode
	Segment      int   // from 1, within the encounter
	Size         int64 // bytes
}

// BelongsTo tells whether the recording is one of the caller's: of the patient, or of the practitioner, who was in it.
func (r Recording) BelongsTo(who Caller) bool {
	switch who.Role {
	case Patient:
		return who.ID != "" && r.Subject == who.ID
	case Practitioner:
		return who.ID != "" && r.Practitioner == who.ID
	default:
		return false
	}
}

// A Segment is a recording in the making: the media of one stretch, while its encounter goes on.
type Segment struct {
	ID      string // that of the recording it becomes
	Stretch int    // in which stretch it was captured; see [Consultation]
	Number  int    // from 1, counting only stretches with media
	Mode    Mode
	Size    int64 // bytes
}

// Media is the content of a recording, readable from any position.
type Media = io.ReadSeeker
