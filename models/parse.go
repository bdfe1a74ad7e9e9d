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

// Parse reads a trace. It undoes [Trace.String]; comments behind operations
// ("// ...") are passed over, and so are comment lines ("# ...") between them.
// The error, if any, is a [*SyntaxError].
func Parse(text string) (Trace, error) { return ParseFile("", text) }

// ParseFile is [Parse] with the name of a file for its errors.
func ParseFile(file, text string) (Trace, error) {
	var t Trace
	defined := make(map[Handle]int)
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if note, ok := strings.CutPrefix(strings.TrimSpace(line), "#"); ok {
			t.note(note)
			continue
		}
		op, err := parseLine(line)
		if err == nil && op != nil {
			err = checkHandles(op, line, number, defined)
		}
		if err != nil {
			err.File, err.Line = file, number
			return Trace{}, err
		}
		if op != nil {
			t.Ops = append(t.Ops, op)
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

// checkHandles reports a handle that is used before it is defined, or defined
// twice.
func checkHandles(op Operation, line string, number int, defined map[Handle]int) *SyntaxError {
	for _, h := range []Handle{op.Actor(), op.Uses().Booking()} {
		if h != "" && defined[h] == 0 {
			return &SyntaxError{Column: columnOf(line, h), Message: fmt.Sprintf("%s is not defined yet; expected a line \"%s = ...\" above", h, h)}
		}
	}
	name := op.Defines()
	if name == "" {
		return nil
	}
	if at := defined[name]; at != 0 {
		return &SyntaxError{Column: columnOf(line, name), Message: fmt.Sprintf("%s is already defined on line %d; expected a new name", name, at)}
	}
	defined[name] = number
	return nil
}

// columnOf is the column of the first place where a handle stands by itself.
func columnOf(line string, h Handle) int {
	for from := 0; ; {
		at := strings.Index(line[from:], string(h))
		if at < 0 {
			return 1
		}
		start, end := from+at, from+at+len(h)
		if (start == 0 || !isNameByte(line[start-1])) && (end == len(line) || !isNameByte(line[end])) {
			return start + 1
		}
		from = end
	}
}

// parseLine reads one line: an operation, or nil for a blank one.
func parseLine(line string) (Operation, *SyntaxError) {
	s := scanner{text: stripComment(line)}
	s.space()
	if s.end() {
		return nil, nil
	}
	call := s.call()
	if s.err != nil {
		return nil, s.err
	}
	v := verbByKind[Kind(call.verb.text)]
	if v == nil {
		return nil, unknownVerb(call.verb)
	}
	r := reader{call: call, shape: v.shape}
	op := v.parse(&r)
	r.finish()
	if r.err != nil {
		return nil, r.err
	}
	return op, nil
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
		first = s.word("", "an operation, as in "+first.text+" = alice.book(dr1, audio)")
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
		s.fail("end of line or a comment")
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
	next  int // index of the next positional argument
	known []string
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
	if leadingName(string(h)) != string(h) {
		r.fail(r.call.defines, fmt.Sprintf("expected a name of lower-case letters and digits, found %q", string(h)))
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
	return h
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
	if ok && leadingName(t.text) != t.text {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
	return Handle(t.text)
}

// recording takes an argument that names a recording.
func (r *reader) recording() Handle {
	const expected = "a recording, as in b1.r1"
	t, ok := r.positional(expected)
	h := Handle(t.text)
	if booking, _, isRecording := h.Recording(); ok && (!isRecording || leadingName(string(booking)) != string(booking)) {
		r.fail(t, fmt.Sprintf("expected %s, found %q", expected, t.text))
	}
	return h
}

// mode takes an argument that is a mode.
func (r *reader) mode() Mode {
	t, ok := r.positional("audio or video")
	if m := Mode(t.text); ok && m != Audio && m != Video {
		r.fail(t, fmt.Sprintf("expected audio or video, found %q", t.text))
	}
	return Mode(t.text)
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
