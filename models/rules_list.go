package models

// checkListingIsolated is LIST-1. A row is another's by its tag, or by its id
// where that id was given to another before, whatever its label says. A check
// counts where another's recording exists that could have been shown.
func checkListingIsolated(o *Observation, f *Findings) {
	if o.Call.Op.Kind() != KindList || o.Expected.Outcome != OK {
		return
	}
	viewer := o.Call.Op.Actor()
	if o.Before.hasForeign(viewer) {
		f.checked()
	}
	if o.Got.Listing == nil {
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
	for _, path := range []Path{PathList, PathPage} {
		if exposures := byPath[path]; len(exposures) > 0 {
			f.violate(o, path, "a listing shows another's recording", exposures...)
		}
	}
}

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
		if len(seg.moments) > 0 && (seg.mode == Video || s.policy.RecordAudio) {
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
	f.checked()
	if o.Got.Listing == nil {
		f.violate(o, PathList, "a listing is refused to its owner")
		return
	}
	for i := range o.Expected.Listing.Rows {
		want := o.Expected.Listing.Rows[i].Recording
		if o.Got.Listing.find(want) == nil && !o.Before.booking(want.Booking()).uncertain {
			f.violate(o, PathList, "a listing lacks a recording of the caller's")
			return
		}
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
		if row.Tag.World == "" {
			f.violate(o, row.path(), "a row belongs to no consultation")
			return
		}
		if b := o.Before.booking(row.Tag.Booking); b == nil || !b.uncertain && !o.Before.hasRecording(b) {
			f.violate(o, row.path(), "a row belongs to a consultation that did not take place or left no recording")
			return
		}
	}
}

func (r *Row) path() Path {
	if r.Page > 1 {
		return PathPage
	}
	return PathList
}
