package proof

import (
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Table is what exploring a service with seeded faults found.
type Table struct {
	Target string `json:"target"`
	Seeds  []int  `json:"seeds"`  // of the explorations of each fault
	Traces int    `json:"traces"` // explored at most in each
	Rows   []Row  `json:"faults"`
	// Right are the services that must not be accused, Choices the clinics with
	// choices of their own, which must not either, and Drawn what is drawn, where the
	// whole proof was asked for.
	Right   []RightRow  `json:"right,omitempty"`
	Choices []ChoiceRow `json:"choices,omitempty"`
	Drawn   *Drawn      `json:"drawn,omitempty"`
}

// Holds reports whether everything that the table claims was shown.
func (t *Table) Holds() bool {
	for i := range t.Right {
		if !t.Right[i].passes() {
			return false
		}
	}
	for i := range t.Choices {
		if t.Choices[i].Violation != "" {
			return false
		}
	}
	return t.Convincing() == len(t.Rows) && (t.Drawn == nil || t.Drawn.Kinds == t.Drawn.AllKinds && t.Drawn.Pairs == t.Drawn.AllPairs)
}

// Row is what the explorations of one fault found.
type Row struct {
	Fault string `json:"fault"`
	// Expected are the rules that the fault is said to break.
	Expected []string `json:"expected,omitempty"`
	Runs     []Run    `json:"runs"` // by seed
}

// Run is what one exploration found.
type Run struct {
	Seed  int          `json:"seed"`
	Found bool         `json:"found"`
	Rule  string       `json:"rule,omitempty"`
	Level models.Level `json:"level"`
	Path  models.Path  `json:"path,omitempty"`
	// Broken are all rules that the trace broke in which it was found.
	Broken []string `json:"broken,omitempty"`
	// Named says that the rule is one of those that the fault is said to break.
	Named bool `json:"named"`
	// Traces were explored and Operations performed until it was found.
	Traces     int `json:"traces"`
	Operations int `json:"operations"`
	// Minimal is the length of the minimal trace, Proven says that every line of
	// it is needed, and Replays is what reducing took. They are 0 and false
	// where the violation did not show again on a fresh service.
	Minimal int  `json:"minimal,omitempty"`
	Proven  bool `json:"proven"`
	Replays int  `json:"replays"`
	// CleanOnCorrect says that the minimal trace breaks no rule on the service
	// without the fault.
	CleanOnCorrect bool          `json:"cleanOnCorrect"`
	Elapsed        time.Duration `json:"elapsedNanos"`
	Trace          string        `json:"trace,omitempty"` // the minimal one
}

// NewRun is what an exploration of a fault found that is said to break
// certain rules. Whether its minimal trace is clean on the correct service is
// not known yet.
func NewRun(rules []string, r *harness.Result) Run {
	run := Run{Seed: r.Seed, Traces: r.Traces, Operations: r.Operations, Elapsed: r.Elapsed}
	if r.Found == nil {
		return run
	}
	v := r.Found.Violation
	run.Found, run.Traces, run.Operations, run.Replays = true, r.Found.Index+1, r.Found.Before, r.Replays
	run.Named = slices.Contains(rules, v.Rule)
	for _, other := range r.Found.Verdict.Violations {
		run.Broken = once(run.Broken, other.Rule)
	}
	if m := r.Minimal; m != nil {
		v = m.Violation
		run.Minimal, run.Proven, run.Trace = len(m.Trace.Ops), m.Proven(), m.Trace.String()
		run.Named = run.Named && slices.Contains(rules, v.Rule)
	}
	run.Rule, run.Path, run.Level = v.Rule, v.Path, v.Level
	return run
}

// convincing reports whether the run shows all that is claimed of the fault: that it
// is found, by a rule that it is said to break, and that every line of its
// minimal trace is needed and breaks nothing on the correct service.
func (r *Run) convincing() bool { return r.Found && r.Named && r.Proven && r.CleanOnCorrect }

// Convincing is the number of faults all runs of which are.
func (t *Table) Convincing() int {
	n := 0
	for _, row := range t.Rows {
		if row.convincing() == len(row.Runs) && len(row.Runs) > 0 {
			n++
		}
	}
	return n
}

func (r *Row) convincing() int {
	n := 0
	for i := range r.Runs {
		if r.Runs[i].convincing() {
			n++
		}
	}
	return n
}

func once(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
