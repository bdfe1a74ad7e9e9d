package models

import "time"

// Policy holds what a vendor may choose. The zero value is not meant for use;
// start from [ReferencePolicy].
type Policy struct {
	// Recordings says what one recording holds, or [AnyCut]: then recordings are judged
	// by the tags in them, however a consultation is cut into them.
	Recordings Grain `json:"recordings"`
	// Totals says what the total of a listing counts.
	Totals Totals `json:"totals,omitempty"`
	// RecordAudio says whether audio-only media is recorded.
	RecordAudio bool `json:"recordAudio"`
	// MinAge is the age in years from which a patient may register.
	MinAge int `json:"minAge"`
	// PatientMayEnd says whether the patient, too, may end a consultation for
	// everybody. The clinician always may.
	PatientMayEnd bool `json:"patientMayEnd"`
	// Refusal is what a stranger is answered: [Missing] (HTTP 404) or [Denied]
	// (403).
	Refusal Outcome `json:"refusal"`
	// Lag is how long after the last has left a consultation its replay may take to
	// appear.
	Lag time.Duration `json:"lagNanos,omitempty"`
	// Groups says whether a second patient may be booked into a consultation.
	Groups bool `json:"groups,omitempty"`
	// Repeats says that a segment may be recorded and shown twice, as after a
	// retry.
	Repeats bool `json:"repeats,omitempty"`
	// Links says for whom a playback link opens.
	Links LinkPolicy `json:"links"`
	// Slotless says that an appointment takes no slot of its clinician's: any
	// number of them may be made. It follows from [Capabilities.Lacking].
	Slotless bool `json:"slotless,omitempty"`
	// Switchless says that a consultation stays in the mode in which it was booked:
	// what happened on 9 June 2020 cannot be asked.
	Switchless bool `json:"switchless,omitempty"`
	// Access are the choices about who may see and do what that are declared.
	Access AccessChoices `json:"access,omitzero"`
	// Choices are what it declares about the life of a visit: of each axis one
	// value, or none. What is not declared is found out from its answers.
	Choices Choices `json:"choices,omitzero"`
}

// Undeclared is the policy without any declared choice about the life of a visit, how
// it is cut into recordings, or what totals count.
func (p Policy) Undeclared() Policy {
	p.Recordings, p.Totals, p.Choices = AnyCut, AnyTotals, Choices{}
	return p
}

// records reports whether media in a mode is recorded.
func (p *Policy) records(m Mode) bool { return m == Video || p.RecordAudio }

// Grain says what one recording holds.
type Grain string

// The grains of recording.
const (
	AnyCut          Grain = ""             // the service does not declare it
	PerSegment      Grain = "segment"      // a recording for each stretch in one mode
	PerConsultation Grain = "consultation" // one recording for the whole consultation
)

// Totals says what the total of a listing counts.
type Totals string

// The policies for totals.
const (
	// AnyTotals is that of a service which declares none: the rows of the whole
	// listing, with or without its filter, or those of a page.
	AnyTotals      Totals = ""
	ExactTotals    Totals = "exact"    // the rows of the whole listing
	EstimateTotals Totals = "estimate" // about those: nothing is read from it
)

// LinkPolicy says for whom a playback link opens while it is valid.
type LinkPolicy string

// The policies for playback links.
const (
	BearerLinks   LinkPolicy = "bearer"   // whoever has the link
	PersonalLinks LinkPolicy = "personal" // who made it, logged in
)

// ReferencePolicy is the policy of the reference service, with all its choices.
func ReferencePolicy() Policy {
	return Policy{Recordings: PerSegment, Totals: ExactTotals, RecordAudio: true, MinAge: 16, Refusal: Missing, Links: BearerLinks, Choices: ReferenceChoices()}
}
