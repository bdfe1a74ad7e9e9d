package models

import "slices"

// Access is an entry of an audit trail: somebody was presented with a recording,
// was shown something derived from it, or played it.
type Access struct {
	// Who is the caller: [Anyone] where there was no token, [Somebody] for one
	// unknown to this world.
	Who Handle `json:"who"`
	// Whose is the patient whose recording it is.
	Whose     Handle `json:"whose"`
	Recording Handle `json:"recording,omitempty"`
	// Level is Presented, Previewed or Viewed.
	Level Level `json:"level"`
}

// access is an access as the model remembers it, of a recording of a booking by
// its number.
type access struct {
	who    Handle
	number int
	level  Level
}

// noteRows notes whom a listing has shown what.
func (s *State) noteRows(who Handle, r Response) {
	if r.Listing == nil {
		return
	}
	for i := range r.Listing.Rows {
		s.noteAccess(who, r.Listing.Rows[i].Recording, Presented)
	}
}

// noteAccess notes that somebody was shown a recording of this world.
func (s *State) noteAccess(who, recording Handle, level Level) {
	name, n, ok := recording.Recording()
	if !ok {
		return
	}
	b := s.booking(name)
	a := access{who, n, level}
	if b == nil || slices.Contains(b.accesses, a) {
		return
	}
	b = s.editBooking(name)
	b.accesses = append(slices.Clip(b.accesses), a)
}

// noteAccess notes what an answer to a read has shown.
func (o OnRecording) noteAccess(s *State, r Response, level Level) {
	if r.Outcome != OK || level == Viewed && (r.Content == nil || r.Content.Length == 0) {
		return
	}
	s.noteAccess(o.User, o.Recording, level)
}

// Audit reads the trail of who was shown a patient's recordings.
type Audit struct{ ByUser }

// Kind is "audit".
func (o Audit) Kind() Kind { return KindAudit }

// String is its line in a trace.
func (o Audit) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Audit) fields(f *fields) Operation { o.byUser(f); return o }

func (o Audit) obstacle(s *State) obstacle {
	if s.policy.Access.of(trailReaders) == byClinicians {
		return nothing
	}
	return s.forPatients(o.User)
}

// mayReadOf reports whether somebody may read an entry of an audit trail that is not
// of a recording of theirs: of what they looked at themself and have a right to, and
// as a clinician where that is declared.
func (s *State) mayReadOf(u Handle, a *Access) bool {
	return s.Entitled(u, a.Recording) && (a.Who == u || s.policy.Access.of(trailReaders) == byClinicians && s.isClinician(u))
}

func (o Audit) expect(s *State, _ int) Response {
	trail := []Access{}
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.patient != o.User {
			continue
		}
		for _, a := range b.accesses {
			if a.level < Viewed && s.policy.Access.of(trailHolds) == playsOnly {
				continue
			}
			trail = append(trail, Access{a.who, b.patient, RecordingHandle(b.handle, a.number), a.level})
		}
	}
	return Response{Outcome: OK, Audit: trail}
}

func (o Audit) step(*State, int, Response) {}
