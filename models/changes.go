package models

// OnBooking is an operation of a user on a booking or its consultation.
type OnBooking struct {
	User    Handle
	Booking Handle
}

// Actor is the user.
func (o OnBooking) Actor() Handle { return o.User }

// Defines is nothing.
func (o OnBooking) Defines() Handle { return "" }

// Uses is the booking.
func (o OnBooking) Uses() Handle { return o.Booking }

// Whom is nobody.
func (o OnBooking) Whom() Handle { return "" }

func (o *OnBooking) onBooking(f *fields) {
	f.actor(&o.User)
	f.booking(&o.Booking)
}

func (o OnBooking) known(s *State) bool { return s.knows(o.Booking) }

func (o OnBooking) on() OnBooking { return o }

// bookingChange is what an operation on a booking does to it.
type bookingChange interface {
	// on says who changes which booking.
	on() OnBooking
	// answer is what one who is no stranger to the booking is answered.
	answer(c *consultation, who role, p *Policy) Outcome
	// ofBooking reports whether it changes the appointment, which a proxy may do,
	// and not the consultation, in which they take no part.
	ofBooking() bool
	// apply changes c as the operation does when it is not refused.
	apply(c *consultation, who role, step int)
}

// expect is the answer of a correct service to a change of a booking.
func (o OnBooking) expect(s *State, change bookingChange, step int) Response {
	b := s.booking(o.Booking)
	return expectChange(&b.consultation, s.role(o.User, b), change, s.policy, step)
}

// answerChange is the outcome of a change of a booking on a correct service.
func answerChange(c *consultation, who role, change bookingChange, p *Policy) Outcome {
	switch {
	case who == stranger:
		return p.Refusal
	case p.bars(who, change.ofBooking(), change):
		return Denied
	}
	return change.answer(c, who.seat(change), p)
}

func expectChange(c *consultation, who role, change bookingChange, p *Policy, step int) Response {
	if outcome := answerChange(c, who, change, p); outcome != OK {
		return Response{Outcome: outcome}
	}
	after := *c
	if !p.withdraws(who, change) {
		change.apply(&after, who.seat(change), step)
	}
	return Response{Outcome: OK, Encounter: after.encounter(p)}
}

// step records the answer to a change of a booking.
func (o OnBooking) step(s *State, change bookingChange, step int, r Response) {
	if r.Outcome != OK || s.booking(o.Booking) == nil {
		return
	}
	b := s.editBooking(o.Booking)
	who := s.role(o.User, b)
	if s.policy.withdraws(who, change) {
		b.guest = ""
		return
	}
	change.apply(&b.consultation, who.seat(change), step)
}

// okIf is OK, or Conflict where the state of a booking does not allow it.
func okIf(allowed bool) Outcome {
	if allowed {
		return OK
	}
	return Conflict
}

// drawOnBooking draws operations on each booking by each user.
func drawOnBooking(op func(OnBooking) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		out := make([]Operation, 0, len(s.users)*len(s.bookings))
		for _, u := range s.users {
			for i := range s.bookings {
				out = append(out, op(OnBooking{u.handle, s.bookings[i].handle}))
			}
		}
		return out
	}
}
