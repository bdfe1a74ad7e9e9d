package proof

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

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
	p.choices(t.Choices)
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
	rows := [][]string{{"rule", "level", "broken in the traces of"}}
	var whole []string
	for _, rule := range models.Rules() {
		if len(by[rule.ID]) == 0 {
			whole = append(whole, rule.ID)
			continue
		}
		rows = append(rows, []string{rule.ID, rule.Level(), strings.Join(by[rule.ID], " ")})
	}
	p.Blank()
	p.Table("", rows)
	if len(whole) > 0 {
		p.Blank()
		p.Wrapped("", "Broken by none of them: "+wording.Listed(whole)+".")
	}
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

func orDash(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, " ")
}

// JSON writes the table for programs.
func JSON(w io.Writer, t *Table) error { return layout.JSON(w, t) }
