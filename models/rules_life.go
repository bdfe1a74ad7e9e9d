package models

import "slices"

// checkProxy is PROXY-1.
func checkProxy(o *Observation, f *Findings) {
	viewer := o.Call.Op.Actor()
	if !o.Before.loggedIn(viewer) || o.Got.Outcome == Unbound {
		return
	}
	for i := range o.Before.users {
		p := &o.Before.users[i]
		switch {
		case slices.Contains(p.proxies, viewer):
			o.checkAppointed(f, p.handle)
		case slices.Contains(p.dismissed, viewer):
			o.checkDismissed(f, viewer, p.handle)
		}
	}
}

// checkAppointed checks that a proxy's listing has the recordings of the patient
// who appointed them.
func (o *Observation) checkAppointed(f *Findings, patient Handle) {
	if o.row().rows != ReplayRows || o.Pending || o.Expected.Outcome != OK || o.hidden() ||
		o.Got.Listing != nil && o.Got.Listing.Truncated {
		return
	}
	for i := range o.Expected.Listing.Rows {
		h := o.Expected.Listing.Rows[i].Recording
		b := o.Before.booking(h.Booking())
		if b.patient != patient || o.Before.policy.Recordings != PerSegment && !o.mustList(b) {
			continue
		}
		f.checked()
		if o.lacksRow(h) {
			f.violate(o, PathList, "a proxy is not shown what the patient sees")
			return
		}
	}
}

// checkDismissed checks that one who was a proxy is shown nothing of the
// patient's that they have no other right to.
func (o *Observation) checkDismissed(f *Findings, viewer, patient Handle) {
	if h, path, ok := o.read(); ok {
		if o.Before.Owner(h) != patient || o.Before.Entitled(viewer, h) {
			return
		}
		if o.disclosed(f) {
			f.violate(o, path, "a dismissed proxy reads a recording", o.readExposures(viewer, h, path)...)
		}
		return
	}
	if _, ok := o.lists(); !ok || o.Got.Listing == nil || !o.Before.hasOwn(patient) {
		return
	}
	f.checked()
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		if e, foreign := o.foreign(row, viewer, Presented, o.rowPath(row)); foreign && e.Owner == patient {
			f.violate(o, e.Path, "a dismissed proxy is shown a recording", e)
			return
		}
	}
}

// hasOwn reports whether a patient has recordings of their own.
func (s *State) hasOwn(patient Handle) bool {
	for i := range s.bookings {
		if b := &s.bookings[i]; b.patient == patient && s.mayHaveRecording(b) {
			return true
		}
	}
	return false
}

// checkGone is GONE-1.
func checkGone(o *Observation, f *Findings) {
	viewer := o.Call.Op.Actor()
	if o.Got.Outcome == Unbound {
		return
	}
	if h, path, ok := o.reads(); ok {
		if o.gone(viewer, h) {
			o.checkGoneRead(f, viewer, h, path)
		}
		return
	}
	if _, ok := o.lists(); !ok || o.Got.Listing == nil || o.row().rows == NoticeRows || !o.Before.anyGone() {
		return // a notice is no recording, and may outlive it
	}
	f.checked()
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		if o.showsGone(row) && !o.Before.lingers(viewer, o.bookingOf(row)) {
			path := o.rowPath(row)
			f.violate(o, path, "a deleted recording is shown", o.goneExposures(viewer, row.Recording, o.bookingOf(row), Presented, path)...)
			return
		}
	}
}

// gone reports whether a recording must not be shown to a viewer any more, because it
// is deleted. That a link leads to what others keep is LINK-1's.
func (o *Observation) gone(viewer, h Handle) bool {
	if o.followed() != nil {
		return o.Before.Gone(h)
	}
	return o.Before.goneTo(viewer, h) && !o.Before.lingers(viewer, h)
}

// showsGone reports whether a row is known to be of a recording that is deleted for
// the caller.
func (o *Observation) showsGone(row *Row) bool {
	viewer := o.Call.Op.Actor()
	return o.Before.goneTo(viewer, row.Recording) || o.Before.allGone(viewer, o.bookingOf(row))
}

// reads is [Observation.read], and the recording behind a link that is opened.
func (o *Observation) reads() (Handle, Path, bool) {
	if l := o.followed(); l != nil {
		return l.recording, o.row().path, true
	}
	return o.read()
}

// followed is the link that is followed, or nil.
func (o *Observation) followed() *link {
	if o.row().uses != ALink {
		return nil
	}
	return o.Before.link(o.Call.Op.Uses())
}

func (o *Observation) checkGoneRead(f *Findings, viewer, h Handle, path Path) {
	if !o.disclosed(f) {
		return
	}
	exposures := o.readExposures(viewer, h, path)
	if viewer == o.Before.Owner(h) {
		exposures = nil
	}
	f.violate(o, path, "a deleted recording is read", exposures...)
}

// goneExposures are the exposure of a deleted recording; to its own patient it
// is none.
func (o *Observation) goneExposures(viewer, h, booking Handle, level Level, path Path) []Exposure {
	owner := o.Before.Owner(booking)
	if owner == viewer {
		return nil
	}
	if h == "" || h.Phantom() {
		h = booking
	}
	return []Exposure{{Viewer: viewer, Owner: owner, Recording: h, Level: level, Path: path}}
}

// anyGone reports whether any recording was deleted.
func (s *State) anyGone() bool {
	return slices.ContainsFunc(s.bookings, func(b booking) bool { return len(b.gone)+len(b.hidden) > 0 })
}

// allGone reports whether all recordings of a booking are known to be deleted for a
// viewer.
func (s *State) allGone(viewer, h Handle) bool {
	b := s.booking(h)
	if b == nil || len(b.gone)+len(b.hidden) == 0 || s.learns() && b.showing.listed != s.age(b) {
		return false
	}
	return !slices.ContainsFunc(s.recordings(b), func(r recording) bool { return !s.goneTo(viewer, r.handle) })
}

// checkKillSwitch is KILL-1.
func checkKillSwitch(o *Observation, f *Findings) {
	switch {
	case !o.row().replays || o.Got.Outcome == Unbound || o.Before.off && !o.Before.policy.closes(o.Call.Op.Kind()):
	case o.Before.off && o.Got.Outcome == Unknown && !o.replayed():
		f.inconclusive()
	case o.Before.off:
		f.checked()
		if o.replayed() {
			f.violate(o, o.row().path, "a recording is shown while replays are switched off", o.shownOthers(o.Call.Op.Actor())...)
		}
	case o.Before.wasOff:
		o.checkExactly(f, "switched on again, a listing is not what it was")
	}
}

// replayed reports whether the answer shows anything of any recording. A listing
// or an export that is empty does not.
func (o *Observation) replayed() bool {
	if _, lists := o.lists(); lists {
		return o.Got.Listing != nil && len(o.Got.Listing.Rows) > 0 || o.Got.Content != nil && o.Got.Content.Length > 0
	}
	return o.shown()
}

// checkDurable is DURABLE-1.
func checkDurable(o *Observation, f *Findings) {
	if o.Before.restarts > 0 {
		o.checkExactly(f, "after a restart a listing is not what it was")
	}
}

// checkExactly checks that a listing has the rows expected and no others.
func (o *Observation) checkExactly(f *Findings, message string) {
	viewer := o.Call.Op.Actor()
	if o.row().rows != ReplayRows || o.Pending || o.Expected.Outcome != OK || !o.Before.hasAny() {
		return
	}
	lacks := o.missing()
	if lacks == either {
		f.inconclusive()
		return
	}
	f.checked()
	byPath := o.foreignRows(viewer)
	for _, path := range [...]Path{PathList, PathPage} {
		if exposures := byPath[path]; len(exposures) > 0 {
			f.violate(o, path, message, exposures...)
			return
		}
	}
	if lacks == yes {
		f.violate(o, PathList, message)
	}
}

// hasAny reports whether there are any recordings.
func (s *State) hasAny() bool {
	for i := range s.bookings {
		if s.mayHaveRecording(&s.bookings[i]) {
			return true
		}
	}
	return false
}

// shownOthers are what an answer shows of others' recordings.
func (o *Observation) shownOthers(viewer Handle) []Exposure {
	if h, path, ok := o.reads(); ok {
		if o.Before.Entitled(viewer, h) {
			return nil
		}
		return o.readExposures(viewer, h, path)
	}
	var out []Exposure
	byPath := o.foreignRows(viewer)
	for i := range paths {
		out = append(out, byPath[paths[i].path]...)
	}
	if o.Got.Content != nil {
		out = append(out, o.foreignBytes(viewer, "", o.row().path)...)
	}
	return out
}
