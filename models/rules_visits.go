package models

import "slices"

// mustList reports whether a listing must have a row of a booking that the caller may
// see. Which mode a recording has that holds several, and which one of a consultation
// that was booked in another, is the service's choice, and so is what a listing of one
// mode shows of them.
func (o *Observation) mustList(b *booking) bool {
	if mode := o.filter(); mode != "" && !b.hadOnly(mode) || !o.Before.hasRecording(b) {
		return false
	}
	if !o.Before.learns() || !b.anyGone() {
		return true
	}
	return slices.ContainsFunc(b.showing.rows, func(r shown) bool { return !o.goneHere(b, r.number) })
}

// lacksRow reports whether a listing does not have a recording that it must have. Where
// it is not declared how a consultation is cut, any of its recordings will do for one
// that was not shown before, and what was shown once does not vanish.
func (o *Observation) lacksRow(h Handle) bool {
	b := o.Before.booking(h.Booking())
	l := o.Got.Listing
	switch {
	case o.Before.policy.Recordings == PerSegment:
		return l == nil || l.find(h) == nil
	case !o.mustList(b):
		return false
	case l == nil:
		return true
	case !o.Before.learns() || !o.Before.listsAll(o.Call.Op.Actor(), b):
		return l.find(h) == nil
	}
	return !o.hasRowOf(b) || o.filter() == "" && o.row().rows == ReplayRows && o.vanished(b)
}

// goneHere reports whether a booking's recording with a number is deleted for the caller.
func (o *Observation) goneHere(b *booking, number int) bool {
	return o.Before.goneTo(o.Call.Op.Actor(), RecordingHandle(b.handle, number))
}

// anyGone reports whether any recording of the booking is deleted for anybody.
func (b *booking) anyGone() bool { return len(b.gone)+len(b.hidden) > 0 }

// hasRowOf reports whether a listing has a row of a booking.
func (o *Observation) hasRowOf(b *booking) bool {
	return slices.ContainsFunc(o.Got.Listing.Rows, func(r Row) bool { return o.bookingOf(&r) == b.handle })
}

// vanished reports whether a listing has fewer recordings of a booking than were shown
// before and are not deleted. They are counted: until an operation names one, its
// handle may change when others come to be known. An empty one may go.
func (o *Observation) vanished(b *booking) bool {
	left := 0
	for _, r := range b.showing.rows {
		if (r.read == 0 || len(r.moments) > 0) && !o.goneHere(b, r.number) {
			left++
		}
	}
	for i := range o.Got.Listing.Rows {
		if o.bookingOf(&o.Got.Listing.Rows[i]) == b.handle {
			left--
		}
	}
	return left > 0
}

// accounted reports whether a listing surely shows all that there will be of each
// consultation: by what the service says of sizes, or because a listing was waited for
// before.
func (o *Observation) accounted() bool {
	if !o.Before.learns() || o.row().rows != ReplayRows || o.filter() != "" || o.Got.Listing == nil {
		return true
	}
	for i := range o.Before.bookings {
		b := &o.Before.bookings[i]
		if b.showing.listed == o.Before.age(b) || b.anyGone() || !o.Before.hasRecording(b) || !o.Before.listsAll(o.Call.Op.Actor(), b) {
			continue
		}
		size := int64(0)
		for j := range o.Got.Listing.Rows {
			if row := &o.Got.Listing.Rows[j]; o.bookingOf(row) == b.handle {
				size += row.Size
			}
		}
		if size < int64(len(o.Before.spoken(b))*MediaSize) {
			return false
		}
	}
	return true
}

// checkWhole checks what the recordings of a consultation were found to hold, where it
// is not declared how it is cut: no moment twice and, once all were read, each. Of a
// consultation in which a switch was tried that is MODE-2's, else READ-2's.
func (o *Observation) checkWhole(f *Findings, switched bool, message string) {
	h, path, ok := o.delivery()
	if !ok || !o.Before.learns() || o.Pending || o.Got.Outcome != OK {
		return
	}
	b := o.Before.booking(h.Booking())
	moments, whole := o.Got.Content.wholly(b.handle)
	if !whole || b.attempted != switched || !o.readsWhole() || o.Before.Gone(h) {
		return
	}
	_, n, _ := h.Recording()
	age := o.Before.age(b)
	now := b.showing.with(shown{number: n, read: age, moments: moments})
	all := len(now.rows)
	now.rows = slices.DeleteFunc(now.rows, func(r shown) bool { return r.read != age })
	complete := now.listed == age && !b.anyGone() && len(now.rows) == all
	twice := !o.Before.policy.Repeats && now.twice()
	if !complete && !twice {
		return
	}
	f.checked()
	if twice || !now.holds(o.Before.spoken(b)) {
		f.violate(o, path, message)
	}
}

// readsWhole reports whether the call reads all media of a recording.
func (o *Observation) readsWhole() bool {
	part, _ := o.Call.Op.(Play) // else by a link
	return part.Range.Whole() && o.row().path.row().carries == media
}

// twice reports whether a moment is in more than one recording.
func (w *showing) twice() bool {
	for i := range w.rows {
		for _, m := range w.rows[i].moments {
			if slices.ContainsFunc(w.rows[:i], func(r shown) bool { return slices.Contains(r.moments, m) }) {
				return true
			}
		}
	}
	return false
}

// holds reports whether each of some moments is in a recording.
func (w *showing) holds(moments []int) bool {
	return !slices.ContainsFunc(moments, func(m int) bool {
		return !slices.ContainsFunc(w.rows, func(r shown) bool { return slices.Contains(r.moments, m) })
	})
}

// deliversPart reports whether content is what may be delivered of a recording that
// nobody has read before, where it is not declared how a consultation is cut: moments
// of that consultation, each whole and once, in the order of each voice. Of a range the
// ends may be cut.
func (o *Observation) deliversPart(rec recording) bool {
	c, b := o.Got.Content, rec.booking
	spoken := o.Before.spoken(b)
	var moments []int
	for _, p := range c.Pieces {
		if p.Tag.World != o.World || p.Tag.Booking != b.handle || !slices.Contains(spoken, p.Tag.Moment) {
			return false
		}
		moments = append(moments, p.Tag.Moment)
	}
	if o.row().path.row().carries != media {
		return true
	}
	if c.Stray > 0 || !b.showing.inOrder(moments) {
		return false
	}
	if part, _ := o.Call.Op.(Play); !part.Range.Whole() {
		return c.From == part.Range.First && c.Length <= part.Range.Length
	}
	_, whole := c.wholly(b.handle)
	return whole
}

// unmeasured reports whether the call reads a part of a recording of which the model
// does not know if there is so much of it, or any.
func (o *Observation) unmeasured() bool {
	h, path, ok := o.read()
	if !ok || path == PathGet || !o.Before.learns() {
		return false
	}
	rec, ok := o.Before.recording(h)
	if !ok || !rec.guessed {
		return false
	}
	if part, _ := o.Call.Op.(Play); part.Range.First > 0 {
		return true
	}
	known := rec.booking.showing.row(rec.number)
	return o.Before.silent(rec.booking) > 0 && (known == nil || known.size == 0)
}
