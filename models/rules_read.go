package models

// read returns the recording that the call reads, and the path by which.
func (o *Observation) read() (Handle, Path, bool) {
	switch op := o.Call.Op.(type) {
	case Get:
		return op.Recording, PathGet, true
	case Head:
		return op.Recording, PathHead, true
	case Play:
		return op.Recording, PathContent, true
	}
	return "", "", false
}

// checkReadRefused is READ-1.
func checkReadRefused(o *Observation, f *Findings) {
	h, path, ok := o.read()
	viewer := o.Call.Op.Actor()
	if !ok || o.Got.Outcome == Unbound || o.Before.booking(h.Booking()) == nil || !o.Before.mayAct(viewer) {
		return
	}
	if o.Before.MaySee(viewer, h) {
		o.checkMetadata(f, viewer)
		return
	}
	if !o.shown() && o.hidden() {
		f.inconclusive()
		return
	}
	f.checked()
	if o.shown() {
		f.violate(o, path, "a recording is not refused to one who may not see it",
			o.readExposures(viewer, h, path)...)
	}
}

// checkMetadata looks for another's metadata under the name of a recording that
// viewer may see. It counts as a check only where it finds some: reading one's
// own does not exercise READ-1.
func (o *Observation) checkMetadata(f *Findings, viewer Handle) {
	if o.Got.Row == nil {
		return
	}
	if e, foreign := o.foreign(o.Got.Row, viewer, Previewed, PathGet); foreign {
		e.Path = PathGet
		f.checked()
		f.violate(o, PathGet, "another's metadata is shown", e)
	}
}

// loggedIn reports whether a user is known to hold a valid token.
func (s *State) loggedIn(h Handle) bool {
	u := s.user(h)
	return u != nil && u.loggedIn
}

// shown reports whether the answer shows anything of a recording.
func (o *Observation) shown() bool {
	return o.Got.Outcome == OK || o.Got.Row != nil || o.Got.Content != nil && o.Got.Content.Length > 0
}

// readExposures grades what a read of h showed. Media with tags counts against
// the patients whose tags they are, media without against h's.
func (o *Observation) readExposures(viewer, h Handle, path Path) []Exposure {
	e := Exposure{Viewer: viewer, Owner: o.Before.Owner(h), Recording: h, Path: path, Level: Previewed}
	c := o.Got.Content
	if c == nil || c.Length == 0 || path == PathHead {
		return []Exposure{e}
	}
	if !c.onlyOf(Tag{World: o.World, Booking: h.Booking()}) {
		if others := o.foreignBytes(viewer); len(others) > 0 {
			return others
		}
		return []Exposure{e}
	}
	e.Level, e.Bytes, e.Of = Viewed, c.Length, max(c.Total, 0)
	if c.Length == c.Total {
		e.Level = Obtained
	}
	return []Exposure{e}
}

// onlyOf reports whether content has no tags but those of one booking.
func (c *Content) onlyOf(booking Tag) bool {
	for _, p := range c.Pieces {
		if p.Tag.World != booking.World || p.Tag.Booking != booking.Booking {
			return false
		}
	}
	return true
}

// checkBytes is READ-2. It looks at what is delivered to one who may see the
// recording; what is delivered to others is READ-1's.
func checkBytes(o *Observation, f *Findings) {
	play, ok := o.Call.Op.(Play)
	if !ok || o.Got.Content == nil || !o.Before.mayAct(play.User) || !o.Before.MaySee(play.User, play.Recording) {
		return
	}
	if exposures := o.foreignBytes(play.User); len(exposures) > 0 {
		f.checked()
		f.violate(o, PathContent, "another's media is delivered", exposures...)
		return
	}
	rec, ok := o.Before.recording(play.Recording)
	if !ok || o.Got.Outcome.Refused() {
		return
	}
	if rec.booking.uncertain || o.hidden() {
		f.inconclusive()
		return
	}
	f.checked()
	if !play.delivers(o.World, rec, o.Got.Content) {
		f.violate(o, PathContent, "the media delivered is not what was spoken in that consultation")
	}
}

// foreignBytes are the exposures by tags in delivered media that viewer may not
// see, one for each consultation.
func (o *Observation) foreignBytes(viewer Handle) []Exposure {
	var out []Exposure
	for _, p := range o.Got.Content.Pieces {
		if p.Tag.World == o.World && o.Before.maySee(viewer, p.Tag.Booking) {
			continue
		}
		e := Exposure{Viewer: viewer, Recording: p.Tag.Booking, Level: Viewed, Path: PathContent, Bytes: int64(p.To - p.From)}
		if p.Tag.World == o.World {
			e.Owner = o.Before.Owner(p.Tag.Booking)
		} else {
			e.World = p.Tag.World
		}
		out = addExposure(out, e)
	}
	return out
}

// addExposure adds e, or its bytes to the exposure of the same recording.
func addExposure(to []Exposure, e Exposure) []Exposure {
	for i := range to {
		if to[i].World == e.World && to[i].Recording == e.Recording {
			to[i].Bytes += e.Bytes
			return to
		}
	}
	return append(to, e)
}

// delivers reports whether content is what the play should deliver of a
// recording. At the edges of a range, bytes of a cut cell need not be
// attributed (see [ReadMedia]); of a range without a whole cell only the length
// can be told.
func (o Play) delivers(world Namespace, rec recording, c *Content) bool {
	want := o.content(rec)
	if c.Length != want.Length || c.Total >= 0 && c.Total != want.Total {
		return false
	}
	first := roundUp(want.From, cellSize)
	end := (want.From + want.Length) / cellSize * cellSize
	if end <= first {
		return len(c.Pieces) == 0
	}
	if c.Stray > 0 {
		return false
	}
	at := first
	for _, p := range c.Pieces {
		moment := int(at / MediaSize)
		if at >= end || moment >= len(rec.moments) {
			return false
		}
		expected := Tag{world, rec.booking.handle, rec.moments[moment]}
		if p.Tag != expected || int64(p.From) != at%MediaSize {
			return false
		}
		at += int64(p.To - p.From)
	}
	return at == end
}

// roundUp is the least multiple of to that is not below n.
func roundUp(n, to int64) int64 { return (n + to - 1) / to * to }

// checkReadAllowed is READ-3.
func checkReadAllowed(o *Observation, f *Findings) {
	h, path, ok := o.read()
	if !ok || o.Expected.Outcome != OK {
		return
	}
	rec, ok := o.Before.recording(h)
	unsent := o.Got.Outcome == Unbound
	if !ok || rec.booking.uncertain || o.hidden() && !unsent {
		f.inconclusive()
		return
	}
	f.checked()
	if o.Got.Outcome != OK {
		f.violate(o, path, "a recording cannot be read by one who may see it")
	}
}
