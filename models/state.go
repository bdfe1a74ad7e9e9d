package models

import "slices"

// State is what a correct service knows after some operations, as a value:
// [State.Step] returns the next one and leaves its receiver as it was.
//
// While a trace is drawn, Step is fed the expected response; while a history is
// checked, the observed one.
type State struct {
	policy *Policy
	// choices are those that the service may have made; what was asked of them, or
	// of looked, the bookings whose course is known, is noted in asked.
	choices Choices
	asked   *asked
	looked  uint64
	// debts are what callers were not shown who should have been.
	debts    []debt
	users    []user
	bookings []booking
	links    []link
	cursors  []cursor
	named
	environment
	// refusals are the answers to reads of what never existed, and of what is
	// another's, by kind of operation.
	refusals []refusal
	// late are the operations that got no answer and had no effect yet, but may
	// have one later.
	late []Call
	// usersOwned and bookingsOwned say that the slices are this state's alone
	// and may be changed in place, which is so only within Step.
	usersOwned, bookingsOwned bool
}

// named counts the attempts to define a handle, so that a refused one uses its
// handle up.
type named struct{ patients, clinicians, booked, linked, paged int }

// NewState returns the state of a service in which nobody exists, under a
// policy, which must not be changed afterwards.
func NewState(p *Policy) *State { return &State{policy: p, choices: p.Choices} }

// Expect says what a correct service answers to a call in this state: the
// reference, where services may differ.
func (s *State) Expect(c Call) Response {
	if !s.bound(c.Op) {
		return Response{Outcome: Unbound}
	}
	if b := s.obstacle(c.Op); !b.accepted() {
		return Response{Outcome: b.outcome(s.policy)}
	}
	return c.Op.expect(s, c.Step)
}

// Accepts reports whether a correct service answers an operation with [OK]. It
// agrees with [State.Expect] and makes no answer.
func (s *State) Accepts(op Operation) bool { return s.bound(op) && s.obstacle(op).accepted() }

// bound reports whether the model knows who performs an operation, and what and
// whom it names.
func (s *State) bound(op Operation) bool {
	switch actor := op.Actor(); actor {
	case "", Anyone, Operator, Service:
	default:
		if s.user(actor) == nil {
			return false
		}
	}
	if whom := op.Whom(); whom != "" && s.user(whom) == nil {
		return false
	}
	return op.known(s)
}

// knows reports whether a booking or a recording exists, or is one that never
// does.
func (s *State) knows(h Handle) bool {
	if h == "" || h.Phantom() {
		return true
	}
	name, _, isRecording := h.Recording()
	if !isRecording {
		return s.booking(h) != nil
	}
	b := s.booking(name)
	if b == nil {
		return false
	}
	_, ok := s.recording(h)
	return ok
}

// Step returns the state after r was answered to a call. An operation without an
// answer, or one that was not sent, leaves what the service knows as it was.
func (s *State) Step(c Call, r Response) *State {
	next := *s
	c.Op.step(&next, c.Step, r)
	return next.released()
}

// released is a state that is not changed any more.
func (s *State) released() *State {
	s.usersOwned, s.bookingsOwned, s.looked = false, false, 0
	return s
}

// editUser returns a user to be changed, within Step alone: what other states
// share is copied first. The user must exist.
func (s *State) editUser(h Handle) *user {
	if !s.usersOwned {
		s.users, s.usersOwned = slices.Clone(s.users), true
	}
	return s.user(h)
}

// editBooking is [State.editUser] for a booking.
func (s *State) editBooking(h Handle) *booking {
	if !s.bookingsOwned {
		s.bookings, s.bookingsOwned = slices.Clone(s.bookings), true
	}
	return s.booking(h)
}

// Enabled lists, in a fixed order, the well-formed operations in this state
// within a population: those that a correct service refuses, too.
func (s *State) Enabled(p Population) []Operation {
	var out []Operation
	for i := range catalogue {
		out = append(out, catalogue[i].draw(s, p)...)
	}
	return out
}

// EnabledOf lists the operations of one kind that [State.Enabled] lists.
func (s *State) EnabledOf(k Kind, p Population) []Operation {
	if r := rowByKind[k]; r != nil {
		return r.draw(s, p)
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
