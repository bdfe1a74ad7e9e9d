package models

import "strconv"

// fields passes over the fields of an operation, in the order in which its line
// in a trace names them, and does one thing with each of them. An operation's
// method fields calls one method of it for each field and returns the operation
// with what was changed: the one place where its fields are listed.
type fields struct {
	doing task

	// What is written of the line when printing, and of the shape.
	defined, by Handle
	written     string

	in       *reader             // parsing
	to       func(Handle) Handle // renaming
	told     []Argument          // telling
	keep     form                // simplifying
	acts, on Handle              // placing
	has      *naming             // describing
}

// task is what is done with each field.
type task uint8

const (
	printing    task = iota // write the line
	shaping                 // write the line with all values of a choice
	parsing                 // set each field from the line that is read
	renaming                // rename each handle
	telling                 // collect the arguments
	simplifying             // leave out what can be left out
	placing                 // set who acts and on what, and leave out the rest
	describing              // note what the handles are
)

// naming is what an operation's handles are, by their roles.
type naming struct {
	defines, uses              Thing
	defined, actor, used, whom Handle
}

// namesOf is what an operation's handles are.
func namesOf(op Operation) naming {
	var has naming
	op.fields(&fields{doing: describing, has: &has})
	return has
}

// line is the operation's line in a trace, where its fields were printed.
func (f *fields) line(op Operation) string {
	verb := string(op.Kind())
	switch {
	case f.by != "" && f.defined != "":
		return string(f.defined) + " = " + string(f.by) + "." + verb + "(" + f.written + ")"
	case f.by != "":
		return string(f.by) + "." + verb + "(" + f.written + ")"
	}
	return string(f.defined) + " = " + verb + "(" + f.written + ")"
}

// write writes an argument.
func (f *fields) write(text string) {
	if f.written == "" {
		f.written = text
		return
	}
	f.written += ", " + text
}

// defines is the handle that the operation introduces.
func (f *fields) defines(h *Handle, what Thing) {
	switch f.doing {
	case printing, shaping:
		f.defined = *h
	case parsing:
		*h = f.in.defines(what)
	case renaming:
		*h = h.rename(f.to)
	case describing:
		f.has.defines, f.has.defined = what, *h
	}
}

// actor is the user who performs the operation.
func (f *fields) actor(h *Handle) { f.performer(h, (*reader).actor) }

// caller is who performs the operation: a user, or a caller without a token.
func (f *fields) caller(h *Handle) { f.performer(h, (*reader).caller) }

func (f *fields) performer(h *Handle, read func(*reader) Handle) {
	switch f.doing {
	case printing, shaping:
		f.by = *h
	case parsing:
		*h = read(f.in)
	case renaming:
		*h = h.rename(f.to)
	case placing:
		*h = f.acts
	case describing:
		f.has.actor = *h
	}
}

// always is the only one who can perform the operation.
func (f *fields) always(h Handle) {
	switch f.doing {
	case printing, shaping:
		f.by = h
	case parsing:
		f.in.exactly(h)
	case describing:
		f.has.actor = h
	}
}

// booking is the booking that is acted on.
func (f *fields) booking(h *Handle) { f.uses(h, "booking", ABooking, (*reader).booking) }

// recording is the recording that is acted on.
func (f *fields) recording(h *Handle) {
	if f.doing == simplifying && f.keep.first && !h.Phantom() {
		*h = RecordingHandle(h.Booking(), 1)
	}
	f.uses(h, "recording", ARecording, (*reader).recording)
}

// clinician is the clinician with whom something is done.
func (f *fields) clinician(h *Handle) { f.uses(h, "clinician", AClinician, (*reader).clinician) }

// link is the playback link that is followed.
func (f *fields) link(h *Handle) { f.uses(h, "link", ALink, (*reader).link) }

// cursor is the cursor that is followed.
func (f *fields) cursor(h *Handle) { f.uses(h, "cursor", ACursor, (*reader).cursor) }

// uses is an argument that names what is acted on.
func (f *fields) uses(h *Handle, name string, what Thing, read func(*reader) Handle) {
	switch f.doing {
	case placing:
		*h = f.on
	case describing:
		f.has.uses, f.has.used = what, *h
	}
	f.handle(h, name, "", read)
}

// peer is an argument that names another user.
func (f *fields) peer(h *Handle) {
	if f.doing == describing {
		f.has.whom = *h
	}
	f.handle(h, "peer", "", (*reader).user)
}

// other is an option that names another user. Options of one operation cannot
// name two.
func (f *fields) other(key string, h *Handle) {
	switch {
	case f.doing == parsing:
		*h = f.in.named(key)
	case f.leftOut(key):
		*h = ""
	case *h != "":
		if f.doing == describing {
			f.has.whom = *h
		}
		f.handle(h, key, key+"=", nil)
	}
}

// handle is an argument that is a handle.
func (f *fields) handle(h *Handle, name, before string, read func(*reader) Handle) {
	switch f.doing {
	case printing, shaping:
		f.write(before + string(*h))
	case parsing:
		*h = read(f.in)
	case renaming:
		*h = h.rename(f.to)
	case telling:
		f.told = append(f.told, Argument{name, *h})
	}
}

// mode is an argument that is a mode.
func (f *fields) mode(m *Mode) { f.word("mode", (*string)(m), string(Audio), string(Video)) }

// word is an argument that is one of two words.
func (f *fields) word(name string, text *string, one, other string) {
	switch f.doing {
	case printing:
		f.write(*text)
	case shaping:
		f.write(choice(*text, one, other))
	case parsing:
		*text = f.in.word(one, other)
	case telling:
		f.told = append(f.told, Argument{name, *text})
	}
}

// toggle is an argument that is off or on.
func (f *fields) toggle(name string, on *bool) {
	if f.doing == telling {
		f.told = append(f.told, Argument{name, *on})
		return
	}
	text := "off"
	if *on {
		text = "on"
	}
	f.word(name, &text, "off", "on")
	*on = text == "on"
}

// choice is an option that is one of several words.
func (f *fields) choice(key string, text *string, values ...string) {
	switch {
	case f.doing == parsing:
		*text = f.in.choice(key, values...)
	case f.leftOut(key):
		*text = ""
	case *text == "":
	case f.doing == printing:
		f.write(key + "=" + *text)
	case f.doing == shaping:
		f.write(key + "=" + choice(*text, values...))
	case f.doing == telling:
		f.told = append(f.told, Argument{key, *text})
	}
}

// choice is how a choice is written in a shape: the word that is chosen first.
func choice(chosen string, values ...string) string {
	out := chosen
	for _, v := range values {
		if v != chosen {
			out += "|" + v
		}
	}
	return out
}

// option is a number from low to high that need not be given: then it is 0.
func (f *fields) option(key string, n *int, low, high int) {
	if f.leftOut(key) {
		*n = 0
	}
	f.number(key, n, low, high)
}

// size is a number from low to high that must be given: what it is.
func (f *fields) size(key string, n *int, low, high int, what string) {
	if f.leftOut(key) {
		*n = low
	}
	f.number(key, n, low, high)
	f.needs(key, *n, what)
}

// slot is a clinician's slot. Where it must be given, what says what it is; else
// it need not be and is the first. It is never left out to make an operation
// simpler: who shares a slot is another question than who does not.
func (f *fields) slot(n *int, what string) {
	if f.doing == telling {
		f.told = append(f.told, Argument{"slot", max(*n, 1)})
		return
	}
	f.number("slot", n, 1, maxSlot)
	if what != "" {
		f.needs("slot", *n, what)
	}
}

// maxSlot is the greatest number of a slot.
const maxSlot = 9999

func (f *fields) number(key string, n *int, low, high int) {
	switch {
	case f.doing == parsing:
		*n = f.in.option(key, low, high)
	case *n == 0:
	case f.doing == printing || f.doing == shaping:
		f.write(key + "=" + strconv.Itoa(*n))
	case f.doing == telling:
		f.told = append(f.told, Argument{key, *n})
	}
}

// needs says what is missing where a number was not given.
func (f *fields) needs(key string, n int, what string) {
	if f.doing == parsing && n == 0 {
		f.in.fail(f.in.close, "expected "+key+"=, "+what)
	}
}

// byteRange is an option that is a range of bytes.
func (f *fields) byteRange(key string, r *Range) {
	switch {
	case f.doing == parsing:
		*r = f.in.byteRange(key)
	case f.leftOut(key):
		*r = Range{}
	case r.Whole():
	case f.doing == printing || f.doing == shaping:
		f.write(key + "=" + r.String())
	case f.doing == telling:
		f.told = append(f.told, Argument{key, r.String()})
	}
}
