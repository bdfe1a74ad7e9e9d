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

	// Waits says that its answers take their time to come: while some are awaited, others can be asked for.
	Waits bool

	// Apply makes a configuration the variant's. What it remembers belongs to each service made from it.
	Apply func(*clinic.Config)
}

// Workers is the number of services of the variant to explore at once: many where waiting takes most of the time, else 0
// for as many as there are processors.
func (v Variant) Workers() int {
	if v.Waits {
		return 16
	}
	return 0
}

// All returns every variant, always in the same order.
func All() []Variant {
	return []Variant{
		{Slug: "slow", What: "Every answer takes twenty times as long as the reference clinic's.", Waits: true, Apply: slow},
		{Slug: "lagging", What: "A replay appears 40 milliseconds after its consultation, everywhere at once.", Waits: true, Apply: lagging},
		{Slug: "reference", What: "Nothing: proxies and those with whom a recording is shared see it, and nobody else does.",
			Apply: func(*clinic.Config) {}},
		{Slug: "retries", What: "The last segment is there twice where a connection was lost, for the same patient; the policy says so.",
			Apply: retries},
		{Slug: "groups", What: "A second patient may be booked into a consultation, and sees its recordings.",
			Apply: func(c *clinic.Config) { c.Groups = true }},
		{Slug: "sequential-ids", What: "Ids are numbers in the form of a UUID, one after the other; tokens stay random.", Apply: sequentialIDs},
		{Slug: "reused-ids", What: "The id of a deleted recording is given to the next recording there is, whosever it is.", Apply: reusedIDs},
		{Slug: "whole-consultations", What: "A recording holds a whole consultation, however often its mode was changed.",
			Apply: func(c *clinic.Config) { c.Recordings = care.PerConsultation }},
		{Slug: "video-only", What: "Nothing is recorded of consultations in audio mode.",
			Apply: func(c *clinic.Config) { c.DiscardAudio = true }},
		{Slug: "denied", What: "What is another's, or nobody's, is refused with 403.",
			Apply: func(c *clinic.Config) { c.Refusal = clinic.AsDenied }},
		{Slug: "patient-ends", What: "Patients may end a consultation for everybody.",
			Apply: func(c *clinic.Config) { c.EndPolicy = care.ParticipantEnds }},
		{Slug: "estimated-totals", What: "The total of a listing is rounded up to ten; the policy says so.",
			Apply: func(c *clinic.Config) { c.Choices.Totals = care.TotalEstimated }},
		{Slug: "adults", What: "Patients must be 18 years old.", Apply: func(c *clinic.Config) { c.MinimumAge = 18 }},
		{Slug: "personal-links", What: "A playback link opens for its maker alone, logged in.",
			Apply: func(c *clinic.Config) { c.Links = clinic.PersonalLinks }},
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
