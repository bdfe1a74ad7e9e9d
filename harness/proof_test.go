package harness_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// TestEachFaultIsFoundByDrawingAlone explores the clinic with each fault from each
// of five seeds. The violation found from the first is reduced, and its minimal
// trace run on the correct clinic, too. From the rest only the finding is asked
// for: reducing them is the same again. The tables in FAULTS.md and RULES.md are made of what it
// sees.
func TestEachFaultIsFoundByDrawingAlone(t *testing.T) {
	t.Parallel() // with the other long tests, when the short ones are done
	p := proof{broken: make(map[string][]string)}
	for _, f := range faults.All() {
		t.Run(f.Slug, func(t *testing.T) { p.add(t, f) })
	}
	if len(p.rows) < len(faults.All()) {
		t.Skip("not every fault was explored")
	}
	t.Run("every MUST rule is broken by a fault", func(t *testing.T) {
		for _, rule := range models.Rules() {
			require.NotEmpty(t, p.broken[rule.ID], rule.ID)
		}
	})
	t.Run("the tables in FAULTS.md and RULES.md are of today", func(t *testing.T) {
		requireBlock(t, "../targets/clinic/FAULTS.md", "faults", p.faultTable())
		requireBlock(t, "../models/RULES.md", "rules", p.ruleTable())
	})
}

// proof is what exploring the clinic with each fault has shown.
type proof struct {
	rows   []proofRow
	broken map[string][]string // the faults in whose traces a rule was broken, by rule
}

type proofRow struct {
	fault   faults.Fault
	minimal models.Violation
	length  int // of the minimal trace
	traces  int // until it was found, the most of any seed
}

// add explores the clinic with a fault.
func (p *proof) add(t *testing.T, f faults.Fault) {
	row := proofRow{fault: f}
	for i, seed := range seeds {
		o := harness.Options{Traces: 1000, Seed: seed, Workers: 2, Unreduced: i > 0}.For(f.Rules)
		r, err := harness.Explore(context.Background(), faulty(f), o)
		require.NoError(t, err)
		require.NotNil(t, r.Found, "seed %d: not found in %d traces", seed, r.Traces)
		require.Contains(t, f.Rules, r.Found.Violation.Rule, "seed %d", seed)
		row.traces = max(row.traces, r.Found.Index+1)
		p.note(f, r.Found.Verdict.Violations)
		if i > 0 {
			continue
		}
		require.NotNil(t, r.Minimal, "it was shown on a fresh service")
		requireReplays(t, f, r.Minimal)
		row.minimal, row.length = r.Minimal.Violation, len(r.Minimal.Trace.Ops)
	}
	p.rows = append(p.rows, row)
}

// note notes which rules were broken with a fault in the clinic.
func (p *proof) note(f faults.Fault, violations []models.Violation) {
	for _, v := range violations {
		if !slices.Contains(p.broken[v.Rule], f.Slug) {
			p.broken[v.Rule] = append(p.broken[v.Rule], f.Slug)
		}
	}
}

// faultTable is a table in Markdown.
func (p *proof) faultTable() string {
	var b strings.Builder
	b.WriteString("| fault | CWE | reduced as | operations | traces |\n|---|---|---|---|---|\n")
	for _, r := range p.rows {
		fmt.Fprintf(&b, "| %s | %d | %s | %d | %d |\n", r.fault.Slug, r.fault.CWE, r.minimal.Signature, r.length, r.traces)
	}
	return b.String()
}

// ruleTable is a table in Markdown.
func (p *proof) ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | level | sentence | faults |\n|---|---|---|---|\n")
	for _, rule := range models.Rules() {
		fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", rule.ID, rule.Level(), rule.Sentence, len(p.broken[rule.ID]))
	}
	return b.String()
}

// requireBlock requires that a file says something between the markers of a name.
func requireBlock(t *testing.T, file, name, want string) {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), begin)
	require.True(t, ok, "%s has no %s", file, begin)
	got, after, ok := strings.Cut(rest, end)
	require.True(t, ok, "%s has no %s", file, end)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+want+end+after), 0o644))
		return
	}
	require.Equal(t, want, got, "%s: go test ./harness -run TestEachFault -update writes it anew", file)
}
