package models

import "slices"

// Possible are the exposures that an unknown outcome leaves open in any of the
// states in which the operation may have been performed, each once: see
// [Observation.Possible].
func Possible(before []*State, c Call, got Response) []Exposure {
	var out []Exposure
	for _, s := range before {
		o := Observation{Before: s, Call: c, Got: got}
		for _, e := range o.Possible() {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	return out
}

// Possible are the exposures that an unknown outcome leaves open: what the caller
// has no right to may have been shown to them, or been changed by them, in an
// answer that was lost, cut off or a server error, so that nobody can tell. The
// levels are those of an answer that had been given in full. It is empty for
// every other outcome, and where the answer shows what it shows: that is a
// violation, not a possibility.
func (o *Observation) Possible() []Exposure {
	if o.Got.Outcome != Unknown || o.shown() || o.Got.Listing != nil {
		return nil
	}
	if viewer, ok := o.lists(); ok {
		return o.possibleRows(viewer)
	}
	if e, ok := o.possibleRead(); ok {
		return []Exposure{e}
	}
	if e, ok := o.possibleChange(); ok {
		return []Exposure{e}
	}
	return nil
}

// possibleRows are the recordings of others that a listing may have shown.
func (o *Observation) possibleRows(viewer Handle) []Exposure {
	var out []Exposure
	for _, h := range o.Before.Recordings() {
		if !o.Before.Entitled(viewer, h) {
			out = append(out, Exposure{Viewer: viewer, Owner: o.Before.Owner(h), Recording: h, Level: Presented, Path: o.rowPath(&Row{})})
		}
	}
	return out
}

// possibleRead is the recording of another's that a read may have shown.
func (o *Observation) possibleRead() (Exposure, bool) {
	h, path, ok := o.reads()
	viewer := o.Call.Op.Actor()
	owner := o.Before.Owner(h)
	if !ok || h.Phantom() || owner == "" || owner == viewer || o.mayOpen(viewer, h) {
		return Exposure{}, false
	}
	e := Exposure{Viewer: viewer, Owner: owner, Recording: h, Level: o.row().reads, Path: path}
	if op, ok := o.Call.Op.(Play); ok && !op.Range.Whole() {
		e.Level = Viewed
	}
	return e, true
}

// mayOpen reports whether a caller may, or perhaps may, be shown a recording: they
// have a right to it, or follow a link that opens for them.
func (o *Observation) mayOpen(viewer, h Handle) bool {
	if l := o.followed(); l != nil {
		return o.Before.opens(l, viewer) != no
	}
	return o.Before.Entitled(viewer, h)
}

// possibleChange is what a caller may have done to another's recording or
// consultation, which they may never do.
func (o *Observation) possibleChange() (Exposure, bool) {
	viewer := o.Call.Op.Actor()
	if h, ok := o.disposal(); ok && !h.Phantom() {
		owner := o.Before.Owner(h)
		return Exposure{Viewer: viewer, Owner: owner, Recording: h, Level: Controlled, Path: PathRecording},
			owner != "" && owner != viewer && !o.Before.Entitled(viewer, h)
	}
	on, path, ok := o.onBooking()
	return Exposure{Viewer: viewer, Owner: o.Before.Owner(on.Booking), Recording: on.Booking, Level: Controlled, Path: path},
		ok && o.barred(on)
}
