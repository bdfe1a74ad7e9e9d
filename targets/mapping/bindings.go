package mapping

import (
	"strconv"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// thing is what the world knows of somebody or something: what the service gave,
// and what is built in.
type thing struct {
	handle models.Handle
	values map[string]any
}

func newThing(h models.Handle) thing {
	return thing{h, map[string]any{"handle": string(h)}}
}

// user is somebody whom the service has registered.
type user struct {
	thing
	naming.Person
	jar *jar // nil where cookies are not kept
	// loggedIn says that they hold a token that they have not given up.
	loggedIn bool
}

// booking is an appointment that the service has made, and what was said in its
// consultation.
type booking struct {
	thing
	patient, clinician, guest models.Handle
	present                   map[models.Handle]bool
	segment                   segment
	spoken                    []byte // in the whole consultation
}

// segment is the stretch in one mode that a consultation is in.
type segment struct {
	number int
	mode   string
	spoken []byte
}

// link is a playback link.
type link struct {
	thing
	recording models.Handle
}

// page is where a page of a listing ended.
type page struct {
	thing
	next  string
	isURL bool
	limit int
}

// bindings are what the templates of one operation can name.
type bindings struct {
	world *World
	op    models.Operation
	step  int
	args  []models.Argument

	actor, patient, clinician, guest, peer *user
	booking                                *booking
	recording                              models.Handle
	link                                   *link
	page                                   *page
	operator                               map[string]any

	bound  *thing         // to which captures are bound
	staged map[string]any // what was captured so far
	jar    *jar           // of who registers or logs in
	logsIn bool           // the operator logs in

	media     string // spoken now
	byteRange models.Range
	limit     int
	cursor    string
	next      string // the URL of the next page
	named     [2]string
	count     int
	random    string // for an id that never was
	sent      bool   // something was sent
}

// requestID is the id of the next request.
func (s *bindings) requestID() string {
	return s.world.session.NextID()
}

// lookup is the value of a name, and whether it has one.
func (s *bindings) lookup(r ref) (any, bool) {
	switch r.role {
	case "":
		return s.top(r.name)
	case roleActor:
		return s.ofUser(s.actor, r.name)
	case rolePatient:
		return s.ofUser(s.patient, r.name)
	case roleClinician:
		return s.ofUser(s.clinician, r.name)
	case roleGuest:
		return s.ofUser(s.guest, r.name)
	case rolePeer:
		return s.ofUser(s.peer, r.name)
	case roleBooking:
		if s.booking == nil {
			return nil, false
		}
		return s.of(&s.booking.thing, r.name)
	case roleRecording:
		return s.ofRecording(r.name)
	case roleLink:
		if s.link == nil {
			return nil, false
		}
		return s.of(&s.link.thing, r.name)
	case rolePage:
		return s.ofPage(r.name)
	case roleOperator:
		v, ok := s.operator[r.name]
		return v, ok
	}
	return s.spoken(r)
}

func (s *bindings) ofUser(u *user, name string) (any, bool) {
	if u == nil {
		return nil, false
	}
	return s.of(&u.thing, name)
}

// of is a value of a thing, as this operation has captured it or else an earlier
// one.
func (s *bindings) of(t *thing, name string) (any, bool) {
	v, ok := any(nil), false
	if t == s.bound {
		v, ok = s.staged[name]
	}
	if !ok {
		v, ok = t.values[name]
	}
	if ok && name != "handle" {
		s.name(v)
	}
	return v, ok
}

// name notes the first ids that a request names. A refusal that repeats them
// gives no other reason than one that does not.
func (s *bindings) name(v any) {
	text := textOf(v)
	if s.count < len(s.named) && len(text) > 0 {
		s.named[s.count] = text
		s.count++
	}
}

func (s *bindings) ofRecording(name string) (any, bool) {
	if s.recording == "" {
		return nil, false
	}
	switch name {
	case "id":
		id := s.world.replays.ID(s.recording)
		s.name(id)
		return id, id != ""
	case "handle":
		return string(s.recording), true
	}
	t := s.world.recordings[s.world.keyOf(s.recording)]
	if t == nil {
		return nil, false
	}
	return s.of(t, name)
}

func (s *bindings) ofPage(name string) (any, bool) {
	if s.page == nil {
		return nil, false
	}
	if name == "cursor" {
		return s.page.next, s.page.next != ""
	}
	return s.of(&s.page.thing, name)
}

// spoken is what concerns the consultation as it goes on.
func (s *bindings) spoken(r ref) (any, bool) {
	b := s.booking
	if b == nil {
		return nil, false
	}
	switch r {
	case ref{roleSegment, "media"}:
		text := string(b.segment.spoken) + s.media
		return text, text != ""
	case ref{roleSegment, "number"}:
		return b.segment.number, true
	case ref{roleSegment, "mode"}:
		return b.segment.mode, b.segment.mode != ""
	case ref{roleConsultation, "media"}:
		text := string(b.spoken) + s.media
		return text, text != ""
	case ref{roleConsultation, "last"}:
		return s.isLast(), true
	}
	return nil, false
}

// isLast reports whether nobody but the actor is in the consultation.
func (s *bindings) isLast() bool {
	for h := range s.booking.present {
		if s.actor == nil || h != s.actor.handle {
			return false
		}
	}
	return true
}

// top is the value of a name at the top.
func (s *bindings) top(name string) (any, bool) {
	switch name {
	case "world":
		return string(s.world.namespace), true
	case "request_id":
		return s.requestID(), true
	case "title":
		if s.booking == nil {
			return nil, false
		}
		v, ok := s.booking.values["title"]
		return v, ok
	case "media":
		return s.media, s.media != ""
	case "random":
		return s.random, s.random != ""
	case "cursor":
		return s.cursor, s.cursor != ""
	case "limit":
		return s.limit, s.limit > 0
	case "first":
		return s.byteRange.First, !s.byteRange.Whole()
	case "last":
		return s.byteRange.Last(), !s.byteRange.Whole()
	}
	for _, a := range s.args {
		if _, isHandle := a.Value.(models.Handle); a.Name == name && !isHandle {
			return a.Value, true
		}
	}
	if s.registers() {
		return s.ofUser(s.actor, name)
	}
	return nil, false
}

// registers reports whether the operation registers its actor.
func (s *bindings) registers() bool { return s.op != nil && s.op.Actor() == "" }

// argument is the handle of an argument, or empty.
func argument(args []models.Argument, name string) models.Handle {
	for _, a := range args {
		if h, ok := a.Value.(models.Handle); ok && a.Name == name {
			return h
		}
	}
	return ""
}

// number is the number of an argument, or 0.
func number(args []models.Argument, name string) int {
	for _, a := range args {
		if n, ok := a.Value.(int); ok && a.Name == name {
			return n
		}
	}
	return 0
}

// rangeOfText reads a range like "0-99".
func rangeOfText(text string) models.Range {
	first, last, ok := strings.Cut(text, "-")
	a, err1 := strconv.ParseInt(first, 10, 64)
	b, err2 := strconv.ParseInt(last, 10, 64)
	if !ok || err1 != nil || err2 != nil || b < a {
		return models.Range{}
	}
	return models.Range{First: a, Length: b - a + 1}
}
