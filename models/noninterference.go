package models

import "slices"

// Without returns the trace without what other patients than viewer did: their
// registrations, what they did, and what others did with what was theirs. It
// says which operations are left, by their indexes in t.
func (t Trace) Without(p *Policy, viewer Handle) (Trace, []int) {
	others := make(map[Handle]bool)
	for _, op := range t.Ops {
		if rowOf(op.Kind()).defines == APatient && op.Defines() != viewer {
			others[op.Defines()] = true
		}
	}
	var alone Trace
	var from []int
	for i, op := range t.Ops {
		if !others[op.Actor()] && !others[op.Defines()] && !others[op.Whom()] {
			alone.Ops = append(alone.Ops, op)
			from = append(from, i)
		}
	}
	repaired, kept := alone.Repair(p)
	for i, at := range kept {
		kept[i] = from[at]
	}
	return repaired, kept
}

// SameObserved reports whether two answers to the same operation of the same
// patient look alike to them. Ids, times, evidence and the number of requests
// are ignored. The second answer is of a run in which operations were left out;
// step gives the step of the first run for one of the second.
func SameObserved(a, b *Response, step func(int) int) bool {
	return a.Outcome == b.Outcome && a.Status == b.Status && a.CacheControl == b.CacheControl && a.Reason == b.Reason &&
		a.headers().CDNCacheControl == b.headers().CDNCacheControl &&
		samePointed(a.Encounter, b.Encounter) && sameListing(a.Listing, b.Listing) && sameRows(a.Row, b.Row) &&
		sameContent(a.Content, b.Content, step) && sameTrail(a.Audit, b.Audit)
}

// sameTrail reports whether two trails have the same entries. What was noted at
// the same moment has no order.
func sameTrail(a, b []Access) bool {
	if len(a) != len(b) {
		return false
	}
	rest := slices.Clone(b)
	for _, entry := range a {
		i := slices.Index(rest, entry)
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

func samePointed[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func sameListing(a, b *Listing) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Pages == b.Pages && a.Truncated == b.Truncated && a.More == b.More && samePointed(a.Total, b.Total) &&
		slices.EqualFunc(a.Rows, b.Rows, func(r, s Row) bool { return sameRows(&r, &s) })
}

func sameRows(a, b *Row) bool {
	if a == nil || b == nil {
		return a == b
	}
	r, s := *a, *b
	for _, row := range [...]*Row{&r, &s} {
		row.ID = ""
		row.Tag = Tag{Booking: row.Tag.Booking}
	}
	return r == s
}

func sameContent(a, b *Content, step func(int) int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.From == b.From && a.Length == b.Length && a.Total == b.Total && a.Stray == b.Stray &&
		slices.EqualFunc(a.Pieces, b.Pieces, func(p, q Piece) bool {
			return p.Tag.Booking == q.Tag.Booking && p.Tag.Moment == step(q.Tag.Moment) && p.From == q.From && p.To == q.To
		})
}
