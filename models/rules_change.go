package models

import "slices"

// checkAttribution is MODE-1: where the service says whose recording it is, it
// says so rightly for consultations whose mode was switched.
func checkAttribution(o *Observation, f *Findings) {
	if o.Got.Row != nil {
		o.checkRowAttribution(o.Got.Row, o.row().path, f)
	}
	if o.Got.Listing == nil {
		return
	}
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		if !o.checkRowAttribution(row, o.rowPath(row), f) {
			return
		}
	}
}

// checkRowAttribution checks one row and reports whether it is right.
func (o *Observation) checkRowAttribution(row *Row, path Path, f *Findings) bool {
	b := o.Before.booking(o.bookingOf(row))
	if b == nil || !b.attempted {
		return true
	}
	if row.Subject == "" {
		return o.checkTagAttribution(b, row, path, f)
	}
	f.checked()
	if row.Subject != b.patient {
		f.violate(o, path, "a recording of a switched consultation is attributed to another than its patient")
		return false
	}
	return true
}

// checkTagAttribution checks one row that names no subject: whose it is, is who sees it
// among their own, and the tag in its title says whose it should be.
func (o *Observation) checkTagAttribution(b *booking, row *Row, path Path, f *Findings) bool {
	viewer := o.Call.Op.Actor()
	if row.Tag.World == "" || !o.Before.loggedIn(viewer) {
		return true
	}
	f.checked()
	if !o.Before.entitled(viewer, b, 0) {
		f.violate(o, path, "a recording of a switched consultation is among those of one whose it is not")
		return false
	}
	return true
}

// checkSegments is MODE-2, on the listing of one who took part, and on what each
// recording holds where it is not declared how a consultation is cut. Numbers are the
// service's own, and modes that it does not say are not compared.
func checkSegments(o *Observation, f *Findings) {
	o.checkWhole(f, true, "the recordings do not make up the consultation")
	if o.row().rows != ReplayRows || o.filter() != "" || o.Pending || o.Expected.Outcome != OK {
		return
	}
	viewer := o.Call.Op.Actor()
	for i := range o.Before.bookings {
		b := &o.Before.bookings[i]
		if b.status != Completed || !b.attempted || b.role(viewer) == stranger || o.Before.partSight(viewer, b) != inList || !o.mustList(b) {
			continue
		}
		if o.hidden() || o.Got.Listing != nil && o.Got.Listing.Truncated {
			f.inconclusive()
			continue
		}
		f.checked()
		if !o.showsSegments(viewer, b) {
			f.violate(o, PathList, "the segments shown do not make up the consultation")
			return
		}
	}
}

// showsSegments reports whether the listing has each recording of a booking
// once, in its mode, and no others. Rows of deleted recordings are GONE-1's.
func (o *Observation) showsSegments(viewer Handle, b *booking) bool {
	if o.Got.Listing == nil || !o.showsModes(b) {
		return false
	}
	if o.Before.learns() {
		return o.hasRowOf(b) && !o.vanished(b)
	}
	want := slices.DeleteFunc(o.Before.recordings(b), func(r recording) bool { return o.Before.goneTo(viewer, r.handle) })
	seen := 0
	for i := range o.Got.Listing.Rows {
		if row := &o.Got.Listing.Rows[i]; o.bookingOf(row) != b.handle || o.showsGone(row) {
			continue
		}
		if seen++; seen > len(want) && !o.Before.policy.Repeats {
			return false
		}
	}
	for _, r := range want {
		row := o.Got.Listing.find(r.handle)
		if row == nil || o.Before.policy.Recordings == PerSegment && !same(row.Mode, r.mode) {
			return false
		}
	}
	return seen >= len(want)
}

// showsModes reports whether the rows of a booking say no mode that it never had.
func (o *Observation) showsModes(b *booking) bool {
	return !slices.ContainsFunc(o.Got.Listing.Rows, func(r Row) bool {
		return r.Mode != "" && o.bookingOf(&r) == b.handle && !b.had(r.Mode)
	})
}

// checkSwitchAllowed is MODE-3.
func checkSwitchAllowed(o *Observation, f *Findings) { o.checkGuarded(f, "MODE-3") }

// checkBookingGuarded is BOOK-2. Switches are MODE-3's.
func checkBookingGuarded(o *Observation, f *Findings) { o.checkGuarded(f, "BOOK-2") }

// checkGuarded checks that an operation on a booking was refused, where a rule
// demands that.
func (o *Observation) checkGuarded(f *Findings, rule string) {
	if o.row().guardedBy != rule || o.Got.Outcome == Unbound || o.Before.demands(o.Call.Op) != rule {
		return
	}
	done := o.Got.Outcome == OK
	if !done && !o.Got.Outcome.Refused() {
		f.inconclusive()
		return
	}
	f.checked()
	if !done {
		return
	}
	on, path, _ := o.onBooking()
	f.violate(o, path, barredMessage(o.obstacle(), rule), Exposure{Viewer: on.User, Owner: o.Before.Owner(on.Booking),
		Recording: on.Booking, Level: Controlled, Path: path})
}

func barredMessage(b obstacle, rule string) string {
	switch {
	case rule == "MODE-3":
		return "one who is not in the consultation switched its mode"
	case b == notTheirVisit:
		return "a stranger changed a booking or took part in its consultation"
	}
	return "a guest changed a booking, or a proxy took part in its consultation"
}

// barred reports whether a user may never do to a booking, or its consultation,
// what an operation does.
func (o *Observation) barred(on OnBooking) bool {
	b := o.Before.booking(on.Booking)
	return b != nil && o.Before.policy.bar(o.Before.role(on.User, b), o.row().path == PathBooking, o.Call.Op) != nothing
}

// checkSlotReused is BOOK-1: it asks about the recordings of bookings whose
// slot was later given to another patient.
func checkSlotReused(o *Observation, f *Findings) {
	viewer, ok := o.lists()
	if !ok || o.Got.Listing == nil {
		return
	}
	for i := range o.Before.bookings {
		b := &o.Before.bookings[i]
		if !o.Before.mayHaveRecording(b) || !slices.Contains(b.reusedBy, viewer) || o.Before.entitled(viewer, b, 0) {
			continue
		}
		f.checked()
		for j := range o.Got.Listing.Rows {
			row := &o.Got.Listing.Rows[j]
			if row.Recording.Booking() == b.handle || o.bookingOf(row) == b.handle {
				path := o.rowPath(row)
				f.violate(o, path, "a recording moved to the patient who was given the slot afterwards",
					Exposure{Viewer: viewer, Owner: b.patient, Recording: row.Recording, Level: Presented, Path: path})
				return
			}
		}
	}
}

// onBooking returns who changes which booking or consultation, and the path by
// which.
func (o *Observation) onBooking() (OnBooking, Path, bool) {
	r := o.row()
	if !r.onBooking() {
		return OnBooking{}, "", false
	}
	return OnBooking{o.Call.Op.Actor(), o.Call.Op.Uses()}, r.path, true
}

// checkRefusal is REFUSE-1: that what must be refused is. That a refused operation
// changes nothing is asked where an answer tells of it; what has changed all the
// same is found by [States.Explain].
func checkRefusal(o *Observation, f *Findings) {
	if o.Got.Outcome == Unbound {
		return
	}
	if o.Before.demands(o.Call.Op) == "REFUSE-1" {
		o.checkRefused(f)
	}
	if o.ledger.tells(o) {
		f.checked()
	}
}

// checkRefused checks that what must be refused was.
func (o *Observation) checkRefused(f *Findings) {
	if o.Got.Outcome != OK && !o.Got.Outcome.Refused() {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome != OK {
		return
	}
	actor := o.Call.Op.Actor()
	if h, ok := o.disposal(); ok && !h.Phantom() && o.Before.Owner(h) != actor {
		f.violate(o, PathRecording, "another's recording was deleted or shared",
			Exposure{Viewer: actor, Owner: o.Before.Owner(h), Recording: h, Level: Controlled, Path: PathRecording})
		return
	}
	f.violate(o, PathUser, "what must be refused was accepted")
}

// disposal is the recording that the call deletes, shares or unshares.
func (o *Observation) disposal() (Handle, bool) {
	if !o.row().disposes {
		return "", false
	}
	return o.Call.Op.Uses(), true
}

// checkNoServerError is FAULT-1.
func checkNoServerError(o *Observation, f *Findings) {
	if o.Got.Outcome == Unbound {
		return
	}
	if o.Got.Outcome == Unknown && o.Got.Status < 500 {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome == Unknown {
		f.violate(o, PathUser, "the service answered with a server error")
	}
}
