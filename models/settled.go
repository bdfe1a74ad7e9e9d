package models

// Settled reports whether an answer shows all that is expected, so that nothing
// is gained by asking again while the lag that a service declares is not over.
// Operations that can be asked again are those that only read.
func (o *Observation) Settled() bool {
	if o.Expected.Outcome != OK || o.Got.Outcome == Unbound || o.Got.Outcome == Unknown {
		return true
	}
	switch o.Call.Op.Kind() {
	case KindGet, KindPlay, KindHead, KindThumb, KindTranscript:
		return o.Got.Outcome == OK
	case KindList, KindExport:
		return o.missing() != yes
	case KindInbox:
		return o.Got.Listing != nil && len(o.Got.Listing.Rows) >= len(o.Expected.Listing.Rows)
	}
	return true
}
