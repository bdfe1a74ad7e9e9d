package harness_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// TestEachFaultIsFoundByDrawingAlone explores the clinic with each fault from the
// first of the seeds, or from as many as -seeds says. The violation found from
// the first is reduced, and its minimal trace run on the correct clinic, too.
// From the rest only the finding is asked for: reducing them is the same again.
// The table of faults is made of what all five seeds show. One seed must show what
// it says of each fault.
func TestEachFaultIsFoundByDrawingAlone(t *testing.T) {
	t.Parallel() // with the other long tests, when the short ones are done
	p := proving{seeds: allSeeds[:*seedCount], broken: make(map[string][]string)}
	for _, f := range faults.All() {
		t.Run(f.Slug, func(t *testing.T) { p.add(t, f) })
	}
	if len(p.rows) < len(faults.All()) {
		t.Skip("not every fault was explored")
	}
	t.Run("every MUST rule is broken by a fault", func(t *testing.T) {
		for _, rule := range models.Rules() {
			p.seek(t, rule.ID)
			require.NotEmpty(t, p.broken[rule.ID], rule.ID)
		}
	})
	t.Run("the table is of today", func(t *testing.T) {
		require.True(t, !golden.Updating() || p.whole(), "with -update the table needs -seeds %d", len(allSeeds))
		requireTable(t, "../targets/clinic/FAULTS.md", "faults", &p, p.faultTable)
	})
}

// TestTheTablesOfRulesAreOfToday compares RULES.md with the rules, and with the
// faults that can break them.
func TestTheTablesOfRulesAreOfToday(t *testing.T) {
	golden.Block(t, "../models/RULES.md", "rules", proof.RuleTable())
	golden.Block(t, "../models/RULES.md", "references", proof.ReferenceTable())
}

// requireTable requires that a file has a table whose last column is of all five
// seeds: where there were fewer, it must say at least what they show.
func requireTable(t *testing.T, file, name string, p *proving, table func(least map[string]int) string) {
	t.Helper()
	least := map[string]int{}
	if !p.whole() {
		for line := range strings.Lines(golden.Within(t, file, name)) {
			cells := strings.Split(strings.Trim(line, "| \n"), " | ")
			least[cells[0]], _ = strconv.Atoi(cells[len(cells)-1])
		}
	}
	golden.Block(t, file, name, table(least))
}

// proving is what exploring the clinic with each fault has shown.
type proving struct {
	seeds  []int
	rows   []proofRow
	broken map[string][]string // the faults in whose traces a rule was broken, by rule
}

type proofRow struct {
	fault   faults.Fault
	minimal models.Violation
	length  int // of the minimal trace
	traces  int // until it was found, the most of any seed
}

// whole reports whether all seeds were explored.
func (p *proving) whole() bool { return len(p.seeds) == len(allSeeds) }

// add explores the clinic with a fault.
func (p *proving) add(t *testing.T, f faults.Fault) {
	row := proofRow{fault: f}
	for i, seed := range p.seeds {
		r := p.find(t, f, seed, i > 0)
		row.traces = max(row.traces, r.Found.Index+1)
		if i > 0 {
			continue
		}
		require.NotNil(t, r.Minimal, "it was shown on a fresh service")
		requireReplays(t, f, r.Minimal)
		row.minimal, row.length = r.Minimal.Violation, len(r.Minimal.Trace.Ops)
	}
	p.rows = append(p.rows, row)
}

// find explores the clinic with a fault from a seed, and notes which rules were
// broken.
func (p *proving) find(t *testing.T, f faults.Fault, seed int, unreduced bool) *harness.Result {
	t.Helper()
	o := harness.Options{Traces: 1000, Seed: seed, Workers: 2, Unreduced: unreduced}.For(f.Rules)
	r, err := harness.Explore(context.Background(), faulty(f), o)
	require.NoError(t, err)
	require.NotNil(t, r.Found, "seed %d: not found in %d traces", seed, r.Traces)
	require.Contains(t, f.Rules, r.Found.Violation.Rule, "seed %d", seed)
	p.note(f, r.Found.Verdict.Violations)
	return r
}

// seek explores the faults that are said to break a rule from the other seeds, as
// long as it was not broken.
func (p *proving) seek(t *testing.T, rule string) {
	t.Helper()
	for _, seed := range allSeeds[len(p.seeds):] {
		for _, f := range faults.All() {
			if len(p.broken[rule]) == 0 && slices.Contains(f.Rules, rule) {
				p.find(t, f, seed, true)
			}
		}
	}
}

// note notes which rules were broken with a fault in the clinic.
func (p *proving) note(f faults.Fault, violations []models.Violation) {
	for _, v := range violations {
		if !slices.Contains(p.broken[v.Rule], f.Slug) {
			p.broken[v.Rule] = append(p.broken[v.Rule], f.Slug)
		}
	}
}

// faultTable is a table in Markdown, with the least to write in its last column by
// its first.
func (p *proving) faultTable(least map[string]int) string {
	var b strings.Builder
	b.WriteString("| fault | CWE | reduced as | operations | traces |\n|---|---|---|---|---|\n")
	for _, r := range p.rows {
		fmt.Fprintf(&b, "| %s | %d | %s | %d | %d |\n", r.fault.Slug, r.fault.CWE, r.minimal.Signature, r.length, max(r.traces, least[r.fault.Slug]))
	}
	return b.String()
}
