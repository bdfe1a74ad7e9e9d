package models

import "slices"

// supposition is what a consultation would be if a refused operation had taken effect.
type supposition struct {
	consultation
	stranger Handle // who performed it, if they may never do so
}

// maxSuppositions is the number of suppositions of a booking that are kept.
const maxSuppositions = 8

// accept applies an accepted change, to the suppositions as well.
func (b *booking) accept(change bookingChange, who role, step int) {
	change.apply(&b.consultation, who, step)
	b.suppositions = slices.Clone(b.suppositions)
	for i := range b.suppositions {
		change.apply(&b.suppositions[i].consultation, who, step)
	}
}

// suppose notes a refused change, unless it could not have had any effect.
func (b *booking) suppose(change bookingChange, who role, step int) {
	alone := supposition{consultation: b.consultation}
	if who.barred(change.ofBooking()) {
		alone.stranger = change.on().User
	}
	change.apply(&alone.consultation, who, step)
	if alone.looksLike(&b.consultation) {
		return
	}
	together := alone
	if len(b.suppositions) > 0 {
		together.consultation = b.suppositions[0].consultation
		change.apply(&together.consultation, who, step)
	}
	others := b.suppositions[min(1, len(b.suppositions)):]
	others = others[max(0, len(others)-maxSuppositions):]
	b.suppositions = slices.Concat([]supposition{together}, others, []supposition{alone})
}

// looksLike reports whether nothing was done to d that was not done to c.
func (c *consultation) looksLike(d *consultation) bool {
	return c.status == d.status && c.mode == d.mode && c.patientIs == d.patientIs && c.clinicianIs == d.clinicianIs && c.guestIs == d.guestIs &&
		slices.EqualFunc(c.segments, d.segments, func(s, t segment) bool { return len(s.moments) == len(t.moments) })
}

// explain returns the supposition that would have led to an answer which contradicts
// the booking, or nil. One operation explains it rather than all of them.
func (b *booking) explain(change bookingChange, who role, p *Policy, step int, r Response) *supposition {
	if b.uncertain || len(b.suppositions) == 0 || agrees(expectChange(&b.consultation, who, change, p, step), r) {
		return nil
	}
	for i := len(b.suppositions) - 1; i >= 0; i-- {
		if g := &b.suppositions[i]; agrees(expectChange(&g.consultation, who, change, p, step), r) {
			return g
		}
	}
	return nil
}

// toldApart reports whether an answer decides between what is expected and
// what a supposition would have led to.
func (b *booking) toldApart(change bookingChange, who role, p *Policy, step int, expected, got Response) bool {
	for i := range b.suppositions {
		supposed := expectChange(&b.suppositions[i].consultation, who, change, p, step)
		if !agrees(expected, supposed) && !(agrees(expected, got) && agrees(supposed, got)) {
			return true
		}
	}
	return false
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
