package models

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
	b := o.Before.booking(row.Tag.Booking)
	if b == nil || row.Tag.World != o.World || b.attempts == 0 || row.Subject == "" {
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
		row := &o.Got.Listing.Rows[i]
		if row.Tag.World != o.World || row.Tag.Booking != b.handle {
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
	if !ok || !o.Before.loggedIn(sw.User) || !o.Expected.Outcome.Refused() || o.Got.Outcome == Unbound {
		return
	}
	o.mustRefuse(f, PathEncounter, sw.OnBooking, "one who is not in the consultation switched its mode")
}

// mustRefuse checks that an operation on a booking was refused.
func (o *Observation) mustRefuse(f *Findings, path Path, on OnBooking, message string) {
	if o.Got.Outcome != OK && !o.Got.Outcome.Refused() {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome != OK {
		return
	}
	if o.Before.maySee(on.User, on.Booking) {
		f.violate(o, path, message)
		return
	}
	f.violate(o, path, message, Exposure{Viewer: on.User, Owner: o.Before.Owner(on.Booking),
		Recording: on.Booking, Level: Controlled, Path: path})
}

// checkSlotReused is BOOK-1: it asks about the recordings of bookings whose
// slot was later given to another patient.
func checkSlotReused(o *Observation, f *Findings) {
	if o.Call.Op.Kind() != KindList || o.Expected.Outcome != OK {
		return
	}
	if o.hidden() || o.Got.Listing == nil {
		return
	}
	viewer := o.Call.Op.Actor()
	for i := range o.Before.bookings {
		b := &o.Before.bookings[i]
		if !o.Before.hasRecording(b) || b.uncertain || !b.movedTo(viewer) {
			continue
		}
		f.checked()
		for j := range o.Got.Listing.Rows {
			row := &o.Got.Listing.Rows[j]
			if row.Recording.Booking() == b.handle {
				f.violate(o, row.path(), "a recording moved to the patient who was given the slot afterwards",
					Exposure{Viewer: viewer, Owner: b.patient, Recording: row.Recording, Level: Presented, Path: row.path()})
				return
			}
		}
	}
}

// movedTo reports whether viewer, a stranger to the booking, was later given
// its slot.
func (b *booking) movedTo(viewer Handle) bool {
	if b.role(viewer) != stranger {
		return false
	}
	for _, u := range b.reusedBy {
		if u == viewer {
			return true
		}
	}
	return false
}

// bookingOf returns what an operation other than a switch acts on, if that is
// a booking.
func bookingOf(op Operation) (OnBooking, bool) {
	switch op := op.(type) {
	case Cancel:
		return op.OnBooking, true
	case Join:
		return op.OnBooking, true
	case Drop:
		return op.OnBooking, true
	case Speak:
		return op.OnBooking, true
	case Leave:
		return op.OnBooking, true
	case End:
		return op.OnBooking, true
	}
	return OnBooking{}, false
}

// checkBookingGuarded is BOOK-2.
func checkBookingGuarded(o *Observation, f *Findings) {
	on, ok := bookingOf(o.Call.Op)
	if !ok || !o.Before.loggedIn(on.User) || o.Expected.Outcome == Unbound || o.Got.Outcome == Unbound ||
		o.Before.maySee(on.User, on.Booking) {
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
	if actor == "" || o.Call.Op.Kind() == KindLogin || o.Expected.Outcome == Unbound || o.Got.Outcome == Unbound {
		return
	}
	if o.Before.loggedIn(actor) {
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

// tokenExposures are what a revoked token's holder was shown or did.
func (o *Observation) tokenExposures(actor Handle) []Exposure {
	if h, path, ok := o.read(); ok {
		return []Exposure{o.exposure(actor, o.Before.Owner(h), h, path)}
	}
	if o.Got.Listing == nil {
		return []Exposure{{Viewer: actor, Owner: o.Before.Owner(o.Call.Op.Uses()), Recording: o.Call.Op.Uses().Booking(), Level: Controlled, Path: PathUser}}
	}
	out := make([]Exposure, 0, len(o.Got.Listing.Rows))
	for _, row := range o.Got.Listing.Rows {
		out = append(out, Exposure{Viewer: actor, Owner: o.Before.Owner(row.Recording), Recording: row.Recording, Level: Presented, Path: PathUser})
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
	if on, change, ok := changeOf(o.Call.Op); ok {
		o.checkUnchanged(f, on, change)
	}
}

// guardedElsewhere reports whether another rule says that the operation must be
// refused.
func (o *Observation) guardedElsewhere() bool {
	actor := o.Call.Op.Actor()
	if actor != "" && !o.Before.loggedIn(actor) || o.Call.Op.Kind() == KindSwitch {
		return true
	}
	if on, ok := bookingOf(o.Call.Op); ok {
		return !o.Before.maySee(actor, on.Booking)
	}
	if h, _, ok := o.read(); ok {
		return !o.Before.MaySee(actor, h)
	}
	return false
}

func (o *Observation) checkRefused(f *Findings) {
	if !o.Got.Outcome.Refused() && o.Got.Outcome != OK {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome == OK {
		f.violate(o, PathUser, "what must be refused was accepted")
	}
}

// changeOf returns an operation on a booking as a change of it.
func changeOf(op Operation) (OnBooking, bookingChange, bool) {
	change, ok := op.(bookingChange)
	if !ok {
		return OnBooking{}, nil, false
	}
	if sw, isSwitch := op.(Switch); isSwitch {
		return sw.OnBooking, change, true
	}
	on, ok := bookingOf(op)
	return on, change, ok
}

// checkUnchanged checks the answer to an operation on a booking on which others
// were refused before: it must not be the one that these would have led to.
func (o *Observation) checkUnchanged(f *Findings, on OnBooking, change bookingChange) {
	b := o.Before.booking(on.Booking)
	if b == nil || b.ghost == nil || b.uncertain || o.hidden() || o.Expected.Outcome != OK {
		return
	}
	haunted := expectChange(b.ghost, on.User, change, o.Before.policy, o.Call.Step)
	if agrees(o.Expected, haunted) {
		return // the two cannot be told apart here
	}
	f.checked()
	if agrees(o.Expected, o.Got) || !agrees(haunted, o.Got) {
		return
	}
	if b.strangerWas != "" {
		f.violate(o, PathEncounter, "a refused operation of a stranger's took effect", Exposure{Viewer: b.strangerWas, Owner: b.patient,
			Recording: b.handle, Level: Controlled, Path: PathEncounter})
		return
	}
	f.violate(o, PathEncounter, "a refused operation took effect")
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
