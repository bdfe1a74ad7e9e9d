package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// form names the form of [Diff] as JSON.
const form = "crosstalk-diff/1"

// Diff is what changed from one run to another.
type Diff struct {
	Schema string `json:"schema"` // "crosstalk-diff/1"
	Before Side   `json:"before"`
	After  Side   `json:"after"`
	// Fixed, Broken, Still and Unsettled are rules: failed before and pass now,
	// passed or were not asked before and fail now, fail in both, and failed
	// before and were now not asked where they failed, or not conclusively.
	Fixed     []string `json:"fixed"`
	Broken    []string `json:"broken"`
	Still     []string `json:"still"`
	Unsettled []string `json:"unsettled"`
	// Rules are those whose verdict or violations differ.
	Rules []RuleChange `json:"rules"`
	// Gone, New and Remaining are violations by signature, with their numbers.
	Gone      []SignatureChange `json:"gone"`
	New       []SignatureChange `json:"new"`
	Remaining []SignatureChange `json:"remaining"`
	// Minimal says what became of the first run's minimal trace: "found again",
	// "another trace shows the same" or "not found"; empty where it has none.
	Minimal string `json:"minimal,omitempty"`
	// Exercised say whether the second run asked what the first found broken.
	Exercised []Exercise `json:"exercised"`
	// Caveats are in what the runs cannot be compared, in sentences.
	Caveats []string `json:"caveats"`
}

// Side is one of the two runs.
type Side struct {
	Dir        string           `json:"dir"`
	Target     string           `json:"target"`
	Verdict    judge.Conclusion `json:"verdict"`
	End        evidence.End     `json:"end"`
	Mix        string           `json:"mix"`
	Seed       int              `json:"seed"`
	Traces     int              `json:"traces"`
	Operations int              `json:"operations"`
	Strict     bool             `json:"strict"`
	// Subjects are the data subjects exposed.
	Subjects string `json:"subjects"`
}

// RuleChange is a rule whose verdict or number of violations differs.
type RuleChange struct {
	ID         string           `json:"id"`
	Level      string           `json:"level"`
	Before     judge.Conclusion `json:"before"`
	After      judge.Conclusion `json:"after"`
	Violations [2]int           `json:"violations"` // before and after
	Checks     [2]int           `json:"checks"`
}

// SignatureChange is a violation by its signature, with how often it was seen
// before and after.
type SignatureChange struct {
	models.Signature
	Seen [2]int `json:"seen"`
	// Counts says that it makes the second run worse where it is new.
	Counts bool `json:"counts"`
}

// Exercise says whether the second run asked what a violation of the first was
// found by.
type Exercise struct {
	models.Signature
	// Cell is the cell in which the first run failed, or nil where no cell tells.
	Cell *coverage.Cell `json:"cell,omitempty"`
	// RuleChecks are those of the second run of the rule, and CellChecks those in
	// the cell, 0 where there is none.
	RuleChecks int `json:"ruleChecks"`
	CellChecks int `json:"cellChecks"`
}

// Asked reports whether the second run asked the rule, and in the cell.
func (e Exercise) Asked() bool { return e.RuleChecks > 0 && (e.Cell == nil || e.CellChecks > 0) }

// NewViolations reports whether the second run has a violation that counts and
// that the first has not.
func (d *Diff) NewViolations() bool {
	return slices.ContainsFunc(d.New, func(s SignatureChange) bool { return s.Counts })
}

// Compare says what changed from one run to another.
func Compare(before, after *rundir.Saved) *Diff {
	d := &Diff{Schema: form, Before: sideOf(before), After: sideOf(after), Fixed: []string{}, Broken: []string{}, Still: []string{},
		Unsettled: []string{}, Rules: []RuleChange{}, Gone: []SignatureChange{}, New: []SignatureChange{}, Remaining: []SignatureChange{},
		Exercised: []Exercise{}, Caveats: []string{}}
	d.compareRules(before.Rules, after.Rules)
	d.compareSignatures(before, after)
	d.compareMinimal(before, after)
	for _, e := range before.Cases() {
		d.Exercised = append(d.Exercised, exercised(&e, after))
	}
	d.unsettle()
	d.caveats(before, after)
	return d
}

func sideOf(s *rundir.Saved) Side {
	return Side{Dir: s.Dir, Target: s.Target, Verdict: s.Run.Concluded(), End: s.End, Mix: s.Mix, Seed: s.Seed, Traces: s.Traces,
		Operations: s.Operations, Strict: s.Strict, Subjects: s.Pack().Levels[0].Subjects.Range()}
}

func (d *Diff) compareRules(before, after []judge.RuleResult) {
	for _, now := range after {
		at := slices.IndexFunc(before, func(r judge.RuleResult) bool { return r.ID == now.ID })
		if at < 0 {
			continue
		}
		was := before[at]
		if was.Verdict != now.Verdict || was.Violations != now.Violations {
			d.Rules = append(d.Rules, RuleChange{ID: now.ID, Level: now.Level, Before: was.Verdict, After: now.Verdict,
				Violations: [2]int{was.Violations, now.Violations}, Checks: [2]int{was.Checks, now.Checks}})
		}
		failed, fails := was.Verdict == judge.Fail, now.Verdict == judge.Fail
		switch {
		case failed && fails:
			d.Still = append(d.Still, now.ID)
		case fails:
			d.Broken = append(d.Broken, now.ID)
		case failed && now.Verdict == judge.Pass:
			d.Fixed = append(d.Fixed, now.ID)
		case failed:
			d.Unsettled = append(d.Unsettled, now.ID)
		}
	}
}

// unsettle takes the rules from those fixed that were not asked where they failed.
func (d *Diff) unsettle() {
	for _, e := range d.Exercised {
		if at := slices.Index(d.Fixed, e.Rule); at >= 0 && !e.Asked() {
			d.Fixed = slices.Delete(d.Fixed, at, at+1)
			d.Unsettled = append(d.Unsettled, e.Rule)
		}
	}
}

func (d *Diff) compareSignatures(before, after *rundir.Saved) {
	all := maps.Clone(signatures(before))
	maps.Copy(all, signatures(after))
	for _, s := range slices.SortedFunc(maps.Keys(all), compareSignatures) {
		c := SignatureChange{Signature: s, Seen: [2]int{signatures(before)[s], signatures(after)[s]}, Counts: countsAgainst(after, s.Rule)}
		switch {
		case c.Seen[1] == 0:
			d.Gone = append(d.Gone, c)
		case c.Seen[0] == 0:
			d.New = append(d.New, c)
		default:
			d.Remaining = append(d.Remaining, c)
		}
	}
}

// signatures are the violations of the exploration, and what was found where
// this is all there is: by comparing runs, or without a history.
func signatures(s *rundir.Saved) map[models.Signature]int {
	out := maps.Clone(s.Signatures)
	for _, e := range s.Cases() {
		if rule, err := models.RuleByID(e.Violation.Rule); s.Histories == 0 || err == nil && rule.Compares {
			out[e.Violation.Signature] = max(out[e.Violation.Signature], 1)
		}
	}
	return out
}

func compareSignatures(a, b models.Signature) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(b.Level, a.Level), cmp.Compare(a.Path, b.Path))
}

// countsAgainst reports whether a broken rule counts against the service.
func countsAgainst(s *rundir.Saved, id string) bool {
	at := slices.IndexFunc(s.Rules, func(r judge.RuleResult) bool { return r.ID == id })
	return at < 0 || s.Rules[at].Known == "" && (s.Strict || s.Rules[at].Level == "MUST")
}

func (d *Diff) compareMinimal(before, after *rundir.Saved) {
	if before.Minimal == nil {
		return
	}
	d.Minimal = "not found"
	if signatures(after)[before.Minimal.Violation.Signature] > 0 {
		d.Minimal = "another trace shows the same"
	}
	for _, e := range after.Cases() {
		if e.Trace.Canonical().Body() == before.Minimal.Trace.Canonical().Body() {
			d.Minimal = "found again"
		}
	}
}

// exercised says whether a run asked what a violation was found by.
func exercised(e *evidence.Evidence, after *rundir.Saved) Exercise {
	out := Exercise{Signature: e.Violation.Signature}
	if at := slices.IndexFunc(after.Rules, func(r judge.RuleResult) bool { return r.ID == e.Violation.Rule }); at >= 0 {
		out.RuleChecks = after.Rules[at].Checks
	}
	cell, ok := coverage.CellOf(e.History, &e.Violation)
	if !ok {
		return out
	}
	out.Cell = &cell
	for _, c := range after.Coverage.Cells {
		same := c.Path == cell.Path || isListing(c.Path) && isListing(cell.Path) // a first page is counted with the others
		if same && c.Viewer == cell.Viewer && c.Owner == cell.Owner {
			out.CellChecks += c.Checks
		}
	}
	return out
}

func isListing(p models.Path) bool { return p == models.PathList || p == models.PathPage }

// caveats says in what the runs cannot be compared.
func (d *Diff) caveats(before, after *rundir.Saved) {
	add := func(format string, args ...any) { d.Caveats = append(d.Caveats, fmt.Sprintf(format, args...)) }
	if before.Source != after.Source {
		add("One of the runs reduced a given trace: they did not look at the same.")
	}
	if before.Mix != after.Mix {
		add("The runs drew from different mixes: %s and %s.", before.Mix, after.Mix)
	}
	switch {
	case before.Seed != after.Seed:
		add("The seeds differ (%d and %d), so the traces do, too: crosstalk run --seed %d draws those of the first run again.", before.Seed, after.Seed, before.Seed)
	case before.Workers != after.Workers:
		add("The numbers of workers differ (%d and %d): a service has seen other traces before the same one.", before.Workers, after.Workers)
	}
	if after.Traces < before.Traces {
		add("The second run explored %s and the first %s: what it has not found may be there.", wording.Count(after.Traces, "trace"), wording.Grouped(before.Traces))
	}
	for _, s := range []*rundir.Saved{before, after} {
		if s.End != evidence.Finished {
			add("%s did not come to its end (%s).", s.Dir, s.End)
		}
		for _, w := range s.Warnings {
			add("%s: %s.", s.Dir, w)
		}
	}
	if after.Found != nil && !after.Whole && !after.Advisory() {
		add("The second run stopped at its first violation: what it did not come to is not shown to be fixed.")
	}
}
