package models

import "slices"

// settling says until when an operation is asked again. Operations that are asked
// again read, or were refused and changed nothing.
type settling uint8

const (
	atOnce       settling = iota // it is not asked again
	whenGranted                  // until it succeeds
	whenCounted                  // until it succeeds and the total, if told, counts all
	whenComplete                 // until no row is missing
	whenNoticed                  // until there are as many rows as expected
)

// Settled reports whether an answer shows all that is expected in any state, so that
// nothing is gained by asking again while the lag that a service declares is not
// over.
func (s *States) Settled(c Call, got Response) bool {
	return !slices.ContainsFunc(s.list, func(st *State) bool {
		o := Observation{World: s.world, Before: st, Call: c, Expected: st.Expect(c), Got: got}
		return !o.settled()
	})
}

// settled reports whether an answer shows all that is expected.
func (o *Observation) settled() bool {
	if o.Expected.Outcome != OK || o.Got.Outcome == Unbound || o.Got.Outcome == Unknown {
		return true
	}
	switch o.row().settles {
	case whenGranted:
		return o.Got.Outcome == OK
	case whenCounted:
		return o.Got.Outcome == OK && o.countsAll()
	case whenComplete:
		return o.missing() != yes && o.accounted()
	case whenNoticed:
		return o.Got.Listing != nil && len(o.Got.Listing.Rows) >= len(o.Expected.Listing.Rows)
	}
	return true
}

// countsAll reports whether the total of a page, where it is told, counts all that
// the caller may see.
func (o *Observation) countsAll() bool {
	got, want := o.Got.Listing, o.Expected.Listing
	return got == nil || got.Total == nil || want == nil || want.Total == nil || *got.Total >= *want.Total
}
