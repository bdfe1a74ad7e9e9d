package models

import "slices"

// What an operation did that a service need not accept, and accepted, the answer
// tells: it took effect. Where one answer can be understood in more than one way,
// as that of leaving a visit with a lost connection, there is a state behind it for
// each, of which what the service says of the consultation leaves those that agree.

// versatile is an operation that can be understood in more ways than that of its
// step.
type versatile interface {
	// otherwise are the states behind it if it is understood otherwise.
	otherwise(s *State, step int) []*State
}

// versatileChange is a change of a booking that can be understood in more ways than
// that in which it is applied.
type versatileChange interface {
	bookingChange
	// otherwise are the consultations behind it if it is understood otherwise.
	otherwise(c *consultation, who role, s *State, step int) []consultation
}

// performed appends the states behind an operation that took effect without an
// answer: none where a correct service refuses it.
func (s *State) performed(to []*State, c Call) []*State {
	if !s.bound(c.Op) {
		return to
	}
	if b := s.obstacle(c.Op); b.accepted() || b.open() {
		return append(to, s.behind(c, Response{Outcome: OK})...)
	}
	return to
}

// behind are the states behind an operation that was accepted, in each way in which
// it can be understood that agrees with what is said of the consultation: none where
// nothing does.
func (s *State) behind(c Call, r Response) []*State {
	out := []*State{s.Step(c, r)}
	if r.Outcome != OK || !s.bound(c.Op) {
		return out
	}
	b := s.obstacle(c.Op)
	if b.accepted() || !b.open() {
		return out
	}
	switch op := c.Op.(type) {
	case versatile:
		out = append(out, op.otherwise(s, c.Step)...)
	case bookingChange:
		if other, ok := op.(versatileChange); ok {
			out = append(out, op.on().otherwise(s, other, c.Step)...)
		}
	}
	if said := r.Encounter; said != nil && rowOf(c.Op.Kind()).onBooking() {
		who := s.role(c.Op.Actor(), s.booking(c.Op.Uses()))
		out = slices.DeleteFunc(out, func(t *State) bool { return !said.isOf(&t.booking(c.Op.Uses()).consultation, who) })
	}
	return out
}

// otherwise are the states behind a change of a booking if it is understood otherwise.
func (o OnBooking) otherwise(s *State, change versatileChange, step int) []*State {
	b := s.booking(o.Booking)
	var out []*State
	for _, c := range change.otherwise(&b.consultation, s.role(o.User, b).seat(change), s, step) {
		next := *s
		next.editBooking(o.Booking).consultation = c
		out = append(out, next.released())
	}
	return out
}

// behind are the consultations behind a change that was accepted, with what stood in
// its way.
func (c *consultation) behind(b obstacle, who role, change bookingChange, s *State, step int) []consultation {
	after := *c
	change.apply(&after, who, s, step)
	out := []consultation{after}
	if other, ok := change.(versatileChange); ok && b.open() && !b.accepted() {
		out = append(out, other.otherwise(c, who, s, step)...)
	}
	return out
}

// isOf reports whether what is said to one in a role agrees with a consultation.
func (e *Encounter) isOf(c *consultation, who role) bool {
	return same(e.Status, c.status) && same(e.Mode, c.modeFor(who))
}
