package models

// checkToken is AUTH-1.
func checkToken(o *Observation, f *Findings) {
	actor := o.Call.Op.Actor()
	if !o.needsToken() || o.Got.Outcome == Unbound {
		return
	}
	if o.Got.Outcome != OK && !o.Got.Outcome.Refused() {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome == OK {
		message := "a revoked token is accepted"
		if actor == Anyone {
			message = "a caller without a token is served"
		}
		f.violate(o, PathUser, message, o.tokenExposures(actor)...)
	}
}

// needsToken reports whether the caller has no valid token and must have one. A link
// is followed with or without; that is LINK-1's.
func (o *Observation) needsToken() bool {
	if !o.Before.lacksToken(o.Call.Op.Actor(), o.row()) {
		return false
	}
	last, ends := o.Call.Op.(ending)
	return !ends || !last.ended(o.Before)
}

// tokenExposures are what the holder of a revoked token was shown or did: the
// token's own patient's recordings, too, for anybody may hold it.
func (o *Observation) tokenExposures(actor Handle) []Exposure {
	if h, path, ok := o.read(); ok {
		return o.readExposures(actor, h, path)
	}
	if on, _, ok := o.onBooking(); ok {
		booking := on.Booking
		return []Exposure{{Viewer: actor, Owner: o.Before.Owner(booking), Recording: booking, Level: Controlled, Path: PathUser}}
	}
	if h, ok := o.disposal(); ok && !h.Phantom() {
		return []Exposure{{Viewer: actor, Owner: o.Before.Owner(h), Recording: h, Level: Controlled, Path: PathUser}}
	}
	if o.Got.Listing == nil {
		return nil
	}
	out := make([]Exposure, 0, len(o.Got.Listing.Rows))
	for i := range o.Got.Listing.Rows {
		row := &o.Got.Listing.Rows[i]
		e, foreign := o.foreign(row, actor, Presented, o.rowPath(row))
		if !foreign {
			e = Exposure{Viewer: actor, Owner: o.Before.Owner(o.bookingOf(row)), Recording: row.Recording, Level: Presented, Path: o.rowPath(row)}
		}
		out = append(out, e)
	}
	return out
}
