package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// reader takes the parts of a call one by one, for the parser of one kind of
// operation, and reports what is missing, wrong or left over.
type reader struct {
	call
	shape string
	next  int      // index of the next positional argument
	uses  int      // column of what is acted on, among the arguments
	whom  int      // column of another user, among the arguments
	other string   // the other user, where an option names them
	known []string // options that the kind has
	err   *SyntaxError
}

func (r *reader) fail(at token, message string) {
	if r.err == nil {
		r.err = at.fail(message + "; " + string(r.verb.text) + " is written " + r.shape)
	}
}

// defines takes the handle that the line defines. That of a booking has to fit
// into a [Tag].
func (r *reader) defines(what Thing) Handle {
	at := r.call.defines
	if at.text == "" {
		r.fail(r.verb, "expected a name before "+r.verb.text)
		return ""
	}
	h := Handle(at.text)
	r.call.defines.text = ""
	switch {
	case !isName(string(h)):
		r.fail(at, fmt.Sprintf("expected a name of lower-case letters and digits, found %q", string(h)))
	case slices.Contains(reserved[:], h):
		r.fail(at, fmt.Sprintf("expected another name, %q is reserved", string(h)))
	case what == ABooking && len(h) > MaxBooking:
		r.fail(at, fmt.Sprintf("expected a name of at most %d characters for a booking, found %q", MaxBooking, string(h)))
	}
	return h
}

// actor takes the user that performs the operation.
func (r *reader) actor() Handle {
	if r.call.actor.text == "" {
		r.fail(r.verb, "expected a user before "+r.verb.text)
		return ""
	}
	h := Handle(r.call.actor.text)
	r.call.actor.text = ""
	if slices.Contains(reserved[:], h) {
		r.fail(r.call.actor, fmt.Sprintf("expected a user, %s does not %s", h, r.verb.text))
	}
	return h
}

// caller takes the user that performs the operation, or [Anyone].
func (r *reader) caller() Handle {
	if Handle(r.call.actor.text) == Anyone {
		r.call.actor.text = ""
		return Anyone
	}
	return r.actor()
}

// exactly takes the only one who can perform the operation.
func (r *reader) exactly(actor Handle) {
	if Handle(r.call.actor.text) != actor {
		at := r.call.actor
		if at.text == "" {
			at = r.verb
		}
		r.fail(at, fmt.Sprintf("expected %s before %s", actor, r.verb.text))
	}
	r.call.actor.text = ""
}

// positional takes the next argument that has no key.
func (r *reader) positional(expected string) (token, bool) {
	if r.next < len(r.args) && r.args[r.next].key.text == "" {
		r.next++
		return r.args[r.next-1].value, true
	}
	at := r.close
	if r.next < len(r.args) {
		at = r.args[r.next].key
	}
	r.fail(at, "expected "+expected)
	return token{}, false
}

// handle takes an argument that names something.
func (r *reader) handle(expected string) token {
	t, ok := r.positional(expected)
	if ok && !isName(t.text) {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
	return t
}

// used takes an argument that names what is acted on.
func (r *reader) used(what, example string) Handle {
	t := r.handle(what + ", as in " + r.verb.text + "(" + example + ")")
	r.uses = t.column
	return Handle(t.text)
}

func (r *reader) booking() Handle   { return r.used("a booking", "b1") }
func (r *reader) clinician() Handle { return r.used("a clinician", "dr1, audio") }
func (r *reader) link() Handle      { return r.used("a link", "l1") }
func (r *reader) cursor() Handle    { return r.used("a cursor", "c1") }

// user takes an argument that names another user.
func (r *reader) user() Handle {
	t := r.handle("a patient, as in bob")
	r.whom = t.column
	return Handle(t.text)
}

// named takes an option that names another user, or "" where it is not given.
// Options of one operation cannot name two.
func (r *reader) named(key string) Handle {
	t, ok := r.keyed(key)
	switch {
	case !ok:
	case !isName(t.text):
		r.fail(t, fmt.Sprintf("expected %s to be a patient, as in %s=bob, found %q", key, key, t.text))
	case r.whom != 0 && r.other != t.text:
		r.fail(t, fmt.Sprintf("expected %s to be %s, too, found %q", key, r.other, t.text))
	}
	if ok {
		r.whom, r.other = t.column, t.text
	}
	return Handle(t.text)
}

// word takes an argument that is one of two words.
func (r *reader) word(one, other string) string {
	expected := one + " or " + other
	t, ok := r.positional(expected)
	if ok && t.text != one && t.text != other {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
	return t.text
}

// recording takes an argument that names a recording, or what never existed.
func (r *reader) recording() Handle {
	const expected = "a recording, as in b1.r1"
	t, ok := r.positional(expected)
	h := Handle(t.text)
	if booking, _, isRecording := h.Recording(); ok && !isPhantom(h) && (!isRecording || !isName(string(booking))) {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
	r.uses = t.column
	return h
}

// isPhantom reports whether a handle is the canonical name of a phantom.
func isPhantom(h Handle) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(string(h), "?"))
	return err == nil && n > 0 && h == PhantomHandle(n)
}

// keyed takes the value of an option, if it is given.
func (r *reader) keyed(key string) (token, bool) {
	r.known = append(r.known, key)
	for _, a := range r.args {
		if a.key.text == key {
			return a.value, true
		}
	}
	return token{}, false
}

// option takes a number from low to high, or 0 where the option is not given.
func (r *reader) option(key string, low, high int) int {
	t, ok := r.keyed(key)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(t.text)
	if err != nil || n < low || n > high || strconv.Itoa(n) != t.text {
		r.fail(t, fmt.Sprintf("expected %s to be a number from %d to %d, found %q", key, low, high, t.text))
	}
	return n
}

// choice takes one of the values, or "" where the option is not given.
func (r *reader) choice(key string, values ...string) string {
	t, ok := r.keyed(key)
	if ok && !slices.Contains(values, t.text) {
		r.fail(t, fmt.Sprintf("expected %s to be %s, found %q", key, strings.Join(values, " or "), t.text))
	}
	return t.text
}

// byteRange takes a range of bytes, or the whole where the option is not given.
func (r *reader) byteRange(key string) Range {
	t, ok := r.keyed(key)
	if !ok {
		return Range{}
	}
	low, high, _ := strings.Cut(t.text, "-")
	first, errFirst := strconv.ParseUint(low, 10, 31)
	last, errLast := strconv.ParseUint(high, 10, 31)
	out := Range{int64(first), int64(last) - int64(first) + 1}
	if errFirst != nil || errLast != nil || last < first || out.String() != t.text {
		r.fail(t, fmt.Sprintf("expected %s to be bytes FIRST-LAST, as in 0-99, found %q", key, t.text))
	}
	return out
}

// finish reports what no part of the operation took.
func (r *reader) finish() {
	if r.call.defines.text != "" {
		r.fail(r.call.defines, fmt.Sprintf("%s defines nothing, found %q before '='", r.verb.text, r.call.defines.text))
	}
	if r.call.actor.text != "" {
		r.fail(r.call.actor, fmt.Sprintf("%s is performed by nobody, found %q before it", r.verb.text, r.call.actor.text))
	}
	seen := make(map[string]bool)
	for i, a := range r.args {
		switch {
		case a.key.text == "" && i >= r.next:
			r.fail(a.value, fmt.Sprintf("unexpected argument %q", a.value.text))
		case a.key.text != "" && !slices.Contains(r.known, a.key.text):
			r.fail(a.key, fmt.Sprintf("unknown option %q", a.key.text))
		case a.key.text != "" && seen[a.key.text]:
			r.fail(a.key, fmt.Sprintf("option %q is given twice", a.key.text))
		}
		seen[a.key.text] = true
	}
}
