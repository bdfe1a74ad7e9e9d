package models

// checkPages is LIST-3: rows that stand twice, totals that are not the number of
// the caller's rows, and filters that let others through. Rows of others are
// LIST-1's, on whichever page.
func checkPages(o *Observation, f *Findings) {
	l := o.Got.Listing
	viewer, ok := o.lists()
	if !ok || l == nil {
		return
	}
	if o.row().rows != NoticeRows { // of one recording there may be several notices
		o.checkRowsOnce(f, l)
	}
	if mode := o.filter(); mode != "" {
		o.checkFilter(f, l, mode)
	}
	if o.row().rows.ofReplays() && l.Total != nil && o.Expected.Listing != nil && o.Before.policy.Totals != EstimateTotals {
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

// checkFilter checks that a listing of one mode shows no recording of another. Where a
// recording may hold several modes, it is one of a consultation that never had the mode.
func (o *Observation) checkFilter(f *Findings, l *Listing, mode Mode) {
	if len(l.Rows) == 0 {
		return
	}
	f.checked()
	for i := range l.Rows {
		if !o.mayBeIn(&l.Rows[i], mode) {
			f.violate(o, o.rowPath(&l.Rows[i]), "a listing of one mode shows a recording of another")
			return
		}
	}
}

// mayBeIn reports whether a row may be in a listing of one mode.
func (o *Observation) mayBeIn(row *Row, mode Mode) bool {
	if o.Before.policy.Recordings == PerSegment {
		return same(o.modeOf(row), mode)
	}
	b := o.Before.booking(o.bookingOf(row))
	return b == nil || b.had(mode)
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
