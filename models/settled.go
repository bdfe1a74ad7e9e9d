package models

// Settled reports whether an answer shows all that is expected, so that nothing
// is gained by asking again while the lag that a service declares is not over.
// Operations that are asked again read, or were refused and changed nothing.
func (o *Observation) Settled() bool {
	if o.Expected.Outcome != OK || o.Got.Outcome == Unbound || o.Got.Outcome == Unknown {
		return true
	}
	switch o.Call.Op.Kind() {
	case KindGet, KindPlay, KindHead, KindThumb, KindTranscript, KindLink, KindShare, KindUnshare, KindDelete:
		return o.Got.Outcome == OK
	case KindPage, KindFollow:
		return o.Got.Outcome == OK && o.countsAll()
	case KindList, KindExport:
		return o.missing() != yes
	case KindInbox:
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
