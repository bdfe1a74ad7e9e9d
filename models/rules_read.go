package models

import "slices"

// ReadOf returns what an operation reads of one recording, and the path by which.
// It returns false for an operation that does not.
func ReadOf(op Operation) (OnRecording, Path, bool) {
	r := rowOf(op.Kind())
	if !r.byRecording() {
		return OnRecording{}, "", false
	}
	return OnRecording{op.Actor(), op.Uses()}, r.path, true
}

// read returns the recording that the call reads, and the path by which.
func (o *Observation) read() (Handle, Path, bool) {
	if r := o.row(); r.byRecording() {
		return o.Call.Op.Uses(), r.path, true
	}
	return "", "", false
}

// disclosed counts a check that a read must show nothing, and reports whether it
// shows something. An unknown outcome may hide the answer.
func (o *Observation) disclosed(f *Findings) bool {
	if !o.shown() && o.hidden() {
		o.unanswered(f)
		return false
	}
	f.checked()
	return o.shown()
}

// checkReadRefused is READ-1.
func checkReadRefused(o *Observation, f *Findings) {
	viewer := o.Call.Op.Actor()
	if o.row().rows == ExportRows && o.Before.loggedIn(viewer) {
		o.checkArchive(f, viewer)
		return
	}
	h, path, ok := o.read()
	if !ok || o.Got.Outcome == Unbound || o.Before.booking(h.Booking()) == nil || !o.Before.loggedIn(viewer) {
		return
	}
	if o.Before.Entitled(viewer, h) {
		o.checkMetadata(f, viewer)
		return
	}
	if o.disclosed(f) {
		f.violate(o, path, "a recording is not refused to one who may not see it",
			o.readExposures(viewer, h, path)...)
	}
}

// unanswered counts a check that nothing was answered to, unless replays are
// switched off: then nothing was asked.
func (o *Observation) unanswered(f *Findings) {
	if !o.Before.off {
		f.inconclusive()
	}
}

// checkMetadata looks for another's metadata under the name of a recording that
// viewer may see. It counts as a check only where it finds some: reading one's
// own does not exercise READ-1.
func (o *Observation) checkMetadata(f *Findings, viewer Handle) {
	if o.Got.Row == nil {
		return
	}
	path := o.row().path
	if e, foreign := o.foreign(o.Got.Row, viewer, Previewed, path); foreign {
		f.checked()
		f.violate(o, path, "another's metadata is shown", e)
	}
}

// loggedIn reports whether a user is known to hold a valid token.
func (s *State) loggedIn(h Handle) bool {
	u := s.user(h)
	return u != nil && u.loggedIn && !(u.shaken && s.choice(sessions) == sessionsEnd)
}

// shown reports whether the answer shows anything of a recording.
func (o *Observation) shown() bool {
	return o.Got.Outcome == OK || o.Got.Row != nil || o.Got.Content != nil && o.Got.Content.Length > 0
}

// readExposures grades what a read of h showed. Media with tags counts against
// the patients whose tags they are, media without against h's.
func (o *Observation) readExposures(viewer, h Handle, path Path) []Exposure {
	e := Exposure{Viewer: viewer, Owner: o.Before.Owner(h), Recording: h, Path: path, Level: Previewed}
	c, carries := o.Got.Content, path.row().carries
	switch {
	case o.row().defines == ALink:
		e.Level = Obtained // a reusable link to it
		return []Exposure{e}
	case c == nil || c.Length == 0 || carries == headers:
		return []Exposure{e}
	case !c.onlyOf(Tag{World: o.World, Booking: h.Booking()}):
		if others := o.foreignBytes(viewer, "", path); len(others) > 0 {
			return others
		}
		return []Exposure{e}
	case carries == derived:
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

// delivery is a recording that a call delivers media of, or what derives from
// it, and the path by which.
func (o *Observation) delivery() (Handle, Path, bool) {
	h, path, ok := o.reads()
	if !ok || !o.row().shows.Has(ShowsContent) || path.row().carries == headers {
		return "", "", false
	}
	viewer := o.Call.Op.Actor()
	if l := o.followed(); l != nil {
		return h, path, o.Before.opens(l, viewer) != no
	}
	return h, path, o.Before.loggedIn(viewer) && o.Before.Entitled(viewer, h)
}

// checkBytes is READ-2. It looks at what is delivered to one who may see the
// recording; what is delivered to others is READ-1's and LINK-1's.
func checkBytes(o *Observation, f *Findings) {
	if o.row().rows == ExportRows {
		o.checkArchiveWhole(f)
		return
	}
	o.checkWhole(f, false, "the recordings do not hold all that was spoken, each moment once")
	h, path, ok := o.delivery()
	if !ok || o.Got.Content == nil {
		return
	}
	if exposures := o.foreignBytes(o.Call.Op.Actor(), h, path); len(exposures) > 0 {
		f.checked()
		f.violate(o, path, "another's media is delivered", exposures...)
		return
	}
	rec, ok := o.Before.recording(h)
	if !ok || o.Got.Outcome.Refused() || o.Before.goneTo(o.Call.Op.Actor(), h) || o.Pending {
		return
	}
	if o.hidden() {
		f.inconclusive()
		return
	}
	if o.obstacle() == visitGoesOn {
		return // it grows
	}
	f.checked()
	if !o.delivers(rec) {
		f.violate(o, path, "the media delivered is not what was spoken in that consultation")
	}
}

// delivers reports whether an answer is what should be delivered of a recording.
// Of what is derived from it only the tags are compared: its size and form are
// the service's affair.
func (o *Observation) delivers(rec recording) bool {
	if rec.guessed {
		return o.deliversPart(rec)
	}
	if o.row().path.row().carries == media {
		part, _ := o.Call.Op.(Play) // else the whole
		return part.delivers(o.World, rec, o.Got.Content)
	}
	for _, p := range o.Got.Content.Pieces {
		if p.Tag.World != o.World || p.Tag.Booking != rec.booking.handle || !slices.Contains(rec.moments, p.Tag.Moment) {
			return false
		}
	}
	return true
}

// foreignBytes are the exposures by tags in delivered media that viewer has no
// right to, one for each recording. What they are allowed is not counted, though they
// may have no right to it.
func (o *Observation) foreignBytes(viewer, allowed Handle, path Path) []Exposure {
	level := path.level()
	var out []Exposure
	for _, p := range o.Got.Content.Pieces {
		e := Exposure{Viewer: viewer, Recording: p.Tag.Booking, Level: level, Path: path, Bytes: int64(p.To - p.From)}
		if p.Tag.World != o.World {
			e.World = p.Tag.World
			out = addExposure(out, e)
			continue
		}
		h := o.Before.spokenIn(p.Tag)
		if o.Before.Entitled(viewer, h) || path == PathExport && o.mayBeOf(viewer, h) || h.Booking() == allowed.Booking() && (h == allowed || h == h.Booking() || o.Before.learns()) {
			continue
		}
		e.Owner, e.Recording = o.Before.Owner(h), h
		out = addExposure(out, e)
	}
	return out
}

// spokenIn is the recording that media belongs to, or its booking where the
// model does not know which.
func (s *State) spokenIn(t Tag) Handle {
	if b := s.booking(t.Booking); b != nil {
		for _, r := range s.unasked().recordings(b) {
			if slices.Contains(r.moments, t.Moment) {
				return r.handle
			}
		}
	}
	return t.Booking
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
// recording: a range, or the whole, whatever range was asked for (RFC 9110 section
// 14.2), and nothing behind the end. At the edges of a range, bytes of a cut cell need
// not be attributed (see [ReadMedia]); of a range without a whole cell only the
// length can be told.
func (o Play) delivers(world Namespace, rec recording, c *Content) bool {
	want := o.content(rec)
	if c.From == 0 && c.Length == rec.size() && (c.Total < 0 || c.Total == rec.size()) {
		want = Play{}.content(rec) // a service may answer any range with the whole
	} else if want.Length <= 0 {
		return c.Length == 0
	}
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

// checkReadAllowed is READ-3. What was not sent does not count: many services give
// the ids of recordings in listings only, and that a listing lacks them is LIST-2;
// a target may also be unable to ask for a range.
func checkReadAllowed(o *Observation, f *Findings) {
	_, path, ok := o.read()
	if !ok || o.Pending || o.Expected.Outcome != OK || o.Got.Outcome == Unbound || o.unmeasured() {
		return
	}
	if o.hidden() {
		f.inconclusive()
		return
	}
	if o.Got.Outcome != OK && o.obstacle().open() {
		return
	}
	f.checked()
	if o.Got.Outcome != OK {
		f.violate(o, path, "a recording cannot be read by one who may see it")
	}
}
