package models

import (
	"math"
	"slices"
)

// checkTotal checks the number of rows that the service says there are. A number
// too great tells of others' recordings. Of a whole listing that has as many rows
// as it says, the rows are judged by the other rules.
func (o *Observation) checkTotal(f *Findings, viewer Handle, total int) {
	if o.Pending || o.Expected.Outcome != OK {
		return
	}
	if o.hidden() {
		f.inconclusive()
		return
	}
	most, least, known := o.countable(viewer)
	if !known {
		return
	}
	f.checked()
	switch {
	case o.counts(total):
	case total > most:
		f.violate(o, PathCount, "a total counts others' recordings", o.counted(viewer)...)
	case total < least:
		f.violate(o, PathCount, "a total does not count all of the caller's recordings")
	}
}

// counts reports whether a total is the number of rows shown: of a whole listing all
// of them and, where the service does not declare its totals, of any page.
func (o *Observation) counts(total int) bool {
	rows := o.Got.Listing.Rows
	if o.row().rows == ReplayRows && total == len(rows) {
		return true
	}
	return o.Before.policy.Totals == AnyTotals && slices.ContainsFunc(rows, func(r Row) bool { return o.onPage(r.Page) == total })
}

// onPage counts the rows of a page.
func (o *Observation) onPage(page int) int {
	n := 0
	for i := range o.Got.Listing.Rows {
		if o.Got.Listing.Rows[i].Page == page {
			n++
		}
	}
	return n
}

// countable are the greatest and the least number of the caller's rows that a total may
// count. It returns false where the model does not know how many rows there are.
func (o *Observation) countable(viewer Handle) (most, least int, known bool) {
	s := o.Before
	if !s.learns() {
		n := *o.Expected.Listing.Total
		return n + o.slack(viewer), n, true
	}
	shown := 0
	if o.row().rows == ReplayRows {
		shown = len(o.Got.Listing.Rows)
		if o.filter() == "" && !o.Got.Listing.Truncated {
			return shown, shown, true
		}
	}
	n, known := s.rowsOf(viewer)
	return max(n, shown) + s.unlisted(viewer), 0, known
}

// rowsOf is the greatest number of rows that a user may be shown, where it is not
// declared how a consultation is cut. It returns false where no whole listing has shown
// yet how many there are of each, or one that goes on has some already.
func (s *State) rowsOf(viewer Handle) (n int, known bool) {
	for i := range s.bookings {
		b := &s.bookings[i]
		switch {
		case !s.entitled(viewer, b, 0) || b.published == 0 && !s.hasEarly(b):
		case s.hasEarly(b) || b.showing.listed != s.age(b):
			return 0, false
		default:
			n += max(b.showing.highest(), len(s.recordingsIn(b, b.segments[:b.published]))) + s.silent(b)
		}
	}
	return n, true
}

// slack is the number of rows that a total may count or not: repeated segments
// where the policy allows them, in a listing of one mode the recordings in both or,
// where the service does not declare its totals, in any, and the empty rows that
// consultations may have in which nothing was recorded.
func (o *Observation) slack(viewer Handle) int {
	s := o.Before
	visible := s.visible(viewer)
	n := s.unlisted(viewer)
	if s.policy.Repeats {
		n += len(visible)
	}
	if s.policy.Totals == AnyTotals {
		n += s.emptyRows(viewer)
	}
	if o.filter() == "" {
		return n
	}
	for _, r := range visible {
		if r.mode == "" || s.policy.Totals == AnyTotals && r.mode != o.filter() {
			n++
		}
	}
	return n
}

// emptyRows counts the stretches without media that a user may be shown rows of.
func (s *State) emptyRows(viewer Handle) int {
	n := 0
	for i := range s.bookings {
		if b := &s.bookings[i]; b.published > 0 && s.entitled(viewer, b, 0) {
			n += s.silent(b)
		}
	}
	return n
}

// unlisted counts the recordings that a service may count among a viewer's and need
// not list: those that they see elsewhere, those in a bin, and of one who sees all how
// many other worlds have.
func (s *State) unlisted(viewer Handle) int {
	n := s.undecided(viewer)
	switch {
	case s.policy.Access == (AccessChoices{}):
		return n
	case s.seesAll(viewer):
		return math.MaxInt32
	}
	for i := range s.bookings {
		b := &s.bookings[i]
		for _, r := range s.recordings(b) {
			if at := s.sight(viewer, b, r.number); at == apart || at == inList && s.goneTo(viewer, r.handle) && s.lingers(viewer, r.handle) {
				n++
			}
		}
	}
	return n
}
