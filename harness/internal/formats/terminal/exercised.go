package terminal

import (
	"fmt"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// clean writes what was exercised where no rule was violated.
func (p *page) clean(r *evidence.Run) {
	if r.Source != "" {
		label := "NO VIOLATION  "
		if r.Verdict == judge.Inconclusive {
			label = "INCONCLUSIVE  "
		}
		p.Wrapped(label, fmt.Sprintf("%s: no rule is broken by %s; there is nothing to reduce", r.Target, r.Source))
		for _, l := range r.Limits() {
			p.Wrapped("  note      ", l)
		}
		return
	}
	p.verdict(r)
	p.Blank()
	p.exercised(r)
}

// exercised writes what was exercised, and how to repeat the run.
func (p *page) exercised(r *evidence.Run) {
	p.verdicts(r.Rules)
	p.Blank()
	p.coverage(&r.Coverage)
	p.Blank()
	rows := [][]string{
		{"took    ", wording.Elapsed(r.Elapsed)},
		{"seed", fmt.Sprintf("%d, with %s, mix %s", r.Seed, wording.Count(r.Workers, "worker"), r.Mix)},
	}
	if seen := r.Choices.Observed.String(); seen != "" {
		rows = append(rows, []string{"observed", seen})
	}
	p.closing(rows, r)
}

func (p *page) verdict(r *evidence.Run) {
	noun := "rule"
	if r.Advisory() {
		noun = "MUST rule"
	}
	what := fmt.Sprintf("%s: no %s was violated in %s", r.Target, noun, evidence.Spent(r.Traces, r.Operations, r.Requests))
	if known := r.Known(); len(known) > 0 {
		what = fmt.Sprintf("%s: besides %s, as known, no %s was violated in %s", r.Target, wording.Listed(known), noun, evidence.Spent(r.Traces, r.Operations, r.Requests))
	}
	unexpected := r.Unexpected()
	for _, rule := range unexpected {
		p.Wrapped("UNEXPECTED PASS  ", fmt.Sprintf("%s: %s passed, which was known to be broken (%s); take it off the list of known failures", r.Target, rule.ID, rule.Known))
	}
	switch {
	case len(unexpected) > 0:
	case r.End == evidence.Interrupted:
		p.Wrapped("INTERRUPTED   ", what+" so far")
	case r.End != evidence.Finished:
		p.Wrapped("STOPPED       ", what+" so far")
	case r.Verdict == judge.Conformant:
		p.Painted(layout.Reassured, func() { p.Wrapped("CONFORMANT    ", what+r.Proviso()) })
	default:
		p.Painted(layout.Doubtful, func() {
			p.Wrapped("INCONCLUSIVE  ", what+", but "+r.NotAsked("not every MUST rule was exercised conclusively"))
		})
		p.Wrapped("              ", r.Obstacles())
	}
}

// verdicts writes the table of rules with how often each was asked.
func (p *page) verdicts(rules []judge.RuleResult) {
	rows := [][]string{{"rule", "level", "verdict", "checks", "what it says"}}
	for _, r := range rules {
		sentence := r.Sentence
		if r.Known != "" {
			sentence += " (known failure: " + r.Known + ")"
		}
		if r.Inconclusive > 0 {
			sentence += fmt.Sprintf(" (%d more checks were inconclusive)", r.Inconclusive)
		}
		rows = append(rows, []string{r.ID, r.Level, string(r.Verdict), wording.Grouped(r.Checks), sentence})
	}
	p.Table("  ", rows)
}

// coverage writes what was exercised.
func (p *page) coverage(c *coverage.Coverage) {
	p.Wrapped("  ", fmt.Sprintf("Shape of 9 June 2020 (booked audio, switched to video, spoken in, then listed): %s in which the same patient listed, %d in which another did, %d in which both did.",
		wording.Count(c.ShapeSame, "trace"), c.ShapeOther, c.Shape))
	p.Wrapped("  ", "Cells (how the viewer's consultations were switched x how the owner's was), by path, each asked where the viewer must not see the recording; with a control where its owner did see it:")
	rows := [][]string{}
	for _, path := range models.Paths() {
		if !path.InCells() {
			continue
		}
		cells, controlled, checks := cellsOf(c, path)
		rows = append(rows, []string{string(path), fmt.Sprintf("%d of %d exercised", cells, cellsPerPath),
			fmt.Sprintf("%d with a control", controlled), wording.Count(checks, "check")})
	}
	p.Table("    ", rows)
}

// cellsPerPath is the number of switch histories of a viewer times those of an
// owner.
const cellsPerPath = 4 * 4

func cellsOf(c *coverage.Coverage, path models.Path) (cells, controlled, checks int) {
	for _, cell := range c.Cells {
		if cell.Path != path {
			continue
		}
		cells++
		checks += cell.Checks
		if cell.Controls > 0 {
			controlled++
		}
	}
	return cells, controlled, checks
}
