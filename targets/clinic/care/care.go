// Package care holds what the clinic is about, without storage, network or clock: who its users are, what a
// consultation is and when it may change. The words are those of FHIR R5 (https://hl7.org/fhir/R5/): an Appointment is
// kept by a patient and a practitioner in an Encounter of class VR (virtual), and a [Recording] is one segment of it.
package care

import (
	"io"
	"time"
)

// Role says in which capacity somebody uses the clinic.
type Role string

// The roles. A user is a patient or a practitioner; a guest is a patient in the consultation of another, see
// [Consultation.RoleOf].
const (
	Patient      Role = "patient"
	Practitioner Role = "practitioner"
	Guest        Role = "guest"
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

// A Recording is one finished segment: one stretch of a consultation in one mode, with media in it; or a whole
// consultation, see [Grain]. It repeats what it needs of its appointment, so that what it says, and above all whose it
// is, never depends on anything booked later.
type Recording struct {
	Seq          int64 // order of publication, from 1; not shown to anybody
	ID           string
	Appointment  string
	Encounter    string
	Subject      string // the patient who booked
	Guest        string // the second patient who was there; empty: nobody
	Practitioner string
	Title        string
	Mode         Mode  // empty if it was changed within the recording
	Segment      int   // from 1, within the encounter
	Size         int64 // bytes
}

// A Segment is a recording in the making: the media of one stretch, while its encounter goes on.
type Segment struct {
	ID      string // that of the recording it becomes
	Stretch int    // in which stretch it was captured; see [Consultation]
	Number  int    // from 1, counting only stretches with media
	Mode    Mode
	Speaker Role  // whose it is alone; empty: everybody's
	Size    int64 // bytes
}

// Media is the content of a recording, readable from any position.
type Media = io.ReadSeeker

// A Query says which part of a listing is wanted.
type Query struct {
	After int64 // those that come after the recording with this Seq; 0: from the beginning
	Limit int   // the most rows there may be
	Mode  Mode  // those in this mode; empty: all
}

// A Listing is one page of the recordings that somebody may see, oldest first.
type Listing struct {
	Recordings []Recording
	Next       int64 // the After of the next page; 0: this is the last
	Total      int   // how many recordings all pages have
}

// A Notice tells a patient that a recording of theirs is there.
type Notice struct {
	ID          string
	Recording   string
	Appointment string
	Title       string
}

// Action is how much of a recording somebody was shown.
type Action string

// The actions, from the least to the most.
const (
	Presented Action = "presented" // a row in a list
	Previewed Action = "previewed" // metadata, or something that derives from the media
	Played    Action = "played"    // media
)

// An Event of the audit trail: somebody was shown a recording.
type Event struct {
	Agent     Caller // zero: whoever had a link and no token
	Subject   string // whose recording it is
	Recording string
	Action    Action
	At        time.Time
}
