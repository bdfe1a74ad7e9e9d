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
	// hindered is what stands in the way of one who is not barred from it.
	hindered(c *consultation, who role, p *Policy) obstacle
	// ofBooking reports whether it changes the appointment, which a proxy may do,
	// and not the consultation, in which they take no part.
	ofBooking() bool
	// apply changes c as the operation does when it is not refused, whatever stood in
	// its way.
	apply(c *consultation, who role, s *State, step int)
}

// obstacle is what stands in the way of a change of a booking.
func (o OnBooking) obstacle(s *State, change bookingChange) obstacle {
	b := s.booking(o.Booking)
	who := s.role(o.User, b)
	if who != stranger {
		s.look(b)
	}
	bar := obstacleTo(&b.consultation, who, change, s.policy)
	if bar.accepted() && who == asProxy && !s.counts(o.User, b) {
		return grantPending
	}
	return bar
}

func obstacleTo(c *consultation, who role, change bookingChange, p *Policy) obstacle {
	if bar := p.bar(who, change.ofBooking(), change); bar != nothing {
		return bar
	}
	return change.hindered(c, who.seat(change), p)
}

// expect is the answer of a correct service to a change of a booking.
func (o OnBooking) expect(s *State, change bookingChange, step int) Response {
	b := s.booking(o.Booking)
	after := b.consultation
	who := s.role(o.User, b)
	if !s.policy.withdraws(who, change) {
		change.apply(&after, who.seat(change), s, step)
	}
	return Response{Outcome: OK, Encounter: after.encounter(who.seat(change), s.policy)}
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
	change.apply(&b.consultation, who.seat(change), s, step)
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
