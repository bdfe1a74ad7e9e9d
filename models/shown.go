package models

import "slices"

// showing is what was learnt of the recordings of a consultation, where the service
// does not declare how it cuts one into recordings.
type showing struct {
	rows []shown
	// listed is the age of the consultation when somebody who may see all of them was
	// last shown a whole listing.
	listed int
	// voices are who spoke, in the order in which they did.
	voices []voice
}

// shown is a recording that the service has shown, whatever it holds.
type shown struct {
	number int
	size   int64 // as the service says it, or 0
	// read is the age of the consultation when it was last read whole, and moments are
	// what it was found to hold.
	read    int
	moments []int
}

// voice is who spoke at a moment.
type voice struct {
	moment int
	of     role
}

func (w *showing) equal(x *showing) bool {
	return w.listed == x.listed && slices.Equal(w.voices, x.voices) && slices.EqualFunc(w.rows, x.rows, func(a, b shown) bool {
		return a.number == b.number && a.size == b.size && a.read == b.read && slices.Equal(a.moments, b.moments)
	})
}

// row is the recording with a number, or nil where it was not shown yet.
func (w *showing) row(number int) *shown {
	for i := range w.rows {
		if w.rows[i].number == number {
			return &w.rows[i]
		}
	}
	return nil
}

// highest is the greatest number of a recording that was shown, or 0.
func (w *showing) highest() int {
	n := 0
	for i := range w.rows {
		n = max(n, w.rows[i].number)
	}
	return n
}

// with is what is known when a recording was shown as well, or was found to hold
// something. What it was found to hold first at an age is kept.
func (w showing) with(r shown) showing {
	w.rows = slices.Clone(w.rows)
	known := w.row(r.number)
	if known == nil {
		w.rows = append(w.rows, r)
		return w
	}
	if r.read == 0 {
		known.size = r.size
	} else if known.read != r.read {
		known.read, known.moments = r.read, r.moments
	}
	return w
}

// inOrder reports whether moments are in the order in which each voice spoke them.
// Voices may overlap.
func (w *showing) inOrder(moments []int) bool {
	var last [asProxy + 1]int
	for _, m := range moments {
		at := slices.IndexFunc(w.voices, func(v voice) bool { return v.moment == m })
		if at < 0 {
			continue
		}
		if of := w.voices[at].of; at < last[of] {
			return false
		}
		last[w.voices[at].of] = at + 1
	}
	return true
}

// age counts how often a consultation has come to hold more since it began: a visit may
// go on when it was over, and then its recordings are others.
func (s *State) age(b *booking) int {
	n := 1
	for i := range b.segments[:b.published] {
		n += len(b.segments[i].moments)
	}
	return n
}

// learns reports whether what is shown of recordings is kept: where it is declared
// how a consultation is cut, it follows from what was spoken.
func (s *State) learns() bool { return s.policy.Recordings == AnyCut }

// noteVoice keeps who speaks.
func (s *State) noteVoice(o Speak, step int, r Response) {
	if b := s.booking(o.Booking); s.learns() && r.Outcome == OK && b != nil {
		b = s.editBooking(o.Booking)
		b.showing.voices = append(slices.Clip(b.showing.voices), voice{step, b.role(o.User)})
	}
}

// noteShown keeps which recordings a listing has shown; whole says that nothing was
// left out of it by a filter or for its length.
func (s *State) noteShown(viewer Handle, r *Response, whole bool) {
	if !s.learns() || r.Listing == nil {
		return
	}
	for i := range r.Listing.Rows {
		row := &r.Listing.Rows[i]
		name, n, ok := row.Recording.Recording()
		b := s.booking(name)
		if !ok || b == nil || row.Tag.Booking != "" && row.Tag.Booking != name {
			continue
		}
		if known := b.showing.row(n); known == nil || known.size != row.Size {
			b = s.editBooking(name)
			b.showing = b.showing.with(shown{number: n, size: row.Size})
		}
	}
	if !whole || r.Outcome != OK || r.Listing.Truncated {
		return
	}
	for i := range s.bookings {
		if b := &s.bookings[i]; b.published > 0 && s.listsAll(viewer, b) {
			s.noteListed(b, r.Listing)
		}
	}
}

// noteListed keeps that a listing has shown all recordings of a booking. A row that is
// not in it may have been shown by another handle before, unless it was read.
func (s *State) noteListed(b *booking, l *Listing) {
	renamed := func(r shown) bool {
		h := RecordingHandle(b.handle, r.number)
		return r.read == 0 && !s.Gone(h) && l.find(h) == nil
	}
	if age := s.age(b); b.showing.listed != age || slices.ContainsFunc(b.showing.rows, renamed) {
		b = s.editBooking(b.handle)
		b.showing.listed, b.showing.rows = age, slices.DeleteFunc(slices.Clone(b.showing.rows), renamed)
	}
}

// listsAll reports whether a user's list of replays has all recordings of a booking, as
// that of one does not with whom some are shared.
func (s *State) listsAll(u Handle, b *booking) bool { return s.partSight(u, b) == inList }

// noteHeld keeps what a recording was found to hold that was read whole.
func (s *State) noteHeld(h Handle, r *Response) {
	name, n, ok := h.Recording()
	if b := s.booking(name); !s.learns() || !ok || b == nil || r.Outcome != OK {
		return
	}
	if moments, whole := r.Content.wholly(name); whole {
		b := s.editBooking(name)
		b.showing = b.showing.with(shown{number: n, read: s.age(b), moments: moments})
	}
}

// wholly are the moments of one booking that content consists of, each whole. It
// returns false for content that is not known to be all there is, or that holds
// anything else.
func (c *Content) wholly(booking Handle) ([]int, bool) {
	if c == nil || c.From != 0 || c.Stray > 0 || c.Total >= 0 && c.Total != c.Length || c.Length != int64(len(c.Pieces)*MediaSize) {
		return nil, false
	}
	moments := make([]int, len(c.Pieces))
	for i, p := range c.Pieces {
		if p.Tag.Booking != booking || p.Tag.World != c.Pieces[0].Tag.World || p.From != 0 || p.To != MediaSize {
			return nil, false
		}
		moments[i] = p.Tag.Moment
	}
	return moments, true
}
