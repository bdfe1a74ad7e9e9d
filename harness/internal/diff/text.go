package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
)

// JSON writes what changed as JSON.
func JSON(w io.Writer, d *Diff) error { return layout.JSON(w, d) }

// Text writes what changed, for people.
func Text(w io.Writer, d *Diff) error {
	p := &page{layout.NewPage(w)}
	label, rest, _ := strings.Cut(d.headline(), "  ")
	p.Wrapped(label+"  ", rest)
	p.Blank()
	p.sides(d)
	p.ruleChanges(d)
	p.signatureChanges("Gone", d.Gone)
	p.signatureChanges("New", d.New)
	p.signatureChanges("Still there", d.Remaining)
	p.exercise(d)
	for _, c := range d.Caveats {
		p.Wrapped("note  ", c)
	}
	return p.Err()
}

// headline says in a sentence what changed.
func (d *Diff) headline() string {
	switch {
	case d.NewViolations():
		return "WORSE  " + wording.Count(len(d.New), "violation") + " that the first run has not"
	case len(d.Gone) > 0 && len(d.Remaining) == 0 && d.asked():
		return "FIXED  every violation of the first run is gone, and was asked for again"
	case len(d.Gone) > 0 && len(d.Remaining) == 0:
		return "NOT SHOWN  no violation of the first run was seen again, but not everything was asked again: that is no proof of a fix"
	case len(d.Gone) > 0:
		return fmt.Sprintf("BETTER  %d of %s gone", len(d.Gone), wording.Count(len(d.Gone)+len(d.Remaining), "violation"))
	case len(d.Remaining) > 0:
		return "UNCHANGED  " + wording.Count(len(d.Remaining), "violation") + " in both runs"
	}
	return "UNCHANGED  no violation in either run"
}

// asked reports whether the second run asked all that the first found broken.
func (d *Diff) asked() bool {
	return len(d.Unsettled) == 0 && !slices.ContainsFunc(d.Exercised, func(e Exercise) bool { return !e.Asked() })
}

func (p *page) sides(d *Diff) {
	rows := [][]string{{"", "before", "after"}}
	add := func(what string, of func(*Side) string) {
		rows = append(rows, []string{what, of(&d.Before), of(&d.After)})
	}
	add("run", func(s *Side) string { return s.Dir })
	add("target", func(s *Side) string { return s.Target })
	add("verdict", func(s *Side) string { return string(s.Verdict) })
	add("explored", func(s *Side) string {
		return wording.Count(s.Traces, "trace") + ", " + wording.Count(s.Operations, "operation")
	})
	add("seed", func(s *Side) string { return fmt.Sprint(s.Seed) })
	add("data subjects exposed", func(s *Side) string { return s.Subjects })
	p.Table("  ", rows)
	p.Blank()
}

func (p *page) ruleChanges(d *Diff) {
	for _, group := range []struct {
		what string
		ids  []string
	}{{"fixed", d.Fixed}, {"broken", d.Broken}, {"still broken", d.Still}, {"not shown fixed", d.Unsettled}} {
		if len(group.ids) > 0 {
			p.Wrapped(fmt.Sprintf("  %-17s", group.what), wording.Listed(group.ids))
		}
	}
	if len(d.Rules) == 0 {
		p.Line("  No rule has another verdict.")
		p.Blank()
		return
	}
	p.Blank()
	rows := [][]string{{"rule", "level", "before", "after", "violations", "checks"}}
	for _, r := range d.Rules {
		rows = append(rows, []string{r.ID, r.Level, string(r.Before), string(r.After), arrow(r.Violations), arrow(r.Checks)})
	}
	p.Table("  ", rows)
	p.Blank()
}

// arrow is two numbers, as in "12 -> 0".
func arrow(n [2]int) string { return wording.Grouped(n[0]) + " -> " + wording.Grouped(n[1]) }

func (p *page) signatureChanges(title string, all []SignatureChange) {
	if len(all) == 0 {
		return
	}
	p.Line("%s", title)
	rows := make([][]string, len(all))
	for i, s := range all {
		note := "seen " + arrow(s.Seen)
		if !s.Counts {
			note += " (does not count)"
		}
		rows[i] = []string{s.Signature.String(), note}
	}
	p.Table("  ", rows)
	p.Blank()
}

func (p *page) exercise(d *Diff) {
	if d.Minimal != "" {
		p.Wrapped("The minimal trace of the first run: ", d.Minimal+".")
	}
	for _, e := range d.Exercised {
		text := e.Signature.String() + ": asked again " + wording.Count(e.RuleChecks, "time")
		if e.Cell != nil {
			text += fmt.Sprintf(", and %s where it failed (viewer %s, owner %s, by %s)", wording.Count(e.CellChecks, "time"), e.Cell.Viewer, e.Cell.Owner, e.Cell.Path)
		}
		if !e.Asked() {
			text += ": NOT SHOWN to be fixed; explore more traces, or run crosstalk replay with the first run's minimal trace"
		}
		p.Wrapped("  ", text+".")
	}
	if d.Minimal != "" || len(d.Exercised) > 0 {
		p.Blank()
	}
}
