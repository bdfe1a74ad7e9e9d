package doctor

import (
	"fmt"
	"io"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/config"
)

// Status is what became of a check.
type Status string

// The statuses.
const (
	Works   Status = "works"
	Missing Status = "missing"   // a capability that the configuration does not give
	Wrong   Status = "WRONG"     // it was tried and is not as it should be
	Untried Status = "not tried" // what it needs was missing or wrong
)

// Finding is the result of one check.
type Finding struct {
	// Check is what was tried: "launch", "reset", or a kind of operation.
	Check  string
	Status Status
	// Detail says what was seen, and where it is wrong what was expected.
	Detail string
	// Where are the places in the configuration that are to blame, the likeliest
	// first.
	Where []Place
}

// Place is a value of the configuration.
type Place struct {
	// Key is its path, as in "operations.list.rows".
	Key      string
	Position config.Position
	// Why says what is wrong about it.
	Why string
}

// Report is what a walk found, in the order of the walk.
type Report struct {
	Target   string
	Findings []Finding
}

// Healthy reports whether nothing is wrong.
func (r *Report) Healthy() bool { return r.count(Wrong) == 0 }

func (r *Report) count(s Status) int {
	n := 0
	for _, f := range r.Findings {
		if f.Status == s {
			n++
		}
	}
	return n
}

// Text writes the report for people: a line for each check, and below what is
// wrong the places to look at.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	width := 0
	for _, f := range r.Findings {
		width = max(width, len(f.Check))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%-9s  %-*s  %s\n", f.Status, width, f.Check, f.Detail)
		for _, place := range f.Where {
			fmt.Fprintf(&b, "%*s  -> %s\n", 9+2+width, "", place)
		}
	}
	fmt.Fprintf(&b, "\n%s: %d work, %d wrong, %d missing, %d not tried\n", r.Target, r.count(Works), r.count(Wrong), r.count(Missing), r.count(Untried))
	_, err := io.WriteString(w, b.String())
	return err
}

// String is "crosstalk.yaml:12:5 operations.list.rows: no array".
func (p Place) String() string {
	text := p.Key
	if p.Position.Line > 0 {
		text = p.Position.String() + " " + text
	}
	if p.Why != "" {
		text += ": " + p.Why
	}
	return text
}
