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

// Arguments are what else than by whom an operation was told, in the order of its
// [Shape]: those that were given, and the slot of a booking in any case.
func Arguments(op Operation) []Argument {
	f := fields{doing: telling}
	op.fields(&f)
	return f.told
}

// Rename returns an operation with f applied to every handle; of a recording's
// handle f sees the booking.
func Rename(op Operation, f func(Handle) Handle) Operation {
	return op.fields(&fields{doing: renaming, to: f})
}
