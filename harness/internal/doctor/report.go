package doctor

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
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
	// Detail says what was seen, and where it is wrong what was expected. It is
	// empty for an operation that the target lacks.
	Detail string
	// Where are the places in the configuration that are to blame, the likeliest
	// first.
	Where []Place

	step int // of the tour, that was judged
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
	// Measured are the choices about the life of a visit that are certain.
	Measured []Measured
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

// failed reports whether a check found something wrong.
func (r *Report) failed(check string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Check == check && f.Status == Wrong })
}

// First is the place to correct first, and whether there is one.
func (r *Report) First() (Place, bool) {
	for _, f := range r.Findings {
		if f.Status == Wrong && len(f.Where) > 0 && f.Where[0].Key != "" {
			return f.Where[0], true
		}
	}
	return Place{}, false
}

// rank puts in front of each finding's places the one that most findings have in
// common: what several have is likelier to be wrong than each on its own.
func (r *Report) rank() {
	shared := make(map[string]int)
	for _, f := range r.Findings {
		for _, p := range f.Where {
			if p.Key != "" {
				shared[p.Key]++
			}
		}
	}
	for _, f := range r.Findings {
		best := 0
		for i, p := range f.Where {
			if shared[p.Key] > max(1, shared[f.Where[best].Key]) {
				best = i
			}
		}
		if best > 0 {
			place := f.Where[best]
			copy(f.Where[1:best+1], f.Where[:best])
			f.Where[0] = place
		}
	}
}

func (r *Report) redact(without func(string) string) {
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Detail = without(f.Detail)
		for j := range f.Where {
			f.Where[j].Why = without(f.Where[j].Why)
		}
	}
}

// Text writes the report for people: a line for each check, below what is wrong
// the places to look at, the likeliest first, and at the end where to begin.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	width := 0
	for _, f := range r.Findings {
		if f.Status != Missing {
			width = max(width, len(f.Check))
		}
	}
	for i, f := range r.Findings {
		if f.Status == Missing && f.Detail == "" {
			continue
		}
		fmt.Fprintf(&b, "%-9s  %-*s  %s\n", f.Status, width, f.Check, f.Detail)
		for _, place := range r.toShow(i) {
			fmt.Fprintf(&b, "%*s  -> %s\n", 9+2, "", place)
		}
	}
	if names := r.lacks(); len(names) > 0 {
		fmt.Fprintf(&b, "%-9s  %s: the rules that need them are not applicable\n", Missing, strings.Join(names, ", "))
	}
	fmt.Fprintf(&b, "\n%s: %d work, %d wrong, %d missing, %d not tried\n", r.Target, r.count(Works), r.count(Wrong), r.count(Missing), r.count(Untried))
	if place, ok := r.First(); ok {
		fmt.Fprintf(&b, "correct first: %s\n", place)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lacks are the operations that the target lacks.
func (r *Report) lacks() []string {
	var out []string
	for _, f := range r.Findings {
		if f.Status == Missing && f.Detail == "" {
			out = append(out, f.Check)
		}
	}
	return out
}

// toShow are the places of a finding. Where the first was shown before, it has no
// others.
func (r *Report) toShow(at int) []Place {
	where := slices.DeleteFunc(slices.Clone(r.Findings[at].Where), func(p Place) bool { return p == Place{} })
	for _, f := range r.Findings[:at] {
		if len(where) > 0 && len(f.Where) > 0 && f.Where[0].Position.Line > 0 && f.Where[0].Key == where[0].Key && f.Where[0].Key != adapter {
			return []Place{{Key: where[0].Key, Position: where[0].Position, Why: "see above"}}
		}
	}
	return where
}

// String is "crosstalk.yaml:12:5 operations.list.rows: no array".
func (p Place) String() string {
	text := p.Key
	if p.Position.Line > 0 {
		text = p.Position.String() + " " + text
	}
	switch {
	case p.Why == "":
		return text
	case text == "":
		return p.Why
	}
	return text + ": " + p.Why
}
