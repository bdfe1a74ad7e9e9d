package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Rules writes a table of rules.
func Rules(w io.Writer, rules []models.Rule) error {
	p := &page{w: w}
	rows := [][]string{{"rule", "level", "what it says"}}
	for _, r := range rules {
		rows = append(rows, []string{r.ID, r.Level(), r.Sentence + " [" + references(r) + "]"})
	}
	p.table("", rows)
	return p.err
}

// ruleJSON is a rule without a verdict.
type ruleJSON struct {
	ID       string        `json:"id"`
	Level    string        `json:"level"`
	Sentence string        `json:"sentence"`
	CWE      []int         `json:"cwe"`
	OWASP    string        `json:"owasp"`
	Needs    []models.Kind `json:"needs"` // operations
}

// RulesJSON writes the rules as an array of objects.
func RulesJSON(w io.Writer, rules []models.Rule) error {
	out := make([]ruleJSON, len(rules))
	for i, r := range rules {
		out[i] = ruleJSON{r.ID, r.Level(), r.Sentence, r.CWE, r.OWASP, append([]models.Kind{}, r.Needs...)}
	}
	return encode(w, out)
}

func encode(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// FaultTable is what exploring a service with seeded faults found.
type FaultTable struct {
	Target string     `json:"target"`
	Seed   int        `json:"seed"`   // of each exploration
	Traces int        `json:"traces"` // explored at most
	Rows   []FaultRow `json:"faults"`
}

// FaultRow is what one exploration found.
type FaultRow struct {
	Fault string `json:"fault"`
	Found bool   `json:"found"`
	// Expected are the rules that the fault is said to break.
	Expected []string `json:"expected,omitempty"`
	Rule     string   `json:"rule,omitempty"`
	Level    string   `json:"level,omitempty"`
	Path     string   `json:"path,omitempty"`
	// Traces were explored and Operations performed until it was found.
	Traces     int `json:"traces"`
	Operations int `json:"operations"`
	// Minimal is the length of the minimal trace, Proven says that every line of
	// it is needed, and Replays is what reducing took. They are 0 and false
	// where the violation did not show again on a fresh service.
	Minimal int           `json:"minimal,omitempty"`
	Proven  bool          `json:"proven"`
	Replays int           `json:"replays"`
	Elapsed time.Duration `json:"elapsedNanos"`
	Trace   string        `json:"trace,omitempty"` // the minimal one
}

// NewFaultRow is the row of a fault that is said to break certain rules.
func NewFaultRow(fault string, rules []string, r *harness.Result) FaultRow {
	row := FaultRow{Fault: fault, Expected: rules, Traces: r.Traces, Operations: r.Operations, Elapsed: r.Elapsed}
	if r.Found == nil {
		return row
	}
	v := r.Found.Violation
	row.Found, row.Traces, row.Operations, row.Replays = true, r.Found.Index+1, r.Found.Before, r.Replays
	if m := r.Minimal; m != nil {
		v = m.Violation
		row.Minimal, row.Proven, row.Trace = len(m.Trace.Ops), m.Proven(), m.Trace.String()
	}
	row.Rule, row.Path = v.Rule, string(v.Path)
	if v.Level != models.NotExposed {
		row.Level = v.Level.String()
	}
	return row
}

// Found is the number of faults found.
func (t *FaultTable) Found() int {
	n := 0
	for _, row := range t.Rows {
		if row.Found {
			n++
		}
	}
	return n
}

// Faults writes the table for people.
func Faults(w io.Writer, t *FaultTable) error {
	p := &page{w: w}
	rows := [][]string{{"fault", "found", "rule", "exposure", "by", "traces", "operations", "minimal", "replays", "took"}}
	for _, r := range t.Rows {
		rows = append(rows, r.cells())
	}
	p.table("", rows)
	p.blank()
	p.wrapped("", fmt.Sprintf("%d of %d faults found in %s from seed %d. Traces and operations are those until it was found; "+
		"minimal is the length of the shortest trace that shows it, in operations.", t.Found(), len(t.Rows), t.Target, t.Seed))
	return p.err
}

func (r FaultRow) cells() []string {
	if !r.Found {
		return []string{r.Fault, "NO", "-", "-", "-", grouped(r.Traces), grouped(r.Operations), "-", "-", elapsed(r.Elapsed)}
	}
	length := fmt.Sprint(r.Minimal)
	switch {
	case r.Minimal == 0:
		length = "not shown again"
	case !r.Proven:
		length += "?"
	}
	level := r.Level
	if level == "" {
		level = "-"
	}
	return []string{r.Fault, "yes", r.Rule, level, r.Path, grouped(r.Traces), grouped(r.Operations), length, fmt.Sprint(r.Replays), elapsed(r.Elapsed)}
}

// FaultsJSON writes the table for programs.
func FaultsJSON(w io.Writer, t *FaultTable) error { return encode(w, t) }

// Wrap breaks a text into lines of at most width characters, all but the first
// behind indent spaces; the first begins at that column already.
func Wrap(text string, indent, width int) string {
	var b strings.Builder
	p := &page{w: &b}
	p.wrappedTo(strings.Repeat(" ", indent), text, width)
	return strings.TrimSpace(b.String())
}
