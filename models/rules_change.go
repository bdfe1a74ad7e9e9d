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
		if !o.checkRowAttribution(row, o.rowPath(row), f) {
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
	if list, ok := o.Call.Op.(List); !ok || list.Mode != "" || o.Pending || o.Expected.Outcome != OK {
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
	want := slices.DeleteFunc(o.Before.recordings(b), func(r recording) bool { return slices.Contains(b.gone, r.number) })
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
	done, takesPart := o.Got.Outcome == OK, o.Before.takesPart(on.User, on.Booking)
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
	switch op := op.(type) {
	case Book:
		return s.unsureSlot(op.Clinician, op.SlotNumber())
	case Reschedule:
		if b := s.booking(op.Booking); b != nil && s.unsureSlot(b.clinician, op.Slot) {
			return true
		}
	}
	if !s.loggedIn(op.Actor()) && s.uncertain(op.Actor()) {
		return true
	}
	if u := s.user(op.Whom()); u != nil && u.uncertain {
		return true
	}
	b := s.booking(op.Uses().Booking())
	return b != nil && (b.uncertain || s.doubtful(op.Actor(), b))
}

// unsureSlot reports whether it is open if a slot is taken.
func (s *State) unsureSlot(clinician Handle, slot int) bool {
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.uncertain && b.clinician == clinician && b.slot == slot {
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
		if !o.Before.hasRecording(b) || !slices.Contains(b.reusedBy, viewer) || o.Before.entitled(viewer, b, 0) {
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

// checkBookingGuarded is BOOK-2. Switches are MODE-3's.
func checkBookingGuarded(o *Observation, f *Findings) {
	on, path, ok := o.onBooking()
	if !ok || o.Call.Op.Kind() == KindSwitch || o.Got.Outcome == Unbound {
		return
	}
	b := o.Before.booking(on.Booking)
	if b == nil || !o.Before.mayAct(on.User) || o.Before.role(on.User, b) != stranger {
		return
	}
	o.mustRefuse(f, path, on, "a stranger changed a booking or took part in its consultation")
}

// onBooking returns who changes which booking or consultation, and the path by
// which.
func (o *Observation) onBooking() (OnBooking, Path, bool) {
	switch op := o.Call.Op.(type) {
	case Reschedule:
		return op.OnBooking, PathBooking, true
	case Cancel:
		return op.OnBooking, PathBooking, true
	case bookingChange:
		return op.on(), PathEncounter, true
	}
	return OnBooking{}, "", false
}

// checkToken is AUTH-1.
func checkToken(o *Observation, f *Findings) {
	actor := o.Call.Op.Actor()
	if !o.needsToken() || o.Got.Outcome == Unbound {
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

// needsToken reports whether the caller has no valid token and the operation
// needs one. A link is followed with or without; that is LINK-1's.
func (o *Observation) needsToken() bool {
	switch o.Call.Op.Kind() {
	case KindLogin, KindOpen:
		return false
	}
	actor := o.Call.Op.Actor()
	return actor == Anyone || o.Before.user(actor) != nil && !o.Before.loggedIn(actor)
}

// tokenExposures are what the holder of a revoked token was shown or did: the
// token's own patient's recordings, too, for anybody may hold it.
func (o *Observation) tokenExposures(actor Handle) []Exposure {
	if h, path, ok := o.read(); ok {
		return o.readExposures(actor, h, path)
	}
	if on, _, ok := o.onBooking(); ok {
		booking := on.Booking
		return []Exposure{{Viewer: actor, Owner: o.Before.Owner(booking), Recording: booking, Level: Controlled, Path: PathUser}}
	}
	if o.Got.Listing == nil {
		return nil
	}
	out := make([]Exposure, 0, len(o.Got.Listing.Rows))
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		e, foreign := o.foreign(row, actor, Presented, o.rowPath(row))
		if !foreign {
			e = Exposure{Viewer: actor, Owner: o.Before.Owner(o.bookingOf(row)), Recording: row.Recording, Level: Presented, Path: o.rowPath(row)}
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
// refused, or no rule does.
func (o *Observation) guardedElsewhere() bool {
	switch o.Call.Op.Kind() {
	case KindSwitch, KindOpen, KindFollow: // MODE-3, LINK-1; a cursor may lead to the caller's own rows
		return true
	}
	if o.needsToken() {
		return true
	}
	actor := o.Call.Op.Actor()
	if on, _, ok := o.onBooking(); ok {
		b := o.Before.booking(on.Booking)
		return b != nil && o.Before.role(actor, b) == stranger
	}
	h, _, ok := o.read()
	return ok && o.Before.booking(h.Booking()) != nil && !o.Before.MaySee(actor, h)
}

// checkRefused checks that what must be refused was.
func (o *Observation) checkRefused(f *Findings) {
	if o.Got.Outcome != OK && !o.refused() || o.Before.unsure(o.Call.Op) {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome != OK {
		return
	}
	actor, h := o.Call.Op.Actor(), o.Call.Op.Uses()
	if _, _, ok := h.Recording(); ok && o.Before.Owner(h) != actor {
		f.violate(o, PathRecording, "another's recording was deleted or shared",
			Exposure{Viewer: actor, Owner: o.Before.Owner(h), Recording: h, Level: Controlled, Path: PathRecording})
		return
	}
	f.violate(o, PathUser, "what must be refused was accepted")
}

// checkUnchanged checks the answer to an operation on a booking on which others
// were refused before: it must not be the one that these would have led to.
func (o *Observation) checkUnchanged(f *Findings, change bookingChange) {
	p := o.Before.policy
	b := o.Before.booking(change.on().Booking)
	if b == nil || b.uncertain || o.hidden() || o.Expected.Outcome != OK {
		return
	}
	who := o.Before.role(change.on().User, b)
	if !b.toldApart(change, who, p, o.Call.Step, o.Expected, o.Got) {
		return
	}
	f.checked()
	g := b.explain(change, who, p, o.Call.Step, o.Got)
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
