package models

// broken counts the MUST rules among violations that a state does not survive.
// That a service fails says nothing of the state that it is in.
func broken(all []Violation) int {
	n := 0
	for i := range all {
		if all[i].Rule != "FAULT-1" && all[i].Must() {
			n++
		}
	}
	return n
}

// agreed reports whether an answer is one that a correct service could give, as far
// as no rule says so: whether it was accepted, and the status and mode that it
// gives a consultation, are those expected, or the service may choose.
func (o *Observation) agreed() bool {
	switch got, want := o.Got.Outcome, o.Expected.Outcome; {
	case got == Unknown || got == Unavailable || got == Unbound:
		return true
	case want == Unbound:
		return got != OK || o.mayBeEmpty()
	case want == Unavailable:
		return got != OK || !o.replayed()
	case want == OK && got.Refused() && o.repeats():
		return true
	case (got == OK) != (want == OK):
		return o.unmeasured() || o.obstacle().open() && (got != OK || o.understood())
	}
	return !o.row().onBooking() || agrees(o.Expected, o.Got)
}

// mayBeEmpty reports whether the operation is on a recording that nobody was shown yet,
// which a consultation may have left that has a stretch without media, and nothing in the
// answer says that there is any in it.
func (o *Observation) mayBeEmpty() bool {
	if c, row := o.Got.Content, o.Got.Row; c != nil && (c.Length > 0 || c.Total > 0) || row != nil && row.Size > 0 {
		return false
	}
	h := o.Call.Op.Uses()
	b := o.Before.booking(h.Booking())
	return h != h.Booking() && b != nil && o.Before.learns() && o.Before.silent(b) > 0 && o.Before.Entitled(o.Call.Op.Actor(), h)
}

// obstacle is what stands in the way of the operation, which can be sent.
func (o *Observation) obstacle() obstacle { return o.Before.obstacle(o.Call.Op) }

// understood reports whether what is said of a consultation after an operation that
// a service need not accept is so if it is understood in one way or another.
func (o *Observation) understood() bool {
	return !o.row().onBooking() || len(o.Before.behind(o.Call, o.Got)) > 0
}

// agrees reports whether two answers to a change of a booking are the same in
// outcome and in what they say of the consultation's status and mode. The
// number of the segment is left out: it depends on where media went, which is
// another rule's.
func agrees(a, b Response) bool {
	if a.Outcome.Refused() && b.Outcome.Refused() {
		return true
	}
	if a.Outcome != b.Outcome {
		return false
	}
	if a.Encounter == nil || b.Encounter == nil {
		return true
	}
	x, y := *a.Encounter, *b.Encounter
	return same(x.Status, y.Status) && same(x.Mode, y.Mode)
}

// same compares two things that a service may leave unsaid.
func same[T comparable](a, b T) bool {
	var unsaid T
	return a == unsaid || b == unsaid || a == b
}
