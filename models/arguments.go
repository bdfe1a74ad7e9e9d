package models

// An Argument is what an operation was told besides who performs it, for
// targets that pass operations on without knowing their kinds: requests made
// from templates, adapters in other languages.
type Argument struct {
	// Name is as in the operation's [Shape], or the role of a handle: booking,
	// recording, clinician, peer, link, cursor.
	Name string
	// Value is a [Handle], or else a string, an int or a bool. A range of bytes
	// is a string like "0-99".
	Value any
}

// arguments collects those that were given.
type arguments []Argument

func (a arguments) handle(name string, h Handle) arguments {
	if h == "" {
		return a
	}
	return append(a, Argument{name, h})
}

func (a arguments) text(name, value string) arguments {
	if value == "" {
		return a
	}
	return append(a, Argument{name, value})
}

func (a arguments) number(name string, n int) arguments {
	if n == 0 {
		return a
	}
	return append(a, Argument{name, n})
}

// Arguments are none.
func (o ByUser) Arguments() []Argument { return nil }

// Arguments are the booking.
func (o OnBooking) Arguments() []Argument { return arguments{}.handle("booking", o.Booking) }

// Arguments are the recording.
func (o OnRecording) Arguments() []Argument { return arguments{}.handle("recording", o.Recording) }

// Arguments are the recording and the other user.
func (o Sharing) Arguments() []Argument {
	return arguments(o.OnRecording.Arguments()).handle("peer", o.Peer)
}

// Arguments are the other user.
func (o Proxying) Arguments() []Argument { return arguments{}.handle("peer", o.Proxy) }

// Arguments are the age in years, the plan, and those whose e-mail address or
// name he has.
func (o Patient) Arguments() []Argument {
	return arguments{}.number("age", o.Age).text("plan", string(o.Plan)).handle("email", o.Email).handle("like", o.Like)
}

// Arguments are none.
func (o Clinician) Arguments() []Argument { return nil }

// Arguments are the clinician, the mode, the slot and the second patient.
func (o Book) Arguments() []Argument {
	return arguments{}.handle("clinician", o.Clinician).text("mode", string(o.Mode)).number("slot", o.SlotNumber()).handle("with", o.With)
}

// Arguments are the booking and its new slot.
func (o Reschedule) Arguments() []Argument {
	return arguments(o.OnBooking.Arguments()).number("slot", o.Slot)
}

// Arguments are the booking and the mode.
func (o Switch) Arguments() []Argument {
	return arguments(o.OnBooking.Arguments()).text("mode", string(o.Mode))
}

// Arguments are the rows on a page and the mode.
func (o List) Arguments() []Argument {
	return arguments{}.number("limit", o.Limit).text("mode", string(o.Mode))
}

// Arguments are the rows on the page.
func (o Page) Arguments() []Argument { return arguments{}.number("limit", o.Limit) }

// Arguments are the cursor.
func (o Follow) Arguments() []Argument { return arguments{}.handle("cursor", o.Cursor) }

// Arguments are the recording and the range of bytes.
func (o Play) Arguments() []Argument {
	all := arguments(o.OnRecording.Arguments())
	if o.Range.Whole() {
		return all
	}
	return all.text("range", o.Range.String())
}

// Arguments are the link.
func (o Open) Arguments() []Argument { return arguments{}.handle("link", o.Link) }

// Arguments are whether replays are to be on.
func (o Replays) Arguments() []Argument { return arguments{{"on", o.On}} }

// Arguments are none.
func (o Restart) Arguments() []Argument { return nil }
