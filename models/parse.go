package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// SyntaxError says where a trace's text is wrong and what was expected there.
type SyntaxError struct {
	File         string // as given to ParseFile; may be empty
	Line, Column int    // from 1; the column counts bytes
	Message      string
}

// Error is "file:line:column: message".
func (e *SyntaxError) Error() string {
	file := e.File
	if file == "" {
		file = "trace"
	}
	return fmt.Sprintf("%s:%d:%d: %s", file, e.Line, e.Column, e.Message)
}

// byteOrderMark is what some editors put in front of a text.
const byteOrderMark = "\ufeff"

// Parse reads a trace. It undoes [Trace.String]; comments behind operations
// ("// ...") are passed over, and so are comment lines ("# ...") between them.
// The error, if any, is a [*SyntaxError].
func Parse(text string) (Trace, error) { return ParseFile("", text) }

// ParseFile is [Parse] with the name of a file for its errors.
func ParseFile(file, text string) (Trace, error) {
	var t Trace
	defined := make(definitions)
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, byteOrderMark)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if note, ok := strings.CutPrefix(strings.TrimSpace(line), "#"); ok {
			t.note(note)
			continue
		}
		p, err := parseLine(line)
		if err == nil && p.op != nil {
			err = defined.add(p, number)
		}
		if err != nil {
			err.File, err.Line = file, number
			return Trace{}, err
		}
		if p.op != nil {
			t.Ops = append(t.Ops, p.op)
		}
	}
	return t, nil
}

// note keeps a comment line that precedes the first operation.
func (t *Trace) note(text string) {
	text = strings.TrimPrefix(text, " ")
	if len(t.Ops) == 0 && "# "+text != traceHeader {
		t.Notes = append(t.Notes, text)
	}
}

// parsed is an operation and the columns in which its line names handles.
type parsed struct {
	op                         Operation
	defines, actor, uses, whom int
}

// definitions are the handles defined so far.
type definitions map[Handle]definition

// definition is the line on which a handle is defined, and as what.
type definition struct {
	line int
	kind Kind
}

// noun is what a definition introduces.
func (d definition) noun() string {
	switch d.kind {
	case KindBook:
		return "booking"
	case KindPage:
		return "cursor"
	}
	return string(d.kind)
}

// sort is what a name can stand for.
type sort string

const (
	aUser    sort = "a patient or a clinician"
	aBooking sort = "a booking"
	aLink    sort = "a link"
	aCursor  sort = "a cursor"
)

// sortOf is the sort of what operations of a kind define.
func sortOf(k Kind) sort {
	switch k {
	case KindBook:
		return aBooking
	case KindLink:
		return aLink
	case KindPage:
		return aCursor
	}
	return aUser
}

// usedBy is the sort of what operations of a kind use.
func usedBy(k Kind) sort {
	switch k {
	case KindBook:
		return aUser
	case KindOpen:
		return aLink
	case KindFollow:
		return aCursor
	}
	return aBooking
}

// add checks the handles of an operation and takes up the one that it defines.
func (d definitions) add(p parsed, line int) *SyntaxError {
	if err := d.check(p.op.Actor(), p.actor, aUser); err != nil {
		return err
	}
	if err := d.check(p.op.Uses().Booking(), p.uses, usedBy(p.op.Kind())); err != nil {
		return err
	}
	if err := d.check(p.op.Whom(), p.whom, aUser); err != nil {
		return err
	}
	name := p.op.Defines()
	if name == "" {
		return nil
	}
	if earlier, ok := d[name]; ok {
		return &SyntaxError{Column: p.defines, Message: fmt.Sprintf("%s is already defined on line %d; expected a new name", name, earlier.line)}
	}
	d[name] = definition{line, p.op.Kind()}
	return nil
}

// check reports a handle that is not defined or names another sort of thing. What
// needs no definition is not checked.
func (d definitions) check(h Handle, column int, want sort) *SyntaxError {
	if h == "" || h.Phantom() || h == Anyone || h == Operator || h == Service {
		return nil
	}
	def, ok := d[h]
	if !ok {
		return &SyntaxError{Column: column, Message: fmt.Sprintf("%s is not defined yet; expected a line \"%s = ...\" above", h, h)}
	}
	if sortOf(def.kind) == want {
		return nil
	}
	return &SyntaxError{Column: column, Message: fmt.Sprintf("%s is a %s; expected %s", h, def.noun(), want)}
}

// parseLine reads one line: an operation, or none of a blank one.
func parseLine(line string) (parsed, *SyntaxError) {
	s := scanner{text: stripComment(line)}
	s.space()
	if s.end() {
		return parsed{}, nil
	}
	call := s.call()
	if s.err != nil {
		return parsed{}, s.err
	}
	v := verbByKind[Kind(call.verb.text)]
	if v == nil {
		return parsed{}, unknownVerb(call.verb)
	}
	r := reader{call: call, shape: v.shape}
	op := v.parse(&r)
	r.finish()
	if r.err != nil {
		return parsed{}, r.err
	}
	return parsed{op, call.defines.column, call.actor.column, r.uses, r.whom}, nil
}

func stripComment(line string) string {
	text, _, _ := strings.Cut(line, "//")
	return strings.TrimRight(text, " \t")
}

func unknownVerb(verb token) *SyntaxError {
	names := make([]string, len(verbs))
	for i, v := range verbs {
		names[i] = string(v.kind)
	}
	return verb.fail(fmt.Sprintf("unknown operation %q; expected one of %s", verb.text, strings.Join(names, ", ")))
}

// token is a word of a line and the column where it stands.
type token struct {
	text   string
	column int
}

func (t token) fail(message string) *SyntaxError {
	return &SyntaxError{Column: t.column, Message: message}
}

// call is a line's general form: [defines =] [actor.]verb(args, key=value).
type call struct {
	defines, actor, verb token
	args                 []argument
	close                token
}

type argument struct {
	key, value token // key.text is empty for a positional argument
}

// scanner reads the general form of a line. After the first error it reads
// nothing more.
type scanner struct {
	text string
	at   int
	err  *SyntaxError
}

func (s *scanner) end() bool { return s.at >= len(s.text) }

func (s *scanner) space() {
	for !s.end() && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		s.at++
	}
}

func (s *scanner) fail(expected string) {
	if s.err != nil {
		return
	}
	found := "end of line"
	if !s.end() {
		found = strconv.QuoteRune([]rune(s.text[s.at:])[0])
	}
	s.err = &SyntaxError{Column: s.at + 1, Message: fmt.Sprintf("expected %s, found %s", expected, found)}
}

// accept passes over a character, and space around it, if it is next.
func (s *scanner) accept(c byte) bool {
	s.space()
	if s.err != nil || s.end() || s.text[s.at] != c {
		return false
	}
	s.at++
	s.space()
	return true
}

func (s *scanner) expect(c byte, expected string) {
	if !s.accept(c) {
		s.fail(expected)
	}
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// word reads letters, digits and, if more allows them, other characters.
func (s *scanner) word(more, expected string) token {
	s.space()
	start := s.at
	for s.err == nil && !s.end() && (isNameByte(s.text[s.at]) || strings.IndexByte(more, s.text[s.at]) >= 0) {
		s.at++
	}
	if s.at == start {
		s.fail(expected)
	}
	return token{s.text[start:s.at], start + 1}
}

func (s *scanner) call() call {
	var c call
	first := s.word("", "an operation, as in alice.list()")
	if s.accept('=') {
		c.defines = first
		first = s.word("", "an operation behind =, as in b1 = alice.book(dr1, audio)")
	}
	if s.accept('.') {
		c.actor = first
		first = s.word("", "an operation after "+first.text+".")
	}
	c.verb = first
	s.expect('(', "'(' after "+first.text)
	c.args = s.arguments()
	c.close = token{")", s.at + 1}
	s.expect(')', "',' or ')'")
	if s.err == nil && !s.end() {
		s.fail("end of line or a comment, as in // ok")
	}
	return c
}

func (s *scanner) arguments() []argument {
	var out []argument
	s.space()
	if s.end() || s.text[s.at] == ')' {
		return nil
	}
	for s.err == nil {
		var a argument
		a.value = s.word(".-?", "an argument")
		if s.accept('=') {
			a.key = a.value
			a.value = s.word(".-?", "a value after "+a.key.text+"=")
		}
		out = append(out, a)
		if !s.accept(',') {
			break
		}
	}
	return out
}

// reader takes the parts of a call one by one, for the parser of one kind of
// operation, and reports what is missing, wrong or left over.
type reader struct {
	call
	shape string
	next  int      // index of the next positional argument
	uses  int      // column of what is acted on, among the arguments
	whom  int      // column of another user, among the arguments
	other string   // the other user, where an option names him
	known []string // options that the kind has
	err   *SyntaxError
}

func (r *reader) fail(at token, message string) {
	if r.err == nil {
		r.err = at.fail(message + "; " + string(r.verb.text) + " is written " + r.shape)
	}
}

// defines takes the handle that the line defines.
func (r *reader) defines() Handle {
	if r.call.defines.text == "" {
		r.fail(r.verb, "expected a name before "+r.verb.text)
		return ""
	}
	h := Handle(r.call.defines.text)
	r.call.defines.text = ""
	switch {
	case !isName(string(h)):
		r.fail(r.call.defines, fmt.Sprintf("expected a name of lower-case letters and digits, found %q", string(h)))
	case slices.Contains(reserved[:], h):
		r.fail(r.call.defines, fmt.Sprintf("expected another name, %q is reserved", string(h)))
	}
	return h
}

// definesBooking takes the handle of a booking, which has to fit into a [Tag].
func (r *reader) definesBooking() Handle {
	at := r.call.defines
	h := r.defines()
	if len(h) > MaxBooking {
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

// actorOr takes the user that performs the operation, or a caller who needs no
// registration.
func (r *reader) actorOr(other Handle) Handle {
	if Handle(r.call.actor.text) == other {
		r.call.actor.text = ""
		return other
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
func (r *reader) handle(expected string) Handle {
	t, ok := r.positional(expected)
	if ok && !isName(t.text) {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
	r.uses = t.column
	return Handle(t.text)
}

// booking takes an argument that names a booking.
func (r *reader) booking() Handle {
	return r.handle("a booking, as in " + string(r.verb.text) + "(b1)")
}

// user takes an argument that names another user.
func (r *reader) user() Handle {
	const expected = "a patient, as in bob"
	t, ok := r.positional(expected)
	if ok && !isName(t.text) {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
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

// mode takes an argument that is a mode.
func (r *reader) mode() Mode { return Mode(r.word(string(Audio), string(Video))) }

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

// ParseOperation reads one operation from its line in a trace, without looking
// whether the handles it uses are defined. The error, if any, is a
// [*SyntaxError] on line 1.
func ParseOperation(line string) (Operation, error) {
	p, err := parseLine(line)
	if err == nil && p.op == nil {
		err = &SyntaxError{Column: 1, Message: "expected an operation, as in alice.list(), found an empty line"}
	}
	if err != nil {
		err.Line = 1
		return nil, err
	}
	return p.op, nil
}
