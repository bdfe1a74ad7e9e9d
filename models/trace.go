package models

import (
	"slices"
	"strings"
)

// Trace is a sequence of operations. Its text is the exchange format
// everywhere: files, logs, reports and bug tickets. One line is one operation.
type Trace struct {
	// Notes are the comment lines that precede the first operation, without
	// "# " and without the line that names the format.
	Notes []string
	Ops   []Operation
}

// traceHeader is the first line of a trace.
const traceHeader = "# crosstalk trace v1"

// String is the trace's text, which [Parse] reads back.
func (t Trace) String() string { return t.Annotate(nil) }

// GoString is the trace's text, too, so that rapid prints what it has drawn in
// the language of traces.
func (t Trace) GoString() string { return "\n" + t.Body() }

// Body is the trace's text without header and notes: what identifies it.
func (t Trace) Body() string {
	var b strings.Builder
	for _, op := range t.Ops {
		b.WriteString(op.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// Annotate is the trace's text with a comment behind each operation, by its
// index, where comments has one.
func (t Trace) Annotate(comments []string) string {
	var b strings.Builder
	b.WriteString(traceHeader + "\n")
	for _, n := range t.Notes {
		b.WriteString("# " + n + "\n")
	}
	lines, width := t.lines()
	for i, line := range lines {
		b.WriteString(line)
		if i < len(comments) && comments[i] != "" {
			b.WriteString(strings.Repeat(" ", width-len(line)) + "  // " + comments[i])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (t Trace) lines() (lines []string, width int) {
	lines = make([]string, len(t.Ops))
	for i, op := range t.Ops {
		lines[i] = op.String()
		width = max(width, len(lines[i]))
	}
	return lines, width
}

// Equal reports whether two traces have the same operations.
func (t Trace) Equal(u Trace) bool { return slices.Equal(t.Ops, u.Ops) }

// Rename returns the trace with f applied to every handle.
func (t Trace) Rename(f func(Handle) Handle) Trace {
	out := Trace{Notes: t.Notes, Ops: make([]Operation, len(t.Ops))}
	rename := fields{doing: renaming, to: f}
	for i, op := range t.Ops {
		out.Ops[i] = op.fields(&rename)
	}
	return out
}

// Canonical returns the trace with its handles renamed in the order in which
// they are defined: alice, bob, ...; dr1, ...; b1, ...; l1, ...; c1, ....
func (t Trace) Canonical() Trace {
	names := make(map[Handle]Handle)
	defined := make(map[Thing]int)
	for _, op := range t.Ops {
		name := op.Defines()
		if _, known := names[name]; name == "" || known {
			continue
		}
		what := rowOf(op.Kind()).defines
		defined[what]++
		names[name] = what.canonical(defined[what])
	}
	return t.Rename(func(h Handle) Handle {
		if to, ok := names[h]; ok {
			return to
		}
		return h
	})
}

// Repair removes the operations that cannot be performed because a handle they
// use is never bound on a correct service, or because the handle they define is
// defined already, and says which operations are left, by their indexes in t.
func (t Trace) Repair(p *Policy) (Trace, []int) {
	out := Trace{Notes: t.Notes, Ops: make([]Operation, 0, len(t.Ops))}
	kept := make([]int, 0, len(t.Ops))
	s := NewState(p)
	defined := make(map[Handle]bool)
	for i, op := range t.Ops {
		c := Call{Step: len(out.Ops) + 1, Op: op}
		r := s.Expect(c)
		if r.Outcome == Unbound || defined[op.Defines()] {
			continue
		}
		if name := op.Defines(); name != "" {
			defined[name] = true
		}
		s = s.Step(c, r)
		out.Ops = append(out.Ops, op)
		kept = append(kept, i)
	}
	return out, kept
}

// Calls numbers the operations of the trace.
func (t Trace) Calls() []Call {
	out := make([]Call, len(t.Ops))
	for i, op := range t.Ops {
		out[i] = Call{Step: i + 1, Op: op}
	}
	return out
}
