package models

import "slices"

// checkArchive looks for another's media in an export, for READ-1. It counts as
// a check where there is any media.
func (o *Observation) checkArchive(f *Findings, viewer Handle) {
	if o.Got.Content == nil || o.Got.Content.Length == 0 {
		return
	}
	f.checked()
	if exposures := o.foreignBytes(viewer, "", PathExport); len(exposures) > 0 {
		f.violate(o, PathExport, "an export holds another's media", exposures...)
	}
}

// mayBeOf reports whether media that is taken for a recording may as well be of another
// of its booking whose row an export has for one who may see it: a service that does not
// declare how it cuts consultations has not shown yet what that recording holds.
func (o *Observation) mayBeOf(viewer, h Handle) bool {
	b := o.Before.booking(h.Booking())
	if b == nil || !o.Before.learns() || o.Got.Listing == nil {
		return false
	}
	for _, rec := range o.Before.unasked().recordings(b) {
		if rec.handle == h && !rec.guessed {
			return false
		}
	}
	return slices.ContainsFunc(o.Got.Listing.Rows, func(r Row) bool {
		return r.Recording.Booking() == b.handle && o.Before.Entitled(viewer, r.Recording)
	})
}

// checkArchiveWhole checks for READ-2 that an export holds all media of the
// recordings whose rows it has, in whatever order. Rows that it lacks are
// LIST-2's. A service that declares nothing of its recordings may export rows alone.
func (o *Observation) checkArchiveWhole(f *Findings) {
	if o.Got.Content == nil || o.Got.Listing == nil || o.Pending || o.Expected.Outcome != OK || o.hidden() {
		return
	}
	if o.Before.learns() && o.Got.Content.Length == 0 {
		return // rows alone
	}
	for i := range o.Before.bookings {
		b := &o.Before.bookings[i]
		if b.patient != o.Call.Op.Actor() || b.published == 0 || !o.hasRowOf(b) {
			continue
		}
		moments := o.archived(b)
		if len(moments) == 0 {
			continue
		}
		f.checked()
		if o.Got.Content.Stray > 0 || !o.Got.Content.holds(o.World, b.handle, moments) {
			f.violate(o, PathExport, "an export does not hold the media of its recordings as it was spoken")
			return
		}
	}
}

// archived are the moments that an export must hold of the recordings of a booking
// whose rows it has: as far as that is known.
func (o *Observation) archived(b *booking) []int {
	if o.Before.learns() && !b.anyGone() {
		return o.Before.spoken(b)
	}
	var out []int
	for _, rec := range o.Before.recordings(b) {
		if !rec.guessed && !o.goneHere(b, rec.number) && (o.Before.learns() || o.Got.Listing.find(rec.handle) != nil) {
			out = append(out, rec.moments...)
		}
	}
	return out
}

// holds reports whether content has the whole media of some moments of a booking.
func (c *Content) holds(world Namespace, booking Handle, moments []int) bool {
	for _, moment := range moments {
		if !slices.Contains(c.Pieces, Piece{Tag{world, booking, moment}, 0, MediaSize}) {
			return false
		}
	}
	return true
}
