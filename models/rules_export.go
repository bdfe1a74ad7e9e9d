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

// checkArchiveWhole checks for READ-2 that an export holds all media of the
// recordings whose rows it has, in whatever order. Rows that it lacks are
// LIST-2's.
func (o *Observation) checkArchiveWhole(f *Findings) {
	if o.Got.Content == nil || o.Got.Listing == nil || o.Pending || o.Expected.Outcome != OK || o.hidden() {
		return
	}
	for _, rec := range o.Before.ownRecordings(o.Call.Op.Actor()) {
		if o.Got.Listing.find(rec.handle) == nil {
			continue
		}
		f.checked()
		if o.Got.Content.Stray > 0 || !o.Got.Content.holds(o.World, rec) {
			f.violate(o, PathExport, "an export does not hold the media of its recordings as it was spoken")
			return
		}
	}
}

// holds reports whether content has the whole media of a recording.
func (c *Content) holds(world Namespace, rec recording) bool {
	for _, moment := range rec.moments {
		if !slices.Contains(c.Pieces, Piece{Tag{world, rec.booking.handle, moment}, 0, MediaSize}) {
			return false
		}
	}
	return true
}
