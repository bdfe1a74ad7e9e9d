package models

import "slices"

// checkAttribution is MODE-1: where the service says whose recording it is, it
// says so rightly for consultations whose mode was switched.
func checkAttribution(o *Observation, f *Findings) {
	if o.Got.Row != nil {
		o.checkRowAttribution(o.Got.Row, PathGet, f)
	}
	if o.Got.Listing == nil {
		return
	}
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		if !o.checkRowAttribution(row, row.path(), f) {
			return
		}
	}
}

// checkRowAttribution checks one row and reports whether it is right.
func (o *Observation) checkRowAttribution(row *Row, path Path, f *Findings) bool {
	b := o.Before.booking(o.bookingOf(row))
	if b == nil || b.attempts == 0 || row.Subject == "" {
		return true
	}
	f.checked()
	if row.Subject != b.patient {
		f.violate(o, path, "a recording of a switched consultation is attributed to another than its patient")
		return false
	}
	return true
}

// checkSegments is MODE-2, on the listing of one who took part. Numbers and
// modes that the service does not say are not compared.
func checkSegments(o *Observation, f *Findings) {
	if o.Call.Op.Kind() != KindList || o.Expected.Outcome != OK {
		return
	}
	viewer := o.Call.Op.Actor()
	for i := range o.Before.bookings {
		b := &o.Before.bookings[i]
		if b.status != Completed || b.attempts == 0 || b.uncertain || b.role(viewer) == stranger || !o.Before.hasRecording(b) {
			continue
		}
		if o.hidden() || o.Got.Listing != nil && o.Got.Listing.Truncated {
			f.inconclusive()
			continue
		}
		f.checked()
		if !o.showsSegments(b) {
			f.violate(o, PathList, "the segments shown do not make up the consultation")
			return
		}
	}
}

// showsSegments reports whether the listing has each recording of a booking
// once, in its mode, and no others.
func (o *Observation) showsSegments(b *booking) bool {
	if o.Got.Listing == nil {
		return false
	}
	want := o.Before.recordings(b)
	seen := 0
	for i := range o.Got.Listing.Rows {
		if o.bookingOf(&o.Got.Listing.Rows[i]) != b.handle {
			continue
		}
		if seen++; seen > len(want) {
			return false
		}
	}
	for _, r := range want {
		row := o.Got.Listing.find(r.handle)
		if row == nil || !same(row.Mode, r.mode) || !same(row.Segment, r.number) {
			return false
		}
	}
	return seen == len(want)
}

// checkSwitchAllowed is MODE-3.
func checkSwitchAllowed(o *Observation, f *Findings) {
	sw, ok := o.Call.Op.(Switch)
	if !ok || !o.Before.mayAct(sw.User) || !o.Expected.Outcome.Refused() || o.Got.Outcome == Unbound {
		return
	}
	o.mustRefuse(f, PathEncounter, sw.OnBooking, "one who is not in the consultation switched its mode")
}

// mustRefuse checks that an operation on a booking was refused. Where an unknown
// outcome before leaves open what its participants may do, only strangers are
// judged.
func (o *Observation) mustRefuse(f *Findings, path Path, on OnBooking, message string) {
	done, takesPart := o.Got.Outcome == OK, o.Before.maySee(on.User, on.Booking)
	if !done && !o.refused() || takesPart && o.Before.unsure(o.Call.Op) {
		f.inconclusive()
		return
	}
	f.checked()
	if !done {
		return
	}
	if takesPart {
		f.violate(o, path, message)
		return
	}
	f.violate(o, path, message, Exposure{Viewer: on.User, Owner: o.Before.Owner(on.Booking),
		Recording: on.Booking, Level: Controlled, Path: path})
}

// refused reports whether the service said no, and not only because the token
// may have been revoked.
func (o *Observation) refused() bool {
	return o.Got.Outcome.Refused() && !o.Before.uncertain(o.Call.Op.Actor())
}

// unsure reports whether an unknown outcome before leaves open if a correct
// service refuses an operation to somebody who may perform it.
func (s *State) unsure(op Operation) bool {
	if book, ok := op.(Book); ok {
		return s.unsureSlot(book)
	}
	if !s.loggedIn(op.Actor()) && s.uncertain(op.Actor()) {
		return true
	}
	b := s.booking(op.Uses().Booking())
	return b != nil && b.uncertain
}

// unsureSlot reports whether it is open if a slot is taken.
func (s *State) unsureSlot(book Book) bool {
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.uncertain && b.clinician == book.Clinician && b.slot == book.SlotNumber() {
			return true
		}
	}
	return false
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
		if !o.Before.hasRecording(b) || !slices.Contains(b.reusedBy, viewer) {
			continue
		}
		f.checked()
		for j := range o.Got.Listing.Rows {
			row := &o.Got.Listing.Rows[j]
			if row.Recording.Booking() == b.handle || o.bookingOf(row) == b.handle {
				f.violate(o, row.path(), "a recording moved to the patient who was given the slot afterwards",
					Exposure{Viewer: viewer, Owner: b.patient, Recording: row.Recording, Level: Presented, Path: row.path()})
				return
			}
		}
	}
}

// checkBookingGuarded is BOOK-2. Switches are MODE-3's.
func checkBookingGuarded(o *Observation, f *Findings) {
	change, ok := o.Call.Op.(bookingChange)
	if !ok || o.Call.Op.Kind() == KindSwitch || o.Got.Outcome == Unbound {
		return
	}
	on := change.on()
	if !o.Before.mayAct(on.User) || o.Before.booking(on.Booking) == nil || o.Before.maySee(on.User, on.Booking) {
		return
	}
	path := PathEncounter
	if o.Call.Op.Kind() == KindCancel {
		path = PathBooking
	}
	o.mustRefuse(f, path, on, "a stranger changed a booking or took part in its consultation")
}

// checkToken is AUTH-1.
func checkToken(o *Observation, f *Findings) {
	actor := o.Call.Op.Actor()
	if o.Before.user(actor) == nil || o.Before.loggedIn(actor) || o.Call.Op.Kind() == KindLogin || o.Got.Outcome == Unbound {
		return
	}
	if o.Before.uncertain(actor) || o.Got.Outcome != OK && !o.Got.Outcome.Refused() {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome == OK {
		f.violate(o, PathUser, "a revoked token is accepted", o.tokenExposures(actor)...)
	}
}

// tokenExposures are what the holder of a revoked token was shown or did: the
// token's own patient's recordings, too, for anybody may hold it.
func (o *Observation) tokenExposures(actor Handle) []Exposure {
	if h, path, ok := o.read(); ok {
		return o.readExposures(actor, h, path)
	}
	if change, ok := o.Call.Op.(bookingChange); ok {
		booking := change.on().Booking
		return []Exposure{{Viewer: actor, Owner: o.Before.Owner(booking), Recording: booking, Level: Controlled, Path: PathUser}}
	}
	if o.Got.Listing == nil {
		return nil
	}
	out := make([]Exposure, 0, len(o.Got.Listing.Rows))
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		e, foreign := o.foreign(row, actor, Presented, PathList)
		if !foreign {
			e = Exposure{Viewer: actor, Owner: o.Before.Owner(o.bookingOf(row)), Recording: row.Recording, Level: Presented, Path: row.path()}
		}
		out = append(out, e)
	}
	return out
}

// checkRefusal is REFUSE-1: both halves of it.
func checkRefusal(o *Observation, f *Findings) {
	if o.Got.Outcome == Unbound {
		return
	}
	if o.Expected.Outcome.Refused() && !o.guardedElsewhere() {
		o.checkRefused(f)
	}
	if change, ok := o.Call.Op.(bookingChange); ok {
		o.checkUnchanged(f, change)
	}
}

// guardedElsewhere reports whether another rule says that the operation must be
// refused.
func (o *Observation) guardedElsewhere() bool {
	actor := o.Call.Op.Actor()
	if actor != "" && !o.Before.loggedIn(actor) || o.Call.Op.Kind() == KindSwitch {
		return true
	}
	uses := o.Call.Op.Uses()
	return o.Before.booking(uses.Booking()) != nil && !o.Before.MaySee(actor, uses)
}

// checkRefused checks that what must be refused was.
func (o *Observation) checkRefused(f *Findings) {
	if o.Got.Outcome != OK && !o.refused() || o.Before.unsure(o.Call.Op) {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome == OK {
		f.violate(o, PathUser, "what must be refused was accepted")
	}
}

// checkUnchanged checks the answer to an operation on a booking on which others
// were refused before: it must not be the one that these would have led to.
func (o *Observation) checkUnchanged(f *Findings, change bookingChange) {
	p := o.Before.policy
	b := o.Before.booking(change.on().Booking)
	if b == nil || b.uncertain || o.hidden() || o.Expected.Outcome != OK || !b.toldApart(change, p, o.Call.Step, o.Expected, o.Got) {
		return
	}
	f.checked()
	g := b.explain(change, p, o.Call.Step, o.Got)
	switch {
	case g == nil:
	case g.stranger == "":
		f.violate(o, PathEncounter, "a refused operation took effect")
	default:
		f.violate(o, PathEncounter, "a refused operation of a stranger's took effect",
			Exposure{Viewer: g.stranger, Owner: b.patient, Recording: b.handle, Level: Controlled, Path: PathEncounter})
	}
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
