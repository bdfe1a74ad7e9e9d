package models

import "slices"

// Close erases the account of a patient who is in no consultation: their
// recordings, what was shared with them and by them, their proxies, links and
// appointments that have not begun. Their e-mail address is free again.
type Close struct{ ByUser }

// Kind is "close".
func (o Close) Kind() Kind { return KindClose }

// String is its line in a trace.
func (o Close) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Close) fields(f *fields) Operation { o.byUser(f); return o }

func (o Close) expect(s *State, _ int) Response {
	if s.user(o.User).clinician {
		return Response{Outcome: Denied}
	}
	for i := range s.bookings {
		if b := &s.bookings[i]; b.status == InProgress && b.role(o.User) != stranger {
			return Response{Outcome: Conflict}
		}
	}
	return Response{Outcome: OK}
}

func (o Close) step(s *State, _ int, r Response) {
	if s.user(o.User) == nil || r.Outcome != OK {
		return
	}
	u := s.editUser(o.User)
	u.closed, u.loggedIn, u.proxies = true, false, nil
	s.revokeLinks(o.User)
	for i := range s.users {
		s.dismiss(s.users[i].handle, o.User)
	}
	for i := range s.bookings {
		s.eraseFrom(s.bookings[i].handle, o.User)
	}
}

// eraseFrom takes a patient whose account is closed out of a booking.
func (s *State) eraseFrom(h, u Handle) {
	b := s.editBooking(h)
	b.shares = slices.DeleteFunc(slices.Clone(b.shares), func(sh share) bool { return sh.with == u || b.patient == u })
	switch {
	case b.guest == u && b.status == Planned:
		b.guest = ""
	case b.patient != u:
	case b.status == Planned:
		b.status = Cancelled
	case b.status == Completed:
		b.gone = nil
		for n := range s.recordings(b) {
			b.gone = append(b.gone, n+1)
		}
	}
}
