package models

import "slices"

// equal reports whether two states of one history are the same, but for the choices
// that are possible.
func (s *State) equal(t *State) bool {
	return s.named == t.named && s.environment == t.environment && slices.Equal(s.late, t.late) &&
		slices.EqualFunc(s.debts, t.debts, equalDebts) &&
		(shared(s.bookings, t.bookings) || slices.EqualFunc(s.bookings, t.bookings, equalBookings)) &&
		(shared(s.users, t.users) || slices.EqualFunc(s.users, t.users, equalUsers)) &&
		slices.Equal(s.links, t.links) && slices.Equal(s.cursors, t.cursors) && slices.Equal(s.refusals, t.refusals)
}

// shared reports whether two slices are the same memory.
func shared[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func equalUsers(a, b user) bool {
	return a.handle == b.handle && a.clinician == b.clinician && a.email == b.email && a.loggedIn == b.loggedIn && a.shaken == b.shaken && a.closed == b.closed &&
		slices.Equal(a.proxies, b.proxies) && slices.Equal(a.dismissed, b.dismissed)
}

func equalBookings(a, b booking) bool {
	return a.handle == b.handle && a.patient == b.patient && a.clinician == b.clinician && a.guest == b.guest && a.slot == b.slot &&
		equalConsultations(&a.consultation, &b.consultation) && slices.Equal(a.shares, b.shares) && slices.Equal(a.gone, b.gone) &&
		slices.Equal(a.accesses, b.accesses) && slices.Equal(a.hidden, b.hidden) && slices.Equal(a.closed, b.closed) && slices.Equal(a.reusedBy, b.reusedBy) &&
		a.showing.equal(&b.showing)
}

func equalConsultations(a, b *consultation) bool {
	return a.status == b.status && a.booked == b.booked && a.mode == b.mode && a.switches == b.switches && a.attempted == b.attempted && a.closing == b.closing && a.struck == b.struck && a.strange == b.strange && a.met == b.met && a.published == b.published &&
		a.proposed == b.proposed && a.proposer == b.proposer && a.apart == b.apart &&
		a.patientIs == b.patientIs && a.clinicianIs == b.clinicianIs && a.guestIs == b.guestIs &&
		slices.EqualFunc(a.segments, b.segments, func(x, y segment) bool {
			return x.mode == y.mode && slices.Equal(x.moments, y.moments) && slices.Equal(x.heard, y.heard)
		})
}
