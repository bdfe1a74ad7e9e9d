package models

import "slices"

// Close erases the account of a patient who is in no consultation: their
// recordings, what was shared with them and by them, their proxies, links and
// appointments that have not begun. Their e-mail address is free again. It may be
// declared that others keep the recordings, and that logging in opens the account
// again.
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
	case b.status == Completed && s.policy.Access.of(closing) != keptOnClosing:
		s.eraseAll(b)
	}
}

// eraseAll has all recordings of a booking gone.
func (s *State) eraseAll(b *booking) {
	was := b.gone
	b.gone, b.closed = nil, nil
	for i := range s.recordings(b) {
		b.gone = append(b.gone, i+1)
		if !slices.Contains(was, i+1) {
			b.closed = append(b.closed, i+1)
		}
	}
}

// reopen gives a patient the account back, and as is declared what went with it.
func (s *State) reopen(h Handle) {
	s.editUser(h).closed = false
	if s.policy.Access.of(reopening) != withRecordings {
		return
	}
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.patient != h || len(b.closed) == 0 {
			continue
		}
		b = s.editBooking(b.handle)
		back := b.closed
		b.gone = slices.DeleteFunc(slices.Clone(b.gone), func(n int) bool { return slices.Contains(back, n) })
		b.closed = nil
	}
}
