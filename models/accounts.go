package models

import "slices"

// Close erases the account of a patient who is in no consultation: their
// recordings, what was shared with them and by them, their proxies, links and
// appointments that have not begun. Their e-mail address is free again. It may be
// declared that others keep the recordings, and that logging in opens the account
// again. On a service that allows it during a consultation, that ends or goes on
// without them; and clinicians may close theirs, whose patients keep their
// recordings.
type Close struct{ ByUser }

// Kind is "close".
func (o Close) Kind() Kind { return KindClose }

// String is its line in a trace.
func (o Close) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Close) fields(f *fields) Operation { o.byUser(f); return o }

func (o Close) ended(s *State) bool { return s.user(o.User).closed }

func (o Close) obstacle(s *State) obstacle {
	if s.user(o.User).clinician {
		return ofClinician
	}
	out := nothing
	for i := range s.bookings {
		switch b := &s.bookings[i]; {
		case b.role(o.User) == stranger:
		case s.running(b):
			return visitRunning
		case b.status == Planned:
			out = visitPlanned
		}
	}
	return out
}

func (o Close) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Close) step(s *State, _ int, r Response) {
	if r.Outcome == OK {
		o.close(s, true)
	}
}

// otherwise has the visits of one who closes the account go on without them, and the
// appointments of a clinician stay.
func (o Close) otherwise(s *State, _ int) []*State {
	if s.user(o.User) == nil {
		return nil
	}
	next := *s
	o.close(&next, false)
	return []*State{next.released()}
}

// close closes the account; the visits that are in progress end with it, or go on.
func (o Close) close(s *State, ends bool) {
	if u := s.user(o.User); u == nil || u.closed {
		return
	}
	u := s.editUser(o.User)
	u.closed, u.loggedIn, u.shaken, u.proxies = true, false, false, nil
	s.revokeLinks(o.User)
	for i := range s.users {
		s.dismiss(s.users[i].handle, o.User)
	}
	for i := range s.bookings {
		if s.bookings[i].role(o.User) != stranger || len(s.bookings[i].shares) > 0 {
			s.eraseFrom(s.bookings[i].handle, o.User, ends)
		}
	}
}

// eraseFrom takes one whose account is closed out of a booking.
func (s *State) eraseFrom(h, u Handle, ends bool) {
	b := s.editBooking(h)
	b.shares = slices.DeleteFunc(slices.Clone(b.shares), func(sh share) bool { return sh.with == u || b.patient == u })
	who := b.role(u)
	switch {
	case who == stranger:
		return
	case b.status == InProgress && ends:
		b.finish()
	case b.status == InProgress:
		Leave{}.apply(&b.consultation, who, s, 0)
	case b.status == Planned && who == asGuest:
		b.guest = ""
	case b.status == Planned && (ends || who == asPatient):
		b.status = Cancelled
	}
	if who == asPatient && s.policy.Access.of(closing) != keptOnClosing {
		s.eraseAll(b)
	}
}

// eraseAll has all recordings of a booking gone.
func (s *State) eraseAll(b *booking) {
	was := b.gone
	b.gone, b.closed = nil, nil
	for i := range s.unasked().recordings(b) {
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
