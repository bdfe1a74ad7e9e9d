package propose

import (
	"slices"
	"strings"
)

// A role is what a resource of the service is to crosstalk.
type role string

// The roles. A meeting is what people join: the encounter, or the booking where
// the service keeps no encounters.
const (
	nothing   role = ""
	patient   role = "patient"
	clinician role = "clinician"
	booking   role = "booking"
	encounter role = "encounter"
	recording role = "recording"
	link      role = "link"
	meeting   role = "meeting"
)

// nounsByRole are the words for resources, the clearest first. Where a word
// stands for several roles, the service's other words decide.
var nounsByRole = []struct {
	role  role
	words string
}{
	{recording, "recording replay playback media video archive clip"},
	{booking, "appointment booking reservation consultation visit consult encounter meeting"},
	{encounter, "encounter meeting call conference room videocall consultation visit"},
	{clinician, "practitioner clinician doctor physician provider therapist gp staff professional"},
	{patient, "patient member customer client beneficiary person user account"},
	{link, "link permalink"},
}

// wordsFor are the words for a role.
func wordsFor(r role) string {
	if r == meeting {
		return wordsFor(encounter) + " " + wordsFor(booking)
	}
	for _, n := range nounsByRole {
		if n.role == r {
			return n.words
		}
	}
	return ""
}

// nouns are the words that a document has for the roles.
type nouns map[role]string

// nounsOf picks for each role the clearest word that a document has for a
// resource.
func nounsOf(endpoints []*endpoint) nouns {
	present := make(map[string]bool)
	for _, e := range endpoints {
		for i, s := range e.segments {
			if s.param != "" || len(s.words) == 0 {
				continue
			}
			before := i > 0 && e.segments[i-1].param != ""
			last := i == len(e.segments)-1
			if followed := !last && e.segments[i+1].param != ""; followed || last && !before || before {
				present[strings.Join(s.words, "")] = true
				present[s.words[len(s.words)-1]] = true
			}
		}
	}
	out := make(nouns)
	for _, n := range nounsByRole {
		for _, word := range strings.Fields(n.words) {
			if out[n.role] == "" && present[word] {
				out[n.role] = word
			}
		}
	}
	return out
}

// roleOf is the role of a resource by the words that name it. Where bookings and
// encounters are called alike they are bookings.
func (n nouns) roleOf(words []string) role {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return slices.Contains([]string{"id", "uuid", "key", "ref", "reference"}, w)
	})
	if len(words) == 0 {
		return nothing
	}
	all := append([]string{words[len(words)-1], strings.Join(words, "")}, words...)
	for _, known := range []bool{true, false} {
		for _, r := range []role{recording, booking, encounter, clinician, patient, link} {
			if known && n[r] != "" && slices.Contains(all[:2], n[r]) || !known && has(wordsFor(r), all...) {
				return r
			}
		}
	}
	return nothing
}

// is reports whether a resource has a role, or for a meeting one of two.
func (r role) is(want role) bool {
	return r == want || want == meeting && (r == booking || r == encounter)
}

// outline is what a path says: on what it acts, and how.
type outline struct {
	on      role     // of the last parameter, or nothing
	item    bool     // it ends at that parameter
	tail    []string // words after the parameter, or of the whole path
	prefix  []string // words before it
	last    []string // words of the last segment that is none
	peer    string   // the parameter that is the other user, or empty
	strange bool     // a parameter that names no role
}

// outlineOf reads a path. A parameter that is a person at the end is somebody
// else, unless the path is that person's; before the end it is the caller.
func (n nouns) outlineOf(e *endpoint) outline {
	o := outline{}
	segments := e.segments
	if peer := n.peerOf(segments); peer != "" {
		o.peer, segments = peer, segments[:len(segments)-1]
	}
	for i, s := range segments {
		if s.param == "" {
			o.tail, o.last, o.item = append(o.tail, s.words...), s.words, false
			continue
		}
		r := n.paramRole(segments, i, e)
		o.prefix = append(o.prefix, o.tail...)
		o.tail, o.item = nil, false
		if r == patient && i < len(segments)-1 {
			continue
		}
		o.on, o.item, o.strange = r, true, o.strange || r == nothing
	}
	return o
}

// peerOf is the parameter at the end of a path that names another user.
func (n nouns) peerOf(segments []segment) string {
	i := len(segments) - 1
	if i < 1 || segments[i].param == "" || segments[i-1].param != "" {
		return ""
	}
	before := n.roleOf(segments[i-1].words)
	named := n.roleOf(wordsOf(segments[i].param))
	if has(peerPlaces, segments[i-1].words...) || named == patient && before != patient && before != clinician {
		return segments[i].param
	}
	return ""
}

// peerPlaces are resources whose items are other users.
const peerPlaces = "proxy delegate share grant viewer carer caregiver representative guardian permission access"

// paramRole is the role of a parameter: by its name, by the segment before it,
// by the schema that it refers to.
func (n nouns) paramRole(segments []segment, i int, e *endpoint) role {
	if r := n.roleOf(wordsOf(segments[i].param)); r != nothing {
		return r
	}
	if i > 0 && segments[i-1].param == "" {
		if r := n.roleOf(segments[i-1].words); r != nothing {
			return r
		}
	}
	for _, p := range e.parameters {
		if p.In == "path" && p.Name == segments[i].param && p.Schema != nil {
			return n.roleOf(wordsOf(shapeOf(p.Schema).name))
		}
	}
	return nothing
}
