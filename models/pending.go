package models

// What comes about by itself: a lost connection that counts as a leaving after a
// time, and a visit that is completed some time after it was left. When it has come
// about nobody knows before an answer tells; until something depends on it, it is
// left open.

// waning reports whether something may come about in a visit by itself: whether
// somebody was lost, or it is about to be completed.
func (c *consultation) waning() bool {
	return c.closing || c.struck || (c.status == InProgress || c.status == Planned) &&
		(c.patientIs == dropped || c.clinicianIs == dropped || c.guestIs == dropped)
}

// bitOf is the bit of a booking in a set of bookings. Those beyond the 63rd share one.
func (s *State) bitOf(b *booking) uint64 {
	i := 0
	for i < len(s.bookings)-1 && s.bookings[i].handle != b.handle {
		i++
	}
	return 1 << min(i, 63)
}

// anyPending reports whether something may come about by itself in any booking, or
// came about that can be understood in more ways than one.
func (s *State) anyPending() bool {
	for i := range s.bookings {
		if c := &s.bookings[i].consultation; c.strange || c.waning() && (c.closing || c.struck || s.choices.mask(drops)&(1<<dropTimeout) != 0) {
			return true
		}
	}
	return false
}

// look notes that an answer depends on what has come about in a booking.
func (s *State) look(b *booking) {
	if s.asked == nil || !b.waning() {
		return
	}
	bit := s.bitOf(b)
	if s.looked&bit == 0 && (b.closing || b.struck || s.choice(drops) == dropTimeout) {
		s.asked.pending |= bit
	}
}

// running reports whether a visit goes on.
func (s *State) running(b *booking) bool {
	s.look(b)
	return b.status == InProgress
}

// comeAbout are the states in which of what may come about in a booking that was
// asked about nothing has, or some, or all.
func (s *State) comeAbout() []*State {
	bit := s.asked.pending & -s.asked.pending
	first := *s
	first.looked |= bit
	for i := range s.bookings {
		if b := &s.bookings[i]; b.waning() && s.bitOf(b) == bit {
			out := spread([]*State{&first}, b.handle)
			if b.struck {
				out = spread(struck(out, b.handle), b.handle)
			}
			return out
		}
	}
	return []*State{&first}
}

// spread are states and those in which more has come about in a booking.
func spread(all []*State, h Handle) []*State {
	for n := 0; n < len(all); n++ { // all grows
		all = all[n].next(all, h)
	}
	return all
}

// struck are states behind what the last restart did to a booking.
func struck(all []*State, h Handle) []*State {
	out := make([]*State, 0, len(all))
	for _, s := range all {
		out = mergeInto(out, s.changed(h, func(c *consultation) { c.interrupt(s) }), 1)
	}
	return out
}

// changed is the state in which the consultation of a booking is otherwise.
func (s *State) changed(h Handle, change func(*consultation)) *State {
	out := *s
	out.bookingsOwned = false
	change(&out.editBooking(h).consultation)
	out.bookingsOwned = false
	return &out
}

// next appends the states in which one thing more has come about in a booking.
func (s *State) next(to []*State, h Handle) []*State {
	add := func(change func(c *consultation)) {
		to = mergeInto(to, s.changed(h, change), 1)
	}
	c := s.booking(h).consultation
	if c.closing {
		add((*consultation).finish)
	}
	lost := c.patientIs == dropped || c.clinicianIs == dropped || c.guestIs == dropped
	if !lost || s.choice(drops) != dropTimeout {
		return to
	}
	for _, who := range [...]role{asPatient, asClinician, asGuest} {
		if *c.at(who) == dropped {
			add(func(c *consultation) { c.depart(who, s) })
		}
	}
	return to
}
