package models

import "slices"

// ledger are the refused changes of consultations of which no answer has shown yet
// that they had no effect.
type ledger []refusedChange

// refusedChange is a change of a consultation that was refused, and what the
// consultation would be now if it had taken effect.
type refusedChange struct {
	booking Handle
	would   consultation
}

// toldApart reports whether an answer shows that a refused change had no effect, or
// that it had one.
func (c *refusedChange) toldApart(o *Observation) bool {
	change, ok := o.Call.Op.(bookingChange)
	if !ok || change.on().Booking != c.booking || o.hidden() {
		return false
	}
	b := o.Before.booking(c.booking)
	who := o.Before.role(change.on().User, b)
	return !allows(&b.consultation, who, change, o) || !allows(&c.would, who, change, o)
}

// allows reports whether a correct service could give an answer if a consultation
// were as c.
func allows(c *consultation, who role, change bookingChange, o *Observation) bool {
	bar := obstacleTo(c, who, change, o.Before.policy)
	switch {
	case o.Got.Outcome != OK:
		return bar.open() || !bar.accepted()
	case !bar.open() && !bar.accepted():
		return false
	}
	said := o.Got.Encounter
	return said == nil || slices.ContainsFunc(c.behind(bar, who.seat(change), change, o.Before.unasked(), o.Call.Step), func(after consultation) bool { return said.isOf(&after, who) })
}

// tells reports whether an answer that is expected to be OK tells of any refused
// change if it had an effect.
func (l ledger) tells(o *Observation) bool {
	return o.Expected.Outcome == OK && slices.ContainsFunc(l, func(c refusedChange) bool { return c.toldApart(o) })
}

// note goes on behind an answer: what it has told of is done with.
func (l *ledger) note(r *reading, a *Answer) {
	change, ok := a.Call.Op.(bookingChange)
	if !ok {
		return
	}
	b := r.before.booking(change.on().Booking)
	if b == nil {
		return
	}
	who := r.before.role(change.on().User, b)
	switch {
	case a.Got.Outcome == OK && len(*l) > 0:
		l.accepted(r, a, change, who)
	case a.Got.Outcome.Refused():
		would := b.consultation
		change.apply(&would, who, r.before.unasked(), a.Call.Step)
		if !would.looksLike(&b.consultation) {
			*l = append(*l, refusedChange{b.handle, would})
		}
	}
}

// accepted goes on behind an accepted change.
func (l *ledger) accepted(r *reading, a *Answer, change bookingChange, who role) {
	o := Observation{Before: r.before, Call: a.Call, Expected: r.expected, Got: a.Got}
	kept := make(ledger, 0, len(*l))
	for _, c := range *l {
		if c.booking == change.on().Booking {
			if r.expected.Outcome == OK && c.toldApart(&o) {
				continue
			}
			change.apply(&c.would, who, r.before.unasked(), a.Call.Step)
		}
		kept = append(kept, c)
	}
	*l = kept
}

// looksLike reports whether nothing was done to d that was not done to c.
func (c *consultation) looksLike(d *consultation) bool {
	return c.status == d.status && c.mode == d.mode && c.patientIs == d.patientIs && c.clinicianIs == d.clinicianIs && c.guestIs == d.guestIs &&
		slices.EqualFunc(c.segments, d.segments, func(s, t segment) bool { return len(s.moments) == len(t.moments) })
}
