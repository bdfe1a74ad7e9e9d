package models

// recording is one row of the Consultation Replays.
type recording struct {
	handle  Handle
	booking *booking
	number  int
	mode    Mode
	moments []int
}

// size is the length of the recording in bytes.
func (r recording) size() int64 { return int64(len(r.moments) * MediaSize) }

// recordings are those of a consultation that are there, in order: one for each
// segment with media, or one for all, whose mode is left unsaid when it changed.
func (s *State) recordings(b *booking) []recording {
	s.look(b)
	return s.recordingsIn(b, b.segments[:b.published])
}

// recordingsIn are those of some segments of a consultation.
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
		out = append(out, recording{RecordingHandle(b.handle, n), b, n, mode, moments})
	}
	return out
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
