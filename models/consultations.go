package models

import "slices"

// consultation is what is held for a booking: an encounter of class VR (FHIR
// R5 Encounter), in one mode at a time.
type consultation struct {
	status EncounterStatus
	booked Mode // as it was booked
	mode   Mode // as it is now
	// patientIs, clinicianIs and guestIs say who is there.
	patientIs, clinicianIs, guestIs presence
	// segments are the stretches in one mode, those without media too.
	segments []segment
	// switches counts the changes of mode, and attempted says that one was asked
	// for.
	switches  int
	attempted bool
	// closing says that the visit is completed some time after it was left, and met
	// that the clinician has joined it.
	closing, met bool
	// struck says that the service was restarted while it went on.
	struck bool
	// strange says that the service accepted what the reference refuses, and what can
	// be understood in more ways than one.
	strange bool
	// proposed is the mode that somebody asked for and the others did not, if any, and
	// apart has the bits of those who are in the other mode than the visit.
	proposed Mode
	proposer role
	apart    uint8
	// published is the number of segments whose recordings are there: all, once it is
	// completed. It may go on after that.
	published int
}

// segment is a stretch of a consultation in one mode, and the moments at which
// something was spoken in it.
type segment struct {
	mode    Mode
	moments []int
	heard   []circumstance // at each moment
}

// recorded reports whether there is a recording of the segment.
func (s segment) recorded(p *Policy) bool { return len(s.moments) > 0 && p.records(s.mode) }

// presence says whether a participant is in the consultation.
type presence uint8

const (
	absent presence = iota
	present
	dropped // the connection was lost; the consultation waits
)

// at returns the presence of the participant in a role.
func (c *consultation) at(who role) *presence {
	switch who {
	case asPatient:
		return &c.patientIs
	case asGuest:
		return &c.guestIs
	}
	return &c.clinicianIs
}

// has reports whether the participant is there, in a consultation in progress.
func (c *consultation) has(who role) bool {
	return c.status == InProgress && who.attends() && *c.at(who) == present
}

// finish completes the consultation for everybody.
func (c *consultation) finish() {
	c.status, c.published = Completed, len(c.segments)
	c.vacate()
}

// vacate has everybody be out.
func (c *consultation) vacate() {
	c.patientIs, c.clinicianIs, c.guestIs = absent, absent, absent
	c.closing, c.proposed, c.proposer = false, "", stranger
}

// holdsSlot reports whether nobody else can book the consultation's slot.
func (c *consultation) holdsSlot() bool { return c.status == Planned || c.status == InProgress }

// encounter is what a correct service says of the consultation to one in a role.
func (c *consultation) encounter(who role, p *Policy) *Encounter {
	e := &Encounter{Status: c.status, Mode: c.modeFor(who)}
	if c.status == InProgress {
		e.Segment = c.currentSegment(p)
	}
	return e
}

// currentSegment is the number of the recording that media would go to now, or
// 0 where it would not be recorded.
func (c *consultation) currentSegment(p *Policy) int {
	if !p.records(c.mode) {
		return 0
	}
	n := 1
	if p.Recordings == PerConsultation {
		return n
	}
	for _, s := range c.segments[:max(len(c.segments)-1, 0)] {
		if s.recorded(p) {
			n++
		}
	}
	return n
}

// Join enters the consultation of a booking; the first to join starts it. One
// who left or was dropped may join again while it is in progress. On a service that
// lets them, they may join one that is over, which then goes on.
type Join struct{ OnBooking }

// Kind is "join".
func (o Join) Kind() Kind { return KindJoin }

// String is its line in a trace.
func (o Join) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Join) fields(f *fields) Operation { o.onBooking(f); return o }

func (o Join) obstacle(s *State) obstacle          { return o.OnBooking.obstacle(s, o) }
func (o Join) expect(s *State, step int) Response  { return o.OnBooking.expect(s, o, step) }
func (o Join) step(s *State, step int, r Response) { o.OnBooking.step(s, o, step, r) }

func (o Join) ofBooking() bool { return false }

func (o Join) hindered(c *consultation, who role, _ *Policy) obstacle {
	switch {
	case c.status == Completed:
		return visitOver
	case c.status == Cancelled:
		return visitCancelled
	case c.has(who) || c.waits(who):
		return thereAlready
	}
	return nothing
}

func (o Join) apply(c *consultation, who role, s *State, _ int) { c.enter(who, s) }

// Drop is the loss of a participant's connection. The consultation stays open
// for them.
type Drop struct{ OnBooking }

// Kind is "drop".
func (o Drop) Kind() Kind { return KindDrop }

// String is its line in a trace.
func (o Drop) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Drop) fields(f *fields) Operation { o.onBooking(f); return o }

func (o Drop) obstacle(s *State) obstacle          { return o.OnBooking.obstacle(s, o) }
func (o Drop) expect(s *State, step int) Response  { return o.OnBooking.expect(s, o, step) }
func (o Drop) step(s *State, step int, r Response) { o.OnBooking.step(s, o, step, r) }

func (o Drop) ofBooking() bool { return false }

func (o Drop) hindered(c *consultation, who role, _ *Policy) obstacle { return c.away(who) }

func (o Drop) apply(c *consultation, who role, s *State, _ int) {
	if !c.has(who) && !c.waits(who) {
		return
	}
	if s.choice(drops) == dropLeaves {
		c.depart(who, s)
		return
	}
	*c.at(who) = dropped
}

// Leave leaves the consultation. When nobody is there or dropped any more, it
// is completed.
type Leave struct{ OnBooking }

// Kind is "leave".
func (o Leave) Kind() Kind { return KindLeave }

// String is its line in a trace.
func (o Leave) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Leave) fields(f *fields) Operation { o.onBooking(f); return o }

func (o Leave) obstacle(s *State) obstacle          { return o.OnBooking.obstacle(s, o) }
func (o Leave) expect(s *State, step int) Response  { return o.OnBooking.expect(s, o, step) }
func (o Leave) step(s *State, step int, r Response) { o.OnBooking.step(s, o, step, r) }

func (o Leave) ofBooking() bool { return false }

func (o Leave) hindered(c *consultation, who role, _ *Policy) obstacle { return c.away(who) }

func (o Leave) apply(c *consultation, who role, s *State, _ int) {
	if c.holdsSlot() && who.attends() && *c.at(who) != absent {
		c.depart(who, s)
	}
}

// otherwise has one who was dropped be waited for all the same.
func (o Leave) otherwise(c *consultation, who role, _ *State, _ int) []consultation {
	if who.attends() && *c.at(who) == dropped {
		return []consultation{*c}
	}
	return nil
}

// End completes the consultation for everybody in it.
type End struct{ OnBooking }

// Kind is "end".
func (o End) Kind() Kind { return KindEnd }

// String is its line in a trace.
func (o End) String() string { var f fields; return f.line(o.fields(&f)) }

func (o End) fields(f *fields) Operation { o.onBooking(f); return o }

func (o End) obstacle(s *State) obstacle          { return o.OnBooking.obstacle(s, o) }
func (o End) expect(s *State, step int) Response  { return o.OnBooking.expect(s, o, step) }
func (o End) step(s *State, step int, r Response) { o.OnBooking.step(s, o, step, r) }

func (o End) ofBooking() bool { return false }

func (o End) hindered(c *consultation, who role, p *Policy) obstacle {
	if who != asClinician && !p.PatientMayEnd {
		return patientEnds
	}
	return c.away(who)
}

func (o End) apply(c *consultation, _ role, _ *State, _ int) {
	if c.holdsSlot() {
		c.finish()
	}
}

// otherwise has the end of what has not begun be no end.
func (o End) otherwise(c *consultation, _ role, _ *State, _ int) []consultation {
	if c.status == Planned {
		return []consultation{*c}
	}
	return nil
}

// Speak sends media that carries a [Tag] unique to this booking and moment.
type Speak struct{ OnBooking }

// Kind is "speak".
func (o Speak) Kind() Kind { return KindSpeak }

// String is its line in a trace.
func (o Speak) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Speak) fields(f *fields) Operation { o.onBooking(f); return o }

func (o Speak) obstacle(s *State) obstacle         { return o.OnBooking.obstacle(s, o) }
func (o Speak) expect(s *State, step int) Response { return o.OnBooking.expect(s, o, step) }

func (o Speak) step(s *State, step int, r Response) {
	o.OnBooking.step(s, o, step, r)
	s.noteVoice(o, step, r)
}

func (o Speak) ofBooking() bool { return false }

func (o Speak) hindered(c *consultation, who role, _ *Policy) obstacle { return c.away(who) }

func (o Speak) apply(c *consultation, who role, _ *State, step int) {
	if c.status == Cancelled {
		return
	}
	if len(c.segments) == 0 {
		c.begin()
	}
	c.segments = slices.Clone(c.segments)
	last := &c.segments[len(c.segments)-1]
	last.moments = append(slices.Clip(last.moments), step)
	last.heard = append(slices.Clip(last.heard), c.circumstances(who))
	c.strange = c.strange || !c.has(who)
	if c.status == Completed {
		c.published = len(c.segments)
	}
}

// otherwise has media behind the end be kept apart.
func (o Speak) otherwise(c *consultation, who role, s *State, step int) []consultation {
	if c.status != Completed {
		return nil
	}
	apart := *c
	apart.begin()
	o.apply(&apart, who, s, step)
	return []consultation{apart}
}

// begin begins a segment in the mode there is.
func (c *consultation) begin() { c.segments = append(slices.Clip(c.segments), segment{mode: c.mode}) }

// away is what stands in the way of one who must be there and is not.
func (c *consultation) away(who role) obstacle {
	if c.has(who) {
		return nothing
	}
	return notThere
}
