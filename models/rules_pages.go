package models

import "math"

// checkPages is LIST-3: rows that stand twice, totals that are not the number of
// the caller's rows, and filters that let others through. Rows of others are
// LIST-1's, on whichever page.
func checkPages(o *Observation, f *Findings) {
	l := o.Got.Listing
	viewer, ok := o.lists()
	if !ok || l == nil {
		return
	}
	o.checkRowsOnce(f, l)
	if mode := o.filter(); mode != "" {
		o.checkFilter(f, l, mode)
	}
	if o.row().rows.ofReplays() && l.Total != nil && o.Expected.Listing != nil {
		o.checkTotal(f, viewer, *l.Total)
	}
}

// checkRowsOnce checks that no recording is shown twice.
func (o *Observation) checkRowsOnce(f *Findings, l *Listing) {
	if len(l.Rows) < 2 {
		return
	}
	f.checked()
	for i := range l.Rows {
		for j := range i {
			if a, b := &l.Rows[i], &l.Rows[j]; a.ID != "" && a.ID == b.ID || a.ID == "" && a.Recording != "" && a.Recording == b.Recording {
				f.violate(o, o.rowPath(a), "a recording is shown twice")
				return
			}
		}
	}
}

// checkFilter checks that a listing of one mode shows no recording of another.
func (o *Observation) checkFilter(f *Findings, l *Listing, mode Mode) {
	if len(l.Rows) == 0 {
		return
	}
	f.checked()
	for i := range l.Rows {
		if !same(o.modeOf(&l.Rows[i]), mode) {
			f.violate(o, o.rowPath(&l.Rows[i]), "a listing of one mode shows a recording of another")
			return
		}
	}
}

// filter is the mode that alone is asked for, or empty for all.
func (o *Observation) filter() Mode {
	list, _ := o.Call.Op.(List)
	return list.Mode
}

// modeOf is the mode of a row's recording, as far as the row says it or else the
// model knows it.
func (o *Observation) modeOf(row *Row) Mode {
	rec, ok := o.Before.recording(row.Recording)
	if row.Mode != "" || !ok {
		return row.Mode
	}
	return rec.mode
}

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
	f.checked()
	whole := o.row().rows == ReplayRows
	switch expected := *o.Expected.Listing.Total; {
	case whole && total == len(o.Got.Listing.Rows):
	case total > expected+o.slack(viewer):
		f.violate(o, PathCount, "a total counts others' recordings", o.counted(viewer)...)
	case total < expected:
		f.violate(o, PathCount, "a total does not count all of the caller's recordings")
	}
}

// slack is the number of rows that a total may count or not: repeated segments
// where the policy allows them, and in a listing of one mode the recordings in
// both.
func (o *Observation) slack(viewer Handle) int {
	if o.Before.policy.Repeats {
		return len(o.Before.visible(viewer))
	}
	n := o.Before.unlisted(viewer)
	if o.filter() == "" {
		return n
	}
	for _, r := range o.Before.visible(viewer) {
		if r.mode == "" {
			n++
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

// counted are the exposures by a total that is too great: whose recordings it
// counts cannot be told, only that there are some.
func (o *Observation) counted(viewer Handle) []Exposure {
	var out []Exposure
	for _, h := range o.Before.Recordings() {
		if !o.Before.Entitled(viewer, h) {
			out = append(out, Exposure{Viewer: viewer, Owner: o.Before.Owner(h), Recording: h, Level: Inferred, Path: PathCount})
		}
	}
	if len(out) == 0 {
		out = append(out, Exposure{Viewer: viewer, Owner: Somebody, Level: Inferred, Path: PathCount})
	}
	return out
}
