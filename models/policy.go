package models

import "slices"

// Policy holds what a vendor may choose. The zero value is not meant for use;
// start from [ReferencePolicy].
type Policy struct {
	// Recordings says what one recording holds.
	Recordings Grain `json:"recordings"`
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
}

// records reports whether media in a mode is recorded.
func (p *Policy) records(m Mode) bool { return m == Video || p.RecordAudio }

// Grain says what one recording holds.
type Grain string

// The grains of recording.
const (
	PerSegment      Grain = "segment"      // a recording for each stretch in one mode
	PerConsultation Grain = "consultation" // one recording for the whole consultation
)

// ReferencePolicy is the policy of the reference service.
func ReferencePolicy() Policy {
	return Policy{Recordings: PerSegment, RecordAudio: true, MinAge: 16, Refusal: Missing}
}

// Capabilities says which operations a target supports and the policy it
// declares. Nil Operations means all of them.
type Capabilities struct {
	Operations []Kind `json:"operations,omitempty"`
	Policy     Policy `json:"policy"`
}

// Supports reports whether the target can perform operations of kind k.
func (c Capabilities) Supports(k Kind) bool {
	return c.Operations == nil || slices.Contains(c.Operations, k)
}
