package models

import "slices"

// How a visit goes on depends on what the service chose; what is said here of the
// reference is said at the operations.

// waits reports whether a participant waits for the visit to begin.
func (c *consultation) waits(who role) bool {
	return c.status == Planned && who.attends() && *c.at(who) == present
}

// enter has a participant be there, and begins the visit unless they are to wait for
// the clinician.
func (c *consultation) enter(who role, s *State) {
	c.closing = false
	if who.attends() {
		*c.at(who) = present
	}
	if c.status == Completed && c.published > 0 {
		if c.strange = true; s.choice(rejoined) == rejoinedLater {
			c.published = 0
		}
	}
	c.met = who == asClinician || c.met && c.status != Completed
	switch {
	case c.status == InProgress:
	case c.status == Planned && who.attends() && who != asClinician && s.choice(starts) == startsClinician:
	default:
		c.status = InProgress
		c.begin()
	}
}

// depart has a participant be out, which completes the visit or does not.
func (c *consultation) depart(who role, s *State) {
	*c.at(who) = absent
	if c.status != InProgress || !c.completedBy(who, s) {
		return
	}
	switch s.choice(completion) {
	case completionAtOnce:
		c.finish()
	case completionLater:
		c.closing = true
	}
}

// completedBy reports whether a visit is completed by the leaving of somebody.
func (c *consultation) completedBy(who role, s *State) bool {
	last := c.patientIs == absent && c.clinicianIs == absent && c.guestIs == absent
	if last && who == asClinician {
		return true
	}
	switch s.choice(completes) {
	case completesAnybody:
		return true
	case completesClinician:
		return who == asClinician
	}
	return last
}

// modeFor is the mode in which a participant is in the visit.
func (c *consultation) modeFor(who role) Mode {
	if c.apart&(1<<who) != 0 {
		return c.mode.Other()
	}
	return c.mode
}

// switched notes a switch by a participant, and reports whether it takes effect for
// everybody now.
func (c *consultation) switched(who role, to Mode, s *State) bool {
	if !who.attends() || c.status != InProgress {
		return true
	}
	if to == c.mode && c.apart&(1<<who) == 0 {
		c.proposed, c.proposer = "", stranger
		return true
	}
	switch s.choice(switching) {
	case switchCaller:
		if c.modeFor(who) != to {
			c.apart ^= 1 << who
		}
		return false
	case switchAccepted:
		if to == c.mode || c.alone(who) || c.proposed == to && c.proposer != who {
			c.proposed, c.proposer = "", stranger
			return true
		}
		c.proposed, c.proposer = to, who
		return false
	}
	return true
}

// alone reports whether nobody but one participant is there.
func (c *consultation) alone(who role) bool {
	for _, other := range [...]role{asPatient, asClinician, asGuest} {
		if other != who && *c.at(other) == present {
			return false
		}
	}
	return true
}

// circumstance is what held when something was spoken that decides if it is
// recorded, as bits.
type circumstance uint8

const (
	clinicianCame circumstance = 1 << iota // the clinician was there by then
	bothThere                              // with patient or guest
	inAudio                                // the speaker was in audio mode
	fromOutside                            // the speaker was not there
)

// circumstances are those of what a participant says now.
func (c *consultation) circumstances(who role) circumstance {
	var out circumstance
	if c.met {
		out |= clinicianCame
	}
	if c.clinicianIs == present && (c.patientIs == present || c.guestIs == present) {
		out |= bothThere
	}
	if c.modeFor(who) == Audio {
		out |= inAudio
	}
	if !c.has(who) {
		out |= fromOutside
	}
	return out
}

// kept are the moments of a segment that are recorded.
func (s *State) kept(seg *segment) []int {
	if len(seg.moments) == 0 {
		return nil
	}
	chosen, ignored := s.choice(recorded), seg.outside() && s.choice(outside) == outsideIgnored
	if chosen == recordedAll && s.policy.RecordAudio && !ignored {
		return seg.moments
	}
	var out []int
	for i, moment := range seg.moments {
		if s.policy.keeps(seg.heard[i], chosen) && !(ignored && seg.heard[i]&fromOutside != 0) {
			out = append(out, moment)
		}
	}
	return out
}

// outside reports whether anything in a segment is from one who was not there.
func (s *segment) outside() bool {
	return slices.ContainsFunc(s.heard, func(in circumstance) bool { return in&fromOutside != 0 })
}

// keeps reports whether what was spoken in some circumstances is recorded.
func (p *Policy) keeps(in circumstance, chosen uint8) bool {
	if in&inAudio != 0 && !p.RecordAudio {
		return false
	}
	switch chosen {
	case recordedClinician:
		return in&clinicianCame != 0
	case recordedBoth:
		return in&bothThere != 0
	case recordedVideo:
		return in&inAudio == 0
	case recordedNever:
		return false
	}
	return true
}

// early are the segments of a visit that goes on whose recordings are there already.
// Nobody is owed them before it is completed.
func (s *State) early(b *booking) []segment {
	if b.status != InProgress {
		return nil
	}
	s.look(b)
	left := b.segments[b.published:]
	spoken := 0 // the last segment with media, from 1
	for i := range left {
		if len(left[i].moments) > 0 {
			spoken = i + 1
		}
	}
	if spoken == 0 {
		return nil
	}
	switch s.choice(listed) {
	case listedRunning:
		return left
	case listedSegment:
		return left[:len(left)-1]
	}
	return nil
}

// hasEarly reports whether a recording of a visit that goes on is there already.
func (s *State) hasEarly(b *booking) bool {
	early := s.early(b)
	for i := range early {
		if len(s.kept(&early[i])) > 0 {
			return true
		}
	}
	return false
}

// byGrant reports whether somebody may see what is recorded of a visit only because
// the patient let them.
func (b *booking) byGrant(u Handle) bool { return b.role(u) == stranger }

// counts reports whether what a patient granted somebody counts: it may not, before
// they accept.
func (s *State) counts(u Handle, b *booking) bool {
	return !b.byGrant(u) || s.choice(grants) == grantsAtOnce
}

// restarted is what a restart does to sessions and visits. What it does to a visit
// is left open until something depends on it.
func (s *State) restarted() {
	if s.choices.mask(sessions) != 1<<sessionsSurvive {
		for i := range s.users {
			s.editUser(s.users[i].handle).shaken = true
		}
		s.links = slices.Clone(s.links)
		for i := range s.links {
			s.links[i].shaken = true
		}
	}
	if s.choices.mask(visits) == 1<<visitsGoOn {
		return
	}
	for i := range s.bookings {
		if b := &s.bookings[i]; b.goesOn() {
			b = s.editBooking(b.handle)
			if b.struck = true; s.asked == nil {
				b.interrupt(s)
			}
		}
	}
}

// goesOn reports whether somebody is in a visit, or may be, or waits for it.
func (c *consultation) goesOn() bool {
	return c.status == InProgress || c.status == Planned && (c.patientIs != absent || c.guestIs != absent || c.clinicianIs != absent)
}

// interrupt is what a restart does to a visit that goes on.
func (c *consultation) interrupt(s *State) {
	c.struck = false
	if !c.goesOn() {
		return
	}
	switch chosen := s.choice(visits); chosen {
	case visitsAllOut:
		c.vacate()
		c.closing = c.status == InProgress && s.choice(completion) == completionLater
	case visitsEnd, visitsLost:
		if c.status == Planned {
			c.vacate() // who waited
			return
		}
		if chosen == visitsLost {
			c.segments = c.segments[:c.published:c.published]
		}
		c.finish()
	}
}

// isEarly reports whether a recording is one of a visit that goes on.
func (s *State) isEarly(h Handle) bool {
	name, n, _ := h.Recording()
	return n > len(s.recordings(s.booking(name)))
}

// undecided counts the recordings that a service may list for somebody and need not:
// those of visits that go on, and those that were granted and not accepted.
func (s *State) undecided(viewer Handle) int {
	n := 0
	for i := range s.bookings {
		b := &s.bookings[i]
		if s.sight(viewer, b, 0) == unseen {
			continue
		}
		n += len(s.early(b))
		if b.published > 0 && !s.counts(viewer, b) {
			n += len(s.recordings(b))
		}
	}
	return n
}
