package models

import "slices"

// checkListingIsolated is LIST-1. A row is another's by its tag, or by its id
// where that id was given to another before, whatever its label says. A check
// counts where another's recording exists that could have been shown.
func checkListingIsolated(o *Observation, f *Findings) {
	viewer, ok := o.lists()
	if !ok {
		return
	}
	exists := o.Before.hasForeign(viewer)
	if o.Got.Listing == nil && (o.row().rows != AccessRows || o.Got.Outcome != OK) {
		if exists && o.hidden() && o.Got.Outcome != Unbound && !o.Before.off {
			f.inconclusive()
		}
		return
	}
	byPath := o.foreignRows(viewer)
	if exists || byPath != nil {
		f.checked()
	}
	if byPath == nil {
		return
	}
	for i := range paths {
		if exposures := byPath[paths[i].path]; len(exposures) > 0 {
			f.violate(o, paths[i].path, "a listing shows another's recording", exposures...)
		}
	}
}

// foreignRows are the rows, and the entries of an audit trail, that show another's
// recording, by path; nil where there are none.
func (o *Observation) foreignRows(viewer Handle) map[Path][]Exposure {
	var byPath map[Path][]Exposure
	add := func(e Exposure) {
		if byPath == nil {
			byPath = make(map[Path][]Exposure, 2)
		}
		byPath[e.Path] = append(byPath[e.Path], e)
	}
	if o.Got.Listing != nil {
		for i := range o.Got.Listing.Rows {
			row := &o.Got.Listing.Rows[i]
			if e, foreign := o.foreign(row, viewer, Presented, o.rowPath(row)); foreign {
				add(e)
			}
		}
	}
	for i := range o.Got.Audit {
		if a := &o.Got.Audit[i]; a.Whose != viewer && a.Whose != "" && a.Whose != Nobody && !o.Before.mayReadOf(viewer, a) {
			add(Exposure{Viewer: viewer, Owner: a.Whose, Recording: a.Recording, Level: Presented, Path: o.row().path})
		}
	}
	return byPath
}

// rowPath is the way by which a row was shown.
func (o *Observation) rowPath(row *Row) Path {
	if path := o.row().path; path != PathList || row.Page <= 1 {
		return path
	}
	return PathPage
}

// lists returns who reads a listing, of whatever kind. It returns false for one
// whose token is revoked: what such a caller is shown is AUTH-1's.
func (o *Observation) lists() (viewer Handle, ok bool) {
	viewer = o.Call.Op.Actor()
	return viewer, o.row().rows != NoRows && o.Before.loggedIn(viewer)
}

// foreign reports whether a row shows viewer a recording that they have no right to.
func (o *Observation) foreign(row *Row, viewer Handle, level Level, path Path) (Exposure, bool) {
	e := Exposure{Viewer: viewer, Level: level, Path: path, Recording: row.Recording}
	if row.Tag.World != "" && row.Tag.World != o.World {
		if o.Before.seesAll(viewer) {
			return e, false
		}
		e.World, e.Recording = row.Tag.World, row.Tag.Booking
		return e, true
	}
	for _, h := range [...]Handle{row.Recording, row.Tag.Booking} {
		if owner := o.Before.Owner(h); owner != "" && !o.Before.Entitled(viewer, h) {
			e.Owner = owner
			if row.Recording.Booking() != h.Booking() {
				e.Recording = h
			}
			return e, true
		}
	}
	return Exposure{}, false
}

// hasForeign reports whether a recording exists, or existed, that a user has no
// right to.
func (s *State) hasForeign(u Handle) bool {
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.published > 0 && s.partSight(u, b) == unseen && s.hasUnshared(u, b) {
			return true
		}
	}
	return false
}

// hasUnshared reports whether a booking has a recording that is not shared with
// a user.
func (s *State) hasUnshared(u Handle, b *booking) bool {
	if len(b.shares) == 0 || s.policy.Access.of(seesRecipient) == seesNothing {
		return s.mayHaveRecording(b)
	}
	for _, r := range s.unasked().recordings(b) {
		if !slices.Contains(b.shares, share{r.number, u}) {
			return true
		}
	}
	return false
}

// hasRecording reports whether a booking has any recordings, without listing
// them.
func (s *State) hasRecording(b *booking) bool {
	s.look(b)
	for i := range b.segments[:b.published] {
		if len(s.kept(&b.segments[i])) > 0 {
			return true
		}
	}
	return false
}

// mayHaveRecording reports whether a booking has any recordings if what was spoken
// was recorded: it decides nothing.
func (s *State) mayHaveRecording(b *booking) bool {
	for i := range b.segments[:b.published] {
		if b.segments[i].recorded(s.policy) {
			return true
		}
	}
	return false
}

// checkListingComplete is LIST-2.
func checkListingComplete(o *Observation, f *Findings) {
	if rows := o.row().rows; rows != ReplayRows && rows != ExportRows || o.Pending || o.Expected.Outcome != OK || !o.demands() {
		return
	}
	switch o.missing() {
	case either:
		f.inconclusive()
	case no:
		f.checked()
	case yes:
		f.checked()
		f.violate(o, o.row().path, "a recording of the caller's is not shown")
	}
}

// demands reports whether there is any row that a listing must have.
func (o *Observation) demands() bool {
	if o.Before.policy.Recordings == PerSegment || len(o.Expected.Listing.Rows) == 0 {
		return len(o.Expected.Listing.Rows) > 0
	}
	return slices.ContainsFunc(o.Expected.Listing.Rows, func(r Row) bool { return o.mustList(o.Before.booking(r.Recording.Booking())) })
}

// missing says whether a listing lacks a row that it must have, or either where
// that cannot be told.
func (o *Observation) missing() ternary {
	if o.hidden() || o.Got.Listing != nil && o.Got.Listing.Truncated {
		return either
	}
	for i := range o.Expected.Listing.Rows {
		if o.lacksRow(o.Expected.Listing.Rows[i].Recording) {
			return yes
		}
	}
	return no
}

// hidden reports whether an unknown outcome, or one that the service declares
// as temporary, keeps a rule about completeness from an answer.
func (o *Observation) hidden() bool {
	return o.Got.Outcome == Unknown || o.Got.Outcome == Unavailable || o.Got.Outcome == Unbound
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

// checkRowsReal is LIST-4. Rows of other worlds are LIST-1's, and a notice is no
// recording: it may tell of what is planned.
func checkRowsReal(o *Observation, f *Findings) {
	if o.Got.Listing == nil || len(o.Got.Listing.Rows) == 0 || o.row().rows == NoticeRows {
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
			f.violate(o, o.rowPath(row), "a row belongs to no consultation")
			return
		}
		if b := o.Before.booking(name); b == nil || !o.mayHaveRow(b) {
			f.violate(o, o.rowPath(row), "a row belongs to a consultation that did not take place or left no recording")
			return
		}
	}
}

// mayHaveRow reports whether a listing may have a row of a booking: once its
// consultation was over, be it that it was joined again. Where that left nothing, the row is an empty one, and for
// those alone whose consultation it was.
func (o *Observation) mayHaveRow(b *booking) bool {
	return o.Before.hasRecording(b) || o.Before.hasEarly(b) || (b.status == Completed || b.published > 0) && o.Before.entitled(o.Call.Op.Actor(), b, 0)
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
