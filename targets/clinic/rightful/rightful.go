// Package rightful has clinics that are right and look suspicious: they are slow, or late, or give ids in order, or choose
// another policy than the reference clinic. A harness that accuses one of them is wrong.
package rightful

import (
	"net/http"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// A Variant is one way to be right.
type Variant struct {
	Slug string // its name
	What string // what is unusual about it

	// Apply makes a configuration the variant's. What it remembers belongs to each service made from it.
	Apply func(*clinic.Config)
}

// All returns every variant, always in the same order.
func All() []Variant {
	return []Variant{
		{"slow", "Every answer takes twenty times as long as the reference clinic's.", slow},
		{"lagging", "A replay appears 40 milliseconds after its consultation, everywhere at once.", lagging},
		{"retries", "The last segment is there twice where a connection was lost, for the same patient; the policy says so.", retries},
		{"groups", "A second patient may be booked into a consultation, and sees its recordings.",
			func(c *clinic.Config) { c.Groups = true }},
		{"sequential-ids", "Ids are numbers in the form of a UUID, one after the other; tokens stay random.", sequentialIDs},
		{"reused-ids", "The id of a deleted recording is given to the next recording there is, whosever it is.", reusedIDs},
		{"whole-consultations", "A recording holds a whole consultation, however often its mode was changed.",
			func(c *clinic.Config) { c.Recordings = care.PerConsultation }},
		{"video-only", "Nothing is recorded of consultations in audio mode.",
			func(c *clinic.Config) { c.DiscardAudio = true }},
		{"denied", "What is another's, or nobody's, is refused with 403.",
			func(c *clinic.Config) { c.Refusal = clinic.AsDenied }},
		{"patient-ends", "Patients may end a consultation for everybody.",
			func(c *clinic.Config) { c.EndPolicy = care.ParticipantEnds }},
		{"adults", "Patients must be 18 years old.", func(c *clinic.Config) { c.MinimumAge = 18 }},
		{"personal-links", "A playback link opens for its maker alone, logged in.",
			func(c *clinic.Config) { c.Links = clinic.PersonalLinks }},
	}
}

// delay is nineteen times what the reference clinic takes for an answer on an ordinary machine, about 0.2 milliseconds.
const delay = 3800 * time.Microsecond

func slow(c *clinic.Config) {
	c.Front = func(_ clinic.Parts, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(delay)
			next.ServeHTTP(w, r)
		})
	}
}

func lagging(c *clinic.Config) { c.Lag = 40 * time.Millisecond }
