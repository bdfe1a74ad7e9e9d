package models

// checkListingIsolated is LIST-1. A row is another's by its tag, or by its id
// where that id was given to another before, whatever its label says. A check
// counts where another's recording exists that could have been shown.
func checkListingIsolated(o *Observation, f *Findings) {
	viewer, ok := o.lists()
	if !ok {
		return
	}
	exists := o.Before.hasForeign(viewer)
	if o.Got.Listing == nil {
		if exists && o.hidden() {
			f.inconclusive()
		}
		return
	}
	byPath := map[Path][]Exposure(nil)
	for i := range o.Got.Listing.Rows {
		if e, foreign := o.foreign(&o.Got.Listing.Rows[i], viewer, Presented, PathList); foreign {
			if byPath == nil {
				byPath = make(map[Path][]Exposure, 2)
			}
			byPath[e.Path] = append(byPath[e.Path], e)
		}
	}
	if exists || byPath != nil {
		f.checked()
	}
	for _, path := range []Path{PathList, PathPage} {
		if exposures := byPath[path]; len(exposures) > 0 {
			f.violate(o, path, "a listing shows another's recording", exposures...)
		}
	}
}

// lists returns who reads a listing. It returns false for one whose token is
// revoked: what he is shown is AUTH-1's.
func (o *Observation) lists() (viewer Handle, ok bool) {
	viewer = o.Call.Op.Actor()
	return viewer, o.Call.Op.Kind() == KindList && o.Before.mayAct(viewer)
}

// mayAct reports whether a user holds a valid token, or may hold one.
func (s *State) mayAct(u Handle) bool { return s.loggedIn(u) || s.uncertain(u) }

// foreign reports whether a row shows viewer a recording that he may not see.
func (o *Observation) foreign(row *Row, viewer Handle, level Level, path Path) (Exposure, bool) {
	if row.Page > 1 {
		path = PathPage
	}
	e := Exposure{Viewer: viewer, Level: level, Path: path, Recording: row.Recording}
	if row.Tag.World != "" && row.Tag.World != o.World {
		e.World, e.Recording = row.Tag.World, row.Tag.Booking
		return e, true
	}
	for _, booking := range [...]Handle{row.Recording.Booking(), row.Tag.Booking} {
		if owner := o.Before.Owner(booking); owner != "" && !o.Before.maySee(viewer, booking) {
			e.Owner = owner
			if row.Recording.Booking() != booking {
				e.Recording = booking
			}
			return e, true
		}
	}
	return Exposure{}, false
}

// hasForeign reports whether a recording exists that a user may not see.
func (s *State) hasForeign(u Handle) bool {
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.status == Completed && b.role(u) == stranger && s.hasRecording(b) {
			return true
		}
	}
	return false
}

// hasRecording reports whether a booking has any recordings, without listing
// them.
func (s *State) hasRecording(b *booking) bool {
	if b.status != Completed {
		return false
	}
	for _, seg := range b.segments {
		if seg.recorded(s.policy) {
			return true
		}
	}
	return false
}

// checkListingComplete is LIST-2.
func checkListingComplete(o *Observation, f *Findings) {
	if o.Call.Op.Kind() != KindList || o.Expected.Outcome != OK || len(o.Expected.Listing.Rows) == 0 {
		return
	}
	if o.hidden() || o.Got.Listing != nil && o.Got.Listing.Truncated {
		f.inconclusive()
		return
	}
	if o.Got.Listing == nil {
		f.checked()
		f.violate(o, PathList, "a listing is refused to its owner")
		return
	}
	o.checkRowsPresent(f)
}

// checkRowsPresent looks for the rows expected, as far as no unknown outcome
// makes them doubtful. It counts as one check.
func (o *Observation) checkRowsPresent(f *Findings) {
	certain, missing := false, false
	for i := range o.Expected.Listing.Rows {
		want := o.Expected.Listing.Rows[i].Recording
		if o.Before.booking(want.Booking()).uncertain {
			continue
		}
		certain = true
		missing = missing || o.Got.Listing.find(want) == nil
	}
	if !certain {
		f.inconclusive()
		return
	}
	f.checked()
	if missing {
		f.violate(o, PathList, "a listing lacks a recording of the caller's")
	}
}

// hidden reports whether an unknown outcome, or one that the service declares
// as temporary, keeps a rule about completeness from an answer.
func (o *Observation) hidden() bool {
	return o.Got.Outcome == Unknown || o.Got.Outcome == Unavailable || o.Got.Outcome == Unbound ||
		o.Before.uncertain(o.Call.Op.Actor())
}

// uncertain reports whether it is unknown if a user is logged in.
func (s *State) uncertain(h Handle) bool {
	u := s.user(h)
	return u != nil && u.uncertain
}

// find returns the row of a recording, or nil.
func (l *Listing) find(h Handle) *Row {
	for i := range l.Rows {
		if l.Rows[i].Recording == h {
			return &l.Rows[i]
		}
	}
	return nil
}

// checkRowsReal is LIST-4. Rows of other worlds are LIST-1's.
func checkRowsReal(o *Observation, f *Findings) {
	if o.Got.Listing == nil || len(o.Got.Listing.Rows) == 0 {
		return
	}
	f.checked()
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		if row.Tag.World != "" && row.Tag.World != o.World {
			continue
		}
		name := o.bookingOf(row)
		if name == "" {
			f.violate(o, row.path(), "a row belongs to no consultation")
			return
		}
		if b := o.Before.booking(name); b == nil || !b.uncertain && !o.Before.hasRecording(b) {
			f.violate(o, row.path(), "a row belongs to a consultation that did not take place or left no recording")
			return
		}
	}
}

// bookingOf is the booking of this world that a row belongs to: by its tag, else
// by its id where that is known. It is empty for a phantom.
func (o *Observation) bookingOf(row *Row) Handle {
	if row.Tag.World != "" {
		if row.Tag.World == o.World {
			return row.Tag.Booking
		}
		return ""
	}
	if booking, _, ok := row.Recording.Recording(); ok {
		return booking
	}
	return ""
}

// path is the way by which a listing showed the row.
func (r *Row) path() Path {
	if r.Page > 1 {
		return PathPage
	}
	return PathList
}
