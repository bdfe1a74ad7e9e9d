package models

// Switch changes the mode during the consultation, as often as one likes. A
// switch to the mode it already has changes nothing; one before it, on a service that
// allows it, what was booked.
type Switch struct {
	OnBooking
	Mode Mode
}

// Kind is "switch".
func (o Switch) Kind() Kind { return KindSwitch }

// String is its line in a trace.
func (o Switch) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Switch) fields(f *fields) Operation {
	o.onBooking(f)
	f.mode(&o.Mode)
	return o
}

func (o Switch) obstacle(s *State) obstacle         { return o.OnBooking.obstacle(s, o) }
func (o Switch) expect(s *State, step int) Response { return o.OnBooking.expect(s, o, step) }

func (o Switch) step(s *State, step int, r Response) {
	if s.booking(o.Booking) != nil && r.Outcome != Unbound {
		s.editBooking(o.Booking).attempted = true
	}
	o.OnBooking.step(s, o, step, r)
}

func (o Switch) ofBooking() bool { return false }

func (o Switch) hindered(c *consultation, who role, _ *Policy) obstacle { return c.away(who) }

func (o Switch) apply(c *consultation, who role, s *State, _ int) {
	if !c.switched(who, o.Mode, s) || c.mode == o.Mode {
		return
	}
	c.mode = o.Mode
	c.switches++
	if c.status == InProgress {
		c.begin()
	}
}

func drawSwitches(s *State, _ Population) []Operation {
	out := make([]Operation, 0, 2*len(s.users)*len(s.bookings))
	for _, u := range s.users {
		for i := range s.bookings {
			on := OnBooking{u.handle, s.bookings[i].handle}
			out = append(out, Switch{on, s.bookings[i].mode.Other()}, Switch{on, s.bookings[i].mode})
		}
	}
	return out
}

// SwitchHistory says how the mode of a consultation, or of all those of a
// patient, was changed.
type SwitchHistory uint8

// The histories.
const (
	NeverSwitched SwitchHistory = iota
	AudioToVideo
	VideoToAudio
	Repeatedly
)

// switchHistoryNames are indexed by SwitchHistory.
var switchHistoryNames = [...]string{"never switched", "audio to video", "video to audio", "repeatedly"}

// String returns the history's name.
func (h SwitchHistory) String() string {
	if int(h) < len(switchHistoryNames) {
		return switchHistoryNames[h]
	}
	return "unknown"
}

// MarshalText returns the history's name.
func (h SwitchHistory) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads a history's name.
func (h *SwitchHistory) UnmarshalText(text []byte) error {
	for i, name := range switchHistoryNames {
		if name == string(text) {
			*h = SwitchHistory(i)
			return nil
		}
	}
	return &NameError{What: "switch history", Name: string(text)}
}

func (c *consultation) history() SwitchHistory {
	switch {
	case c.switches == 0:
		return NeverSwitched
	case c.switches > 1:
		return Repeatedly
	case c.booked == Audio:
		return AudioToVideo
	}
	return VideoToAudio
}

// PatientHistory is how the mode was changed in all consultations of a patient
// or clinician together.
func (s *State) PatientHistory(h Handle) SwitchHistory {
	out := NeverSwitched
	for i := range s.bookings {
		b := &s.bookings[i]
		one := b.history()
		if b.role(h) == stranger || one == NeverSwitched {
			continue
		}
		if out != NeverSwitched {
			return Repeatedly
		}
		out = one
	}
	return out
}

// BookingHistory is how the mode of a booking's consultation was changed.
func (s *State) BookingHistory(h Handle) SwitchHistory {
	if b := s.booking(h.Booking()); b != nil {
		return b.history()
	}
	return NeverSwitched
}

// BookedMode is the mode in which a booking was made, or empty.
func (s *State) BookedMode(h Handle) Mode {
	if b := s.booking(h.Booking()); b != nil {
		return b.booked
	}
	return ""
}
