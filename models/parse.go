package models

import (
	"fmt"
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
	var lines lineParser
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, byteOrderMark)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if note, ok := strings.CutPrefix(strings.TrimSpace(line), "#"); ok {
			t.note(note)
			continue
		}
		p, err := lines.parse(line)
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
	row                        *row
	defines, actor, uses, whom int
}

// definitions are the handles defined so far.
type definitions map[Handle]definition

// definition is the line on which a handle is defined, and as what.
type definition struct {
	line int
	what Thing
}

// add checks the handles of an operation and takes up the one that it defines.
func (d definitions) add(p parsed, line int) *SyntaxError {
	if err := d.check(p.op.Actor(), p.actor, APatient); err != nil {
		return err
	}
	if err := d.check(p.op.Uses().Booking(), p.uses, p.row.uses); err != nil {
		return err
	}
	if err := d.check(p.op.Whom(), p.whom, APatient); err != nil {
		return err
	}
	name := p.op.Defines()
	if name == "" {
		return nil
	}
	if earlier, ok := d[name]; ok {
		return &SyntaxError{Column: p.defines, Message: fmt.Sprintf("%s is already defined on line %d; expected a new name", name, earlier.line)}
	}
	d[name] = definition{line, p.row.defines}
	return nil
}

// check reports a handle that is not defined or names another sort of thing. What
// needs no definition is not checked.
func (d definitions) check(h Handle, column int, want Thing) *SyntaxError {
	if h == "" || h.Phantom() || h == Anyone || h == Operator || h == Service {
		return nil
	}
	def, ok := d[h]
	if !ok {
		return &SyntaxError{Column: column, Message: fmt.Sprintf("%s is not defined yet; expected a line \"%s = ...\" above", h, h)}
	}
	if def.what.definable() == want.definable() {
		return nil
	}
	return &SyntaxError{Column: column, Message: fmt.Sprintf("%s is a %s; expected %s", h, def.what, want.expected())}
}

// lineParser reads lines, one after the other.
type lineParser struct {
	in     reader
	fields fields
}

// parse reads one line: an operation, or none of a blank one.
func (p *lineParser) parse(line string) (parsed, *SyntaxError) {
	s := scanner{text: stripComment(line)}
	s.space()
	if s.end() {
		return parsed{}, nil
	}
	call := s.call()
	if s.err != nil {
		return parsed{}, s.err
	}
	row := rowByKind[Kind(call.verb.text)]
	if row == nil {
		return parsed{}, unknownVerb(call.verb)
	}
	p.in = reader{call: call, shape: row.shape, known: p.in.known[:0]}
	p.fields = fields{doing: parsing, in: &p.in}
	op := row.example.fields(&p.fields)
	p.in.finish()
	if p.in.err != nil {
		return parsed{}, p.in.err
	}
	return parsed{op, row, call.defines.column, call.actor.column, p.in.uses, p.in.whom}, nil
}

func stripComment(line string) string {
	text, _, _ := strings.Cut(line, "//")
	return strings.TrimRight(text, " \t")
}

func unknownVerb(verb token) *SyntaxError {
	names := make([]string, len(catalogue))
	for i := range catalogue {
		names[i] = string(catalogue[i].kind)
	}
	return verb.fail(fmt.Sprintf("unknown operation %q; expected one of %s", verb.text, strings.Join(names, ", ")))
}

// ParseOperation reads one operation from its line in a trace, without looking
// whether the handles it uses are defined. The error, if any, is a
// [*SyntaxError] on line 1.
func ParseOperation(line string) (Operation, error) {
	p, err := new(lineParser).parse(line)
	if err == nil && p.op == nil {
		err = &SyntaxError{Column: 1, Message: "expected an operation, as in alice.list(), found an empty line"}
	}
	if err != nil {
		err.Line = 1
		return nil, err
	}
	return p.op, nil
}
