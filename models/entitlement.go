package models

import "slices"

// entitled reports whether a user has a right to the nth recording of a booking,
// deleted or not, or with n 0 to any of them.
func (s *State) entitled(u Handle, b *booking, n int) bool { return s.sight(u, b, n) != unseen }

// Entitled reports whether a user has a right to a recording, or to any of those
// of a booking, deleted or not.
func (s *State) Entitled(u, h Handle) bool {
	name, n, ok := h.Recording()
	if !ok {
		name = h
	}
	b := s.booking(name)
	return b != nil && s.entitled(u, b, n)
}

// MaySee reports whether a user may see a recording, or any of those of a
// booking: whether they are entitled to it and it is not deleted for them.
func (s *State) MaySee(u, h Handle) bool { return s.Entitled(u, h) && !s.goneTo(u, h) }

// Gone reports whether a recording is deleted for everybody.
func (s *State) Gone(h Handle) bool {
	name, n, ok := h.Recording()
	if !ok {
		return false
	}
	b := s.booking(name)
	return b != nil && slices.Contains(b.gone, n)
}

// visible are the recordings that a user sees in the list of replays, in order of
// booking.
func (s *State) visible(u Handle) []recording {
	return s.recordingsThat(func(b *booking, n int) bool {
		return s.sight(u, b, n) == inList && !s.hiddenFrom(u, b, n) && (n == 0 || s.counts(u, b))
	})
}

// ownRecordings are those of a patient's own consultations.
func (s *State) ownRecordings(u Handle) []recording {
	return s.recordingsThat(func(b *booking, n int) bool { return b.patient == u && !s.hiddenFrom(u, b, n) })
}

// recordingsThat are the recordings, in order of booking, that are not deleted
// and that are chosen by booking and number; number 0 asks for any.
func (s *State) recordingsThat(chosen func(b *booking, n int) bool) []recording {
	var out []recording
	for i := range s.bookings {
		b := &s.bookings[i]
		if !chosen(b, 0) {
			continue
		}
		for _, r := range s.recordings(b) {
			if !slices.Contains(b.gone, r.number) && chosen(b, r.number) {
				out = append(out, r)
			}
		}
	}
	return out
}
