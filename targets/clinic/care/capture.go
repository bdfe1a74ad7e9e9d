package care

// cut begins a new stretch, and a new segment with it unless a recording holds the whole.
func (c *Consultation) cut(r *Rules) {
	c.Stretch++
	c.Captured = c.Captured && r.Grain == PerConsultation
}

// Capture lets a participant who is present speak; otherwise [ErrConflict].
func (c *Consultation) Capture(r *Rules, role Role) error {
	return c.mustMeet(role, r.MediaFromOutside)
}

// NoteMedia notes that the current stretch has media, and tells whether a segment begins with it: then that is number
// Segments.
func (c *Consultation) NoteMedia() bool {
	begins := !c.Captured
	c.Captured = true
	if begins {
		c.Segments++
	}
	return begins
}

// Keeps tells whether what the Speaker says is recorded.
func (c *Consultation) Keeps(r *Rules) bool { return r.keeps(c, c.Speaker) }

// SegmentNow returns the number of the recording to which media of somebody would go now; 0 when it would go nowhere.
func (c *Consultation) SegmentNow(r *Rules, speaker Role) int {
	switch {
	case c.Status != InProgress || !r.keeps(c, speaker):
		return 0
	case c.Captured:
		return r.NumberOf(c.Stretch, c.Segments)
	default:
		return r.NumberOf(c.Stretch, c.Segments+1)
	}
}
