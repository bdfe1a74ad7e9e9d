package models

import "slices"

// Snapshot is what the model knows at a point of a trace, for people. Nothing is
// judged by it.
type Snapshot struct {
	// ReplaysOff says that the operator has switched the replays off.
	ReplaysOff bool `json:"replaysOff,omitempty"`
	// Restarts counts the restarts of the service.
	Restarts   int                 `json:"restarts,omitempty"`
	Users      []UserSnapshot      `json:"users,omitempty"`
	Bookings   []BookingSnapshot   `json:"bookings,omitempty"`
	Recordings []RecordingSnapshot `json:"recordings,omitempty"`
	Links      []LinkSnapshot      `json:"links,omitempty"`
	// Gone are the recordings that were there before, in [State.Changes].
	Gone []Handle `json:"gone,omitempty"`
}

// UserSnapshot is a patient or a clinician.
type UserSnapshot struct {
	Handle    Handle `json:"handle"`
	Clinician bool   `json:"clinician,omitempty"`
	LoggedIn  bool   `json:"loggedIn,omitempty"`
	Closed    bool   `json:"closed,omitempty"`
	// Open says that an operation without an answer leaves some of this open.
	Open    bool     `json:"open,omitempty"`
	Proxies []Handle `json:"proxies,omitempty"`
}

// BookingSnapshot is an appointment and the consultation held for it.
type BookingSnapshot struct {
	Handle    Handle          `json:"handle"`
	Patient   Handle          `json:"patient"`
	Clinician Handle          `json:"clinician"`
	Guest     Handle          `json:"guest,omitempty"`
	Slot      int             `json:"slot"`
	Status    EncounterStatus `json:"status"`
	Booked    Mode            `json:"booked"` // as it was booked
	Mode      Mode            `json:"mode"`   // as it is now
	Switches  int             `json:"switches,omitempty"`
	// Present are those who are in the consultation, and Dropped those who lost
	// their connection and may come back.
	Present []Handle `json:"present,omitempty"`
	Dropped []Handle `json:"dropped,omitempty"`
	// Spoken are the steps at which something was said.
	Spoken []int `json:"spoken,omitempty"`
	// Open says that an operation without an answer leaves some of this open.
	Open bool `json:"open,omitempty"`
}

// RecordingSnapshot is a recording of a completed consultation.
type RecordingSnapshot struct {
	Handle Handle `json:"handle"`
	Owner  Handle `json:"owner"`
	Mode   Mode   `json:"mode,omitempty"` // empty where it changed
	Size   int64  `json:"size"`           // in bytes
	// Spoken are the steps at which what it holds was said.
	Spoken []int `json:"spoken,omitempty"`
	// Shared are those with whom it is shared.
	Shared  []Handle `json:"shared,omitempty"`
	Deleted bool     `json:"deleted,omitempty"`
}

// LinkSnapshot is a playback link.
type LinkSnapshot struct {
	Handle    Handle `json:"handle"`
	Recording Handle `json:"recording"`
	Maker     Handle `json:"maker"`
	Revoked   bool   `json:"revoked,omitempty"`
}

// Snapshot copies out what the model knows, in the order in which it came to
// know it.
func (s *State) Snapshot() Snapshot { return s.Changes(&State{}) }

// Changes is what the model knows otherwise than at an earlier point of the same
// trace, or did not know then. ReplaysOff and Restarts are those of now.
func (s *State) Changes(earlier *State) Snapshot {
	out := Snapshot{ReplaysOff: s.off, Restarts: s.restarts}
	for i := range s.users {
		if u := &s.users[i]; i >= len(earlier.users) || !u.looksLike(&earlier.users[i]) {
			out.Users = append(out.Users, u.snapshot())
		}
	}
	for i := range s.bookings {
		if i >= len(earlier.bookings) {
			s.addBooking(&out, i, nil)
		} else if was := &earlier.bookings[i]; !s.bookings[i].shows(was) {
			s.addBooking(&out, i, earlier.recordings(was))
		}
	}
	for i, l := range s.links {
		if i >= len(earlier.links) || l.revoked != earlier.links[i].revoked {
			out.Links = append(out.Links, LinkSnapshot{l.handle, l.recording, l.maker, l.revoked})
		}
	}
	return out
}

// addBooking adds the booking with an index, its recordings, and which of those
// it had are gone.
func (s *State) addBooking(out *Snapshot, index int, had []recording) {
	b := &s.bookings[index]
	out.Bookings = append(out.Bookings, b.snapshot())
	all := s.recordings(b)
	for _, r := range all {
		out.Recordings = append(out.Recordings, r.snapshot())
	}
	for _, r := range had[min(len(all), len(had)):] {
		out.Gone = append(out.Gone, r.handle)
	}
}

func (u *user) snapshot() UserSnapshot {
	return UserSnapshot{Handle: u.handle, Clinician: u.clinician, LoggedIn: u.loggedIn, Closed: u.closed, Proxies: slices.Clone(u.proxies)}
}

// Changes is what is known behind an answer otherwise than before it: in the first
// of the states that there may be, and what these leave open.
func Changes(before, after []*State) Snapshot {
	out := after[0].Changes(before[0])
	for i := range after[0].users {
		u := &after[0].users[i]
		open := anyDiffers(after, u.differs)
		at := slices.IndexFunc(out.Users, func(s UserSnapshot) bool { return s.Handle == u.handle })
		if at < 0 && open != anyDiffers(before, u.differs) {
			at, out.Users = len(out.Users), append(out.Users, u.snapshot())
		}
		if at >= 0 {
			out.Users[at].Open = open
		}
	}
	for i := range after[0].bookings {
		b := &after[0].bookings[i]
		open := anyDiffers(after, b.differs)
		at := slices.IndexFunc(out.Bookings, func(s BookingSnapshot) bool { return s.Handle == b.handle })
		if at < 0 && open != anyDiffers(before, b.differs) {
			at, out.Bookings = len(out.Bookings), append(out.Bookings, b.snapshot())
		}
		if at >= 0 {
			out.Bookings[at].Open = open
		}
	}
	return out
}

// anyDiffers reports whether something differs from one state to another.
func anyDiffers(all []*State, differs func(s, t *State) bool) bool {
	return slices.ContainsFunc(all[1:], func(s *State) bool { return differs(all[0], s) })
}

// differs reports whether what is known of the user differs between two states.
func (u *user) differs(s, t *State) bool {
	a, b := s.user(u.handle), t.user(u.handle)
	return (a == nil) != (b == nil) || a != nil && !a.looksLike(b)
}

// differs reports whether what is known of the booking differs between two states.
func (b *booking) differs(s, t *State) bool {
	x, y := s.booking(b.handle), t.booking(b.handle)
	return (x == nil) != (y == nil) || x != nil && !x.shows(y)
}

// looksLike reports whether two users have the same snapshot.
func (u *user) looksLike(v *user) bool {
	return u.handle == v.handle && u.loggedIn == v.loggedIn && u.closed == v.closed && slices.Equal(u.proxies, v.proxies)
}

// shows reports whether a booking and its recordings have the same snapshots as
// another.
func (b *booking) shows(o *booking) bool {
	same := func(a, b segment) bool { return a.mode == b.mode && slices.Equal(a.moments, b.moments) }
	return b.handle == o.handle && b.slot == o.slot && b.status == o.status && b.mode == o.mode && b.switches == o.switches && b.published == o.published &&
		b.patientIs == o.patientIs && b.clinicianIs == o.clinicianIs && b.guestIs == o.guestIs &&
		slices.EqualFunc(b.segments, o.segments, same) && slices.Equal(b.gone, o.gone) && slices.Equal(b.shares, o.shares)
}

func (b *booking) snapshot() BookingSnapshot {
	out := BookingSnapshot{
		Handle: b.handle, Patient: b.patient, Clinician: b.clinician, Guest: b.guest, Slot: b.slot,
		Status: b.status, Booked: b.booked, Mode: b.mode, Switches: b.switches,
	}
	for _, p := range []struct {
		who Handle
		is  presence
	}{{b.patient, b.patientIs}, {b.clinician, b.clinicianIs}, {b.guest, b.guestIs}} {
		switch p.is {
		case present:
			out.Present = append(out.Present, p.who)
		case dropped:
			out.Dropped = append(out.Dropped, p.who)
		}
	}
	for _, s := range b.segments {
		out.Spoken = append(out.Spoken, s.moments...)
	}
	return out
}

func (r recording) snapshot() RecordingSnapshot {
	out := RecordingSnapshot{Handle: r.handle, Owner: r.booking.patient, Mode: r.mode, Size: r.size(),
		Spoken: slices.Clone(r.moments), Deleted: slices.Contains(r.booking.gone, r.number)}
	for _, s := range r.booking.shares {
		if s.number == r.number {
			out.Shared = append(out.Shared, s.with)
		}
	}
	return out
}

// Made is the step at which a recording's first media was spoken or, where
// nothing is known of it, 0. Of a booking it is that of its first recording.
func (s *State) Made(h Handle) int {
	b := s.booking(h.Booking())
	if b == nil {
		return 0
	}
	for _, r := range s.recordings(b) {
		if (r.handle == h || h == b.handle) && len(r.moments) > 0 {
			return r.moments[0]
		}
	}
	if spoken := s.spoken(b); s.learns() && len(spoken) > 0 {
		return spoken[0]
	}
	return 0
}
