package models

import (
	"cmp"
	"math"
	"slices"
)

// Rule is something that every answer of a conforming service keeps.
type Rule struct {
	ID       string
	Must     bool // MUST, else SHOULD (RFC 2119)
	Sentence string
	// CWE are the weaknesses by which it is broken, by their numbers at
	// https://cwe.mitre.org: such alone as MITRE allows to be mapped to.
	CWE []int
	// OWASP is the risk in the OWASP API Security Top 10 of 2023 of which it is a
	// case, or empty.
	OWASP string
	// ASVS are the requirements of OWASP ASVS 5.0 that a service which breaks it does
	// not meet either.
	ASVS []Requirement
	// Needs are the operations without which the rule cannot be exercised, and of
	// NeedsOne one will do, where there are any.
	Needs, NeedsOne []Kind
	// NeedsSlots says that it is about slots that several appointments take in turn.
	NeedsSlots bool
	// Compares says that the rule is judged by comparing two runs, and only where
	// that is asked for.
	Compares bool
	// IfMet says that the rule is of something that no operation tells a service to
	// have, as cookies: where it was never asked, it does not apply.
	IfMet bool

	check func(*Observation, *Findings) // nil for a rule that compares
}

// Requirement is one of the OWASP Application Security Verification Standard 5.0.
type Requirement struct {
	ID  string `json:"id"`  // for example "8.2.2"
	Why string `json:"why"` // what it has to do with the rule
}

// Applies reports whether a target's capabilities let the rule be exercised.
func (r Rule) Applies(c Capabilities) bool {
	if r.NeedsSlots && c.Policy.Slotless {
		return false
	}
	for _, k := range r.Needs {
		if !c.Supports(k) {
			return false
		}
	}
	return len(r.NeedsOne) == 0 || slices.ContainsFunc(r.NeedsOne, c.Supports)
}

// Level is "MUST" or "SHOULD".
func (r Rule) Level() string {
	if r.Must {
		return "MUST"
	}
	return "SHOULD"
}

// Observation is one answer, and what the model says about it: all that a rule
// looks at.
type Observation struct {
	World    Namespace // of the trace
	Before   *State    // the state in which the operation was performed
	Call     Call
	Expected Response // what a correct service answers
	Got      Response // what was answered
	// Pending says that the operation will be performed again, because the lag
	// that the service declares is not over: what is missing may still come.
	Pending bool

	ofKind *row   // that of the operation's kind, once it was asked for
	ledger ledger // the refused changes of which nobody has told yet
}

// row is the row of the operation's kind.
func (o *Observation) row() *row {
	if o.ofKind == nil {
		o.ofKind = rowOf(o.Call.Op.Kind())
	}
	return o.ofKind
}

// Signature identifies a violation from run to run: a candidate trace shows the
// same violation when it has the same signature, whatever the text says.
type Signature struct {
	Rule  string `json:"rule"`
	Level Level  `json:"level"`
	Path  Path   `json:"path"`
}

// String is for example "LIST-1 presented by list".
func (s Signature) String() string {
	if s.Level == NotExposed {
		return s.Rule + " by " + string(s.Path)
	}
	return s.Rule + " " + s.Level.String() + " by " + string(s.Path)
}

// Violation is a rule broken by one answer.
type Violation struct {
	Signature
	// Step is the operation whose answer broke the rule, from 1.
	Step int `json:"step"`
	// Viewer is who performed it.
	Viewer Handle `json:"viewer"`
	// Message says in words what was wrong.
	Message string `json:"message"`
	// Exposures are what was shown of whom, at most [MaxExposures] of them; More
	// counts the others.
	Exposures []Exposure `json:"exposures,omitempty"`
	More      int        `json:"more,omitempty"`
	// Causes are the steps of the refused operations by one of which alone the
	// violation is explained, where it is: that it does not show without them is
	// still to be seen.
	Causes []int `json:"-"`
}

// Must reports whether the rule that is broken is a MUST. A rule that is not in
// the table counts as one.
func (v *Violation) Must() bool {
	rule, err := RuleByID(v.Rule)
	return err != nil || rule.Must
}

// MaxExposures is the number of exposures that one violation lists.
const MaxExposures = 100

// Tally counts what a rule was asked.
type Tally struct {
	Checks       int // in which the rule could have failed
	Violations   int
	Inconclusive int // in which an unknown outcome, or one before, hid the answer
}

// Findings collects what the rules say of the answers of one history. Its zero
// value is not usable; see [NewFindings].
type Findings struct {
	rules      []Rule
	tallies    []Tally // by index in rules
	current    int
	listed     int // exposures of one violation at most
	violations []Violation
}

// NewFindings returns findings of nothing.
func NewFindings() *Findings {
	return &Findings{rules: table, tallies: make([]Tally, len(table)), listed: MaxExposures}
}

// ListAll has the violations found from now on list every exposure, however
// many there are, and returns f.
func (f *Findings) ListAll() *Findings {
	f.listed = math.MaxInt
	return f
}

// Observe asks every rule about an answer.
func (f *Findings) Observe(o *Observation) {
	if o.unasked() {
		return
	}
	for i := range f.rules {
		if check := f.rules[i].check; check != nil {
			f.current = i
			check(o, f)
		}
	}
}

// unasked reports whether a listing that the model knows was never asked for: the
// target has no way to, as to filter it by mode. Nothing can be said of that.
func (o *Observation) unasked() bool {
	return o.Got.Outcome == Unbound && o.Expected.Outcome != Unbound && o.row().rows == ReplayRows
}

// Tallies are what was asked of each rule, by its index in [Rules].
func (f *Findings) Tallies() []Tally { return slices.Clone(f.tallies) }

// Violations lists the violations found, in order of steps; within a step the
// greatest exposure first, then in the order of the rules.
func (f *Findings) Violations() []Violation {
	out := slices.Clone(f.violations)
	slices.SortStableFunc(out, func(a, b Violation) int {
		if a.Step != b.Step {
			return a.Step - b.Step
		}
		return int(b.Level) - int(a.Level)
	})
	return out
}

// checked counts a check that could have failed.
func (f *Findings) checked() { f.tallies[f.current].Checks++ }

// inconclusive counts a check that an unknown outcome prevented.
func (f *Findings) inconclusive() { f.tallies[f.current].Inconclusive++ }

// violate records that the current rule is broken by o.
func (f *Findings) violate(o *Observation, path Path, message string, exposures ...Exposure) {
	v := Violation{
		Signature: Signature{Rule: f.rules[f.current].ID, Path: path},
		Step:      o.Call.Step, Viewer: o.Call.Op.Actor(), Message: message,
	}
	for _, e := range exposures {
		v.Level = max(v.Level, e.Level)
	}
	if len(exposures) > f.listed {
		slices.SortStableFunc(exposures, func(a, b Exposure) int { return cmp.Compare(a.World, b.World) }) // those of this trace first
		v.More = len(exposures) - f.listed
		exposures = exposures[:f.listed]
	}
	v.Exposures = exposures
	f.tallies[f.current].Violations++
	f.violations = append(f.violations, v)
}

// Rules lists the rules in a fixed order.
func Rules() []Rule { return slices.Clone(table) }

// RuleByID finds a rule.
func RuleByID(id string) (Rule, error) {
	for _, r := range table {
		if r.ID == id {
			return r, nil
		}
	}
	return Rule{}, &NameError{What: "rule", Name: id}
}
