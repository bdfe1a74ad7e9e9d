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
	if !ok || o.Expected.Outcome == Unbound || o.Got.Outcome == Unbound {
		return
	}
	viewer := o.Call.Op.Actor()
	if !o.Before.loggedIn(viewer) || o.Before.MaySee(viewer, h) {
		return
	}
	if !o.shown() && o.hidden() {
		f.inconclusive()
		return
	}
	f.checked()
	if o.shown() {
		f.violate(o, path, "a recording is not refused to one who may not see it",
			o.exposure(viewer, o.Before.Owner(h), h, path))
	}
}

func (s *State) loggedIn(h Handle) bool {
	u := s.user(h)
	return u != nil && u.loggedIn
}

// shown reports whether the answer shows anything of a recording.
func (o *Observation) shown() bool {
	return o.Got.Outcome == OK || o.Got.Row != nil || o.Got.Content != nil && o.Got.Content.Length > 0
}

// exposure grades what a read showed.
func (o *Observation) exposure(viewer, owner, recording Handle, path Path) Exposure {
	e := Exposure{Viewer: viewer, Owner: owner, Recording: recording, Path: path, Level: Previewed}
	if c := o.Got.Content; c != nil && c.Length > 0 {
		e.Level, e.Bytes, e.Of = Viewed, c.Length, max(c.Total, 0)
		if c.Length == c.Total {
			e.Level = Obtained
		}
	}
	return e
}

// checkBytes is READ-2. It looks at what is delivered to one who may see the
// recording; what is delivered to others is READ-1's.
func checkBytes(o *Observation, f *Findings) {
	play, ok := o.Call.Op.(Play)
	if !ok || o.Got.Content == nil || !o.Before.loggedIn(play.User) || !o.Before.MaySee(play.User, play.Recording) {
		return
	}
	rec, ok := o.Before.recording(play.Recording)
	if !ok {
		return
	}
	f.checked()
	if exposures := o.foreignBytes(play.User); len(exposures) > 0 {
		f.violate(o, PathContent, "another's media is delivered", exposures...)
		return
	}
	if o.Got.Outcome == OK && !rec.booking.uncertain && !play.delivers(o.World, rec, o.Got.Content) {
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
// attributed (see [ReadMedia]).
func (o Play) delivers(world Namespace, rec recording, c *Content) bool {
	want := o.content(rec)
	if c.Length != want.Length || c.Stray > 0 || c.Total >= 0 && c.Total != want.Total {
		return false
	}
	first := roundUp(want.From, cellSize)
	end := (want.From + want.Length) / cellSize * cellSize
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
	return at == max(end, first)
}

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
