package proof

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Table is what exploring a service with seeded faults found.
type Table struct {
	Target string `json:"target"`
	Seeds  []int  `json:"seeds"`  // of the explorations of each fault
	Traces int    `json:"traces"` // explored at most in each
	Rows   []Row  `json:"faults"`
	// Right are the services that must not be accused, and Drawn what is drawn,
	// where the whole proof was asked for.
	Right []RightRow `json:"right,omitempty"`
	Drawn *Drawn     `json:"drawn,omitempty"`
}

// RightRow is what exploring a service has shown that is right.
type RightRow struct {
	Service string           `json:"service"`
	What    string           `json:"what"` // is unusual about it
	Verdict judge.Conclusion `json:"verdict"`
	Traces  int              `json:"traces"`
	// Exercised of Applicable MUST rules were asked.
	Exercised  int           `json:"exercised"`
	Applicable int           `json:"applicable"`
	Elapsed    time.Duration `json:"elapsedNanos"`
	// Violation is that of which it was accused, if it was.
	Violation string `json:"violation,omitempty"`
}

// newRightRow is the row of a service that is right.
func newRightRow(service, what string, r *harness.Result) RightRow {
	row := RightRow{Service: service, What: what, Verdict: r.Verdict, Traces: r.Traces, Elapsed: r.Elapsed}
	for _, rule := range r.Rules {
		if rule.Level != "MUST" || rule.Verdict == judge.NotApplicable {
			continue
		}
		row.Applicable++
		if rule.Checks > 0 {
			row.Exercised++
		}
	}
	if r.Found != nil {
		row.Violation = r.Found.Violation.Signature.String()
	}
	return row
}

// passes reports whether a service was cleared with every rule exercised.
func (r *RightRow) passes() bool {
	return r.Verdict == judge.Conformant && r.Violation == "" && r.Exercised == r.Applicable
}

// Drawn is what drawing has drawn.
type Drawn struct {
	Traces int `json:"traces"`
	// Kinds of AllKinds operations were drawn, and Pairs of AllPairs of two in a
	// row.
	Kinds    int `json:"kinds"`
	AllKinds int `json:"allKinds"`
	Pairs    int `json:"pairs"`
	AllPairs int `json:"allPairs"`
}

// newDrawn counts what is in traces.
func newDrawn(traces func(yield func(models.Trace) bool)) *Drawn {
	all := len(models.Kinds())
	d := &Drawn{AllKinds: all, AllPairs: all * all}
	kinds, pairs := make(map[models.Kind]bool), make(map[[2]models.Kind]bool)
	for t := range traces {
		d.Traces++
		for i, op := range t.Ops {
			kinds[op.Kind()] = true
			if i > 0 {
				pairs[[2]models.Kind{t.Ops[i-1].Kind(), op.Kind()}] = true
			}
		}
	}
	d.Kinds, d.Pairs = len(kinds), len(pairs)
	return d
}

// Holds reports whether everything that the table claims was shown.
func (t *Table) Holds() bool {
	for i := range t.Right {
		if !t.Right[i].passes() {
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

// Text writes the table for people.
func Text(w io.Writer, t *Table) error {
	p := &page{layout.NewPage(w)}
	rows := [][]string{{"fault", "found", "rule", "exposure", "by", "traces", "operations", "minimal", "replays", "took"}}
	for _, r := range t.Rows {
		rows = append(rows, r.cells())
	}
	p.Table("", rows)
	p.Blank()
	p.Wrapped("", t.summary())
	for _, r := range t.Rows {
		for _, run := range r.Runs {
			if !run.convincing() {
				p.Wrapped("", fmt.Sprintf("%s, seed %d: %s.", r.Fault, run.Seed, run.lacks()))
			}
		}
	}
	p.brokenRules(t)
	p.right(t.Right)
	if d := t.Drawn; d != nil {
		p.Blank()
		p.Wrapped("", fmt.Sprintf("Drawn in %s: %d of %d operations, %d of %d pairs of operations in a row.",
			wording.Count(d.Traces, "trace"), d.Kinds, d.AllKinds, d.Pairs, d.AllPairs))
	}
	return p.Err()
}

// brokenRules writes by which faults each rule was broken.
func (p *page) brokenRules(t *Table) {
	by := make(map[string][]string)
	for _, row := range t.Rows {
		for _, run := range row.Runs {
			for _, id := range run.Broken {
				by[id] = once(by[id], row.Fault)
			}
		}
	}
	rows := [][]string{{"rule", "level", "faults", "broken by"}}
	var whole []string
	for _, rule := range models.Rules() {
		if len(by[rule.ID]) == 0 {
			whole = append(whole, rule.ID)
			continue
		}
		rows = append(rows, []string{rule.ID, rule.Level(), fmt.Sprint(len(by[rule.ID])), strings.Join(by[rule.ID], " ")})
	}
	p.Blank()
	p.Table("", rows)
	if len(whole) > 0 {
		p.Blank()
		p.Wrapped("", "Broken by none of them: "+wording.Listed(whole)+".")
	}
}

// right writes what exploring services has shown that are right.
func (p *page) right(services []RightRow) {
	if len(services) == 0 {
		return
	}
	rows := [][]string{{"right service", "verdict", "traces", "MUST rules", "took", "what is unusual about it"}}
	for _, r := range services {
		verdict := string(r.Verdict)
		if r.Violation != "" {
			verdict += ": " + r.Violation
		}
		rows = append(rows, []string{r.Service, verdict, wording.Grouped(r.Traces), fmt.Sprintf("%d of %d asked", r.Exercised, r.Applicable), wording.Elapsed(r.Elapsed), r.What})
	}
	p.Blank()
	p.Table("", rows)
}

func (t *Table) summary() string {
	from := fmt.Sprintf("from seed %d", t.Seeds[0])
	most := ""
	if len(t.Seeds) > 1 {
		from = "from each of the seeds " + wording.Listed(texts(t.Seeds))
		most = ", the most of any seed; so are replays"
	}
	return fmt.Sprintf("%d of %d faults found in %s %s, by a rule that each is documented to break, with a minimal trace that breaks no rule on the "+
		"correct clinic. Traces and operations are those until it was found%s; minimal is the length of the shortest trace that shows it, in operations.",
		t.Convincing(), len(t.Rows), t.Target, from, most)
}

func texts(numbers []int) []string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = fmt.Sprint(n)
	}
	return out
}

// lacks says what a run does not show.
func (r *Run) lacks() string {
	switch {
	case !r.Found:
		return fmt.Sprintf("not found in %s", wording.Count(r.Traces, "trace"))
	case !r.Named:
		return "found by " + r.Rule + ", which the fault is not documented to break"
	case r.Minimal == 0:
		return "not shown again on a fresh service"
	case !r.Proven:
		return "the minimal trace is not certified"
	}
	return "the minimal trace breaks a rule on the correct clinic"
}

// cells are the fault's cells of the table: over several seeds the most traces,
// operations and replays, and the range of lengths.
func (r *Row) cells() []string {
	var rules, levels, paths []string
	var traces, operations, replays int
	var took time.Duration
	for i := range r.Runs {
		run := &r.Runs[i]
		traces, operations, replays = max(traces, run.Traces), max(operations, run.Operations), max(replays, run.Replays)
		took += run.Elapsed
		if run.Found {
			rules, paths = once(rules, run.Rule), once(paths, string(run.Path))
			if run.Level != models.NotExposed {
				levels = once(levels, run.Level.String())
			}
		}
	}
	return []string{r.Fault, r.found(), orDash(rules), orDash(levels), orDash(paths), wording.Grouped(traces), wording.Grouped(operations), r.lengths(),
		fmt.Sprint(replays), wording.Elapsed(took)}
}

func (r *Row) found() string {
	n := 0
	for _, run := range r.Runs {
		if run.Found {
			n++
		}
	}
	switch {
	case n == 0:
		return "NO"
	case len(r.Runs) == 1:
		return "yes"
	}
	return fmt.Sprintf("%d of %d", n, len(r.Runs))
}

// lengths are those of the minimal traces: "11", or "8-11".
func (r *Row) lengths() string {
	low, high, doubt := 0, 0, ""
	for _, run := range r.Runs {
		if run.Minimal == 0 {
			continue
		}
		if low == 0 || run.Minimal < low {
			low = run.Minimal
		}
		high = max(high, run.Minimal)
		if !run.Proven {
			doubt = "?"
		}
	}
	switch {
	case high == 0:
		return "-"
	case low == high:
		return fmt.Sprint(low) + doubt
	}
	return fmt.Sprintf("%d-%d%s", low, high, doubt)
}

func once(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func orDash(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, " ")
}

// JSON writes the table for programs.
func JSON(w io.Writer, t *Table) error { return layout.JSON(w, t) }
