package models

import "slices"

// recording is one row of the Consultation Replays.
type recording struct {
	handle  Handle
	booking *booking
	number  int
	mode    Mode
	moments []int
	// guessed says that nobody has read it of a service that does not declare what a
	// recording holds: its mode and moments are those that it would have on the
	// reference.
	guessed bool
}

// size is the length of the recording in bytes.
func (r recording) size() int64 { return int64(len(r.moments) * MediaSize) }

// recordings are those of a consultation that are there, in order: as it is declared that
// it is cut into them or, where it is not, as far as they were shown.
func (s *State) recordings(b *booking) []recording {
	s.look(b)
	out := s.recordingsIn(b, b.segments[:b.published])
	if s.learns() && b.published > 0 {
		out = s.asShown(b, out)
	}
	return out
}

// recordingsIn are those of some segments of a consultation: one for each with media,
// or one for all, whose mode is left unsaid when it changed.
func (s *State) recordingsIn(b *booking, segments []segment) []recording {
	var out []recording
	for i := range segments {
		seg := &segments[i]
		moments := s.kept(seg)
		if len(moments) == 0 {
			continue
		}
		if len(out) == 1 && s.policy.Recordings == PerConsultation {
			out[0].moments = append(out[0].moments[:len(out[0].moments):len(out[0].moments)], moments...)
			continue
		}
		n, mode := len(out)+1, seg.mode
		if s.policy.Recordings == PerConsultation && len(segments) > 1 {
			mode = ""
		}
		out = append(out, recording{RecordingHandle(b.handle, n), b, n, mode, moments, false})
	}
	return out
}

// asShown are the recordings of a consultation that a service has shown, and before
// it has shown all, those that there would be on the reference.
func (s *State) asShown(b *booking, all []recording) []recording {
	n, now := b.showing.highest(), s.age(b)
	if b.showing.listed != now || n == 0 {
		n = max(n, len(all))
	}
	out := make([]recording, n)
	for i := range out {
		out[i] = recording{handle: RecordingHandle(b.handle, i+1), booking: b, number: i + 1, guessed: true}
		if i < len(all) {
			out[i] = all[i]
			out[i].guessed = true
		}
		if known := b.showing.row(i + 1); known != nil && known.read == now {
			out[i].moments, out[i].guessed = known.moments, false
		}
	}
	return out
}

// spoken are the moments of a consultation of which there are recordings.
func (s *State) spoken(b *booking) []int {
	var out []int
	for i := range b.segments[:b.published] {
		out = append(out, s.kept(&b.segments[i])...)
	}
	return out
}

// had reports whether a consultation was ever in a mode, or booked in it.
func (c *consultation) had(m Mode) bool {
	return c.booked == m || c.mode == m || slices.ContainsFunc(c.segments, func(s segment) bool { return s.mode == m })
}

// hadOnly reports whether a consultation was booked in a mode and never in another.
func (c *consultation) hadOnly(m Mode) bool { return c.had(m) && !c.had(m.Other()) }

// silent counts the stretches of a consultation that left no media: each may have an
// empty recording.
func (s *State) silent(b *booking) int {
	n := 0
	for i := range b.segments[:b.published] {
		if len(s.kept(&b.segments[i])) == 0 {
			n++
		}
	}
	return n
}

// recording finds a recording by its handle.
func (s *State) recording(h Handle) (recording, bool) {
	name, n, ok := h.Recording()
	if !ok {
		return recording{}, false
	}
	b := s.booking(name)
	if b == nil {
		return recording{}, false
	}
	all := s.recordings(b)
	if n > len(all) {
		all = s.recordingsIn(b, b.segments[:b.published+len(s.early(b))])
	}
	if n > len(all) {
		return recording{}, false
	}
	return all[n-1], true
}

// Owner is the patient of a booking or a recording, or empty.
func (s *State) Owner(h Handle) Handle {
	if b := s.booking(h.Booking()); b != nil {
		return b.patient
	}
	return ""
}

// Recordings lists every recording there is, in order of booking.
func (s *State) Recordings() []Handle {
	var out []Handle
	for i := range s.bookings {
		for _, r := range s.recordings(&s.bookings[i]) {
			out = append(out, r.handle)
		}
	}
	return out
}

// row is what a correct service shows of a recording.
func (r recording) row() Row {
	return Row{Recording: r.handle, Subject: r.booking.patient, Mode: r.mode, Segment: r.number, Size: r.size(),
		Tag: Tag{Booking: r.booking.handle}}
}

// listingOf is a listing of recordings as a correct service shows it.
func listingOf(all []recording) *Listing {
	l := &Listing{Rows: make([]Row, len(all))}
	for i, r := range all {
		l.Rows[i] = r.row()
	}
	total := len(all)
	l.Total = &total
	return l
}
