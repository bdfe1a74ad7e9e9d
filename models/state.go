package models

import "slices"

// State is what a correct service knows after some operations, as a value:
// [State.Step] returns the next one and leaves its receiver as it was.
//
// While a trace is drawn, Step is fed the expected response; while a history is
// checked, the observed one.
type State struct {
	policy   *Policy
	users    []user
	bookings []booking
	// patients, clinicians and booked count the attempts to register and to
	// book, so that a refused one uses its handle up.
	patients, clinicians, booked int
}

// NewState returns the state of a service in which nobody exists, under a
// policy, which must not be changed afterwards.
func NewState(p *Policy) *State { return &State{policy: p} }

// Expect says what a correct service answers to a call in this state.
func (s *State) Expect(c Call) Response {
	if r, stop := s.admit(c.Op); stop {
		return r
	}
	return c.Op.expect(s, c.Step)
}

// Accepts reports whether a correct service answers an operation with [OK]. It
// agrees with [State.Expect] and makes no answer.
func (s *State) Accepts(op Operation) bool {
	if _, stop := s.admit(op); stop {
		return false
	}
	change, ok := op.(bookingChange)
	if !ok {
		return op.expect(s, 0).Outcome == OK
	}
	b := s.booking(change.on().Booking)
	who := b.role(change.on().User)
	return who != stranger && change.answer(&b.consultation, who, s.policy) == OK
}

// admit answers for every operation alike what does not depend on its kind: it
// cannot be sent when a handle it uses is not bound, and is denied when its
// actor is not logged in.
func (s *State) admit(op Operation) (Response, bool) {
	actor := op.Actor()
	if actor == "" {
		return Response{}, false
	}
	u := s.user(actor)
	if u == nil || !s.bound(op) {
		return Response{Outcome: Unbound}, true
	}
	if !u.loggedIn && op.Kind() != KindLogin {
		return Response{Outcome: Denied}, true
	}
	return Response{}, false
}

// bound reports whether the model knows what an operation acts on.
func (s *State) bound(op Operation) bool {
	h := op.Uses()
	if h == "" {
		return true
	}
	if op.Kind() == KindBook {
		return s.user(h) != nil
	}
	b := s.booking(h.Booking())
	if b == nil {
		return false
	}
	if _, n, ok := h.Recording(); ok {
		return n <= len(s.recordings(b))
	}
	return true
}

// Step returns the state after r was answered to a call. An unknown or unsent
// operation leaves the state as it was, but for what it makes uncertain.
func (s *State) Step(c Call, r Response) *State {
	next := *s
	next.users = slices.Clone(s.users)
	next.bookings = slices.Clone(s.bookings)
	c.Op.step(&next, c.Step, r)
	return &next
}

// Enabled lists, in a fixed order, the well-formed operations in this state
// within a population: those that a correct service refuses, too.
func (s *State) Enabled(p Population) []Operation {
	var out []Operation
	for _, v := range verbs {
		out = append(out, v.draw(s, p)...)
	}
	return out
}

// EnabledOf lists the operations of one kind that [State.Enabled] lists.
func (s *State) EnabledOf(k Kind, p Population) []Operation {
	if v := verbByKind[k]; v != nil {
		return v.draw(s, p)
	}
	return nil
}

func (s *State) user(h Handle) *user {
	for i := range s.users {
		if s.users[i].handle == h {
			return &s.users[i]
		}
	}
	return nil
}

func (s *State) booking(h Handle) *booking {
	for i := range s.bookings {
		if s.bookings[i].handle == h {
			return &s.bookings[i]
		}
	}
	return nil
}
