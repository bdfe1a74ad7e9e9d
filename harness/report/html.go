package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/report/viewer"
	"github.com/telehealth-conformance/crosstalk/models"
)

// HTMLFile is the report for a browser, in one file.
const HTMLFile = "report.html"

// HTML writes the report for a browser: one file that loads nothing. It shows a
// run that did not come to its end, or found nothing, too.
func HTML(w io.Writer, r *Run) error { return viewer.HTML(w, r.Page()) }

// Page is what [HTML] shows, without secrets.
func (r *Run) Page() *viewer.Page {
	p := &viewer.Page{
		Title:    "crosstalk: " + string(r.verdict()) + ", " + r.Target,
		Headline: r.headline(), Traces: r.viewed(), Rules: viewedRules(r.Rules), Coverage: viewedCoverage(&r.Coverage),
		Exposed: r.viewedExposed(), Run: r.facts(), Commands: r.toDo(), Limits: r.Limits(),
	}
	return p
}

// headline is the verdict, and the story in a sentence.
func (r *Run) headline() viewer.Headline {
	h := viewer.Headline{Incomplete: r.incomplete()}
	switch {
	case r.Found != nil && !r.advisory():
		h.Tone, h.Label = viewer.Bad, "VIOLATION"
	case r.End != Finished:
		h.Tone, h.Label, h.Story = viewer.Caution, "INCOMPLETE", r.Target+": no violation was found in "+spent(r.Traces, r.Operations, r.Requests)+" so far"
	case r.Verdict == harness.Conformant:
		h.Tone, h.Label, h.Story = viewer.Good, "CONFORMANT", r.Target+": no violation was found in "+spent(r.Traces, r.Operations, r.Requests)
	case r.Verdict == harness.Violated:
		h.Tone, h.Label, h.Story = viewer.Bad, "UNEXPECTED PASS", r.Target+" keeps a rule that it was known to break"
	default:
		h.Tone, h.Label, h.Story = viewer.Caution, "INCONCLUSIVE", r.Target+": no MUST rule was violated, but not every one was exercised conclusively"
		h.Because = "This is not a pass: " + open(r.Rules) + ". " + remedy(&r.Coverage)
	}
	if e, ok := r.evidence(); ok {
		if r.advisory() {
			h.Label += ", WITH ADVICE"
		} else {
			h.Because = because(e.violation)
		}
		h.Story = ended(e.headline())
	}
	return h
}

// because is the rule that a violation breaks, with its references.
func because(v models.Violation) string {
	rule, err := models.RuleByID(v.Rule)
	if err != nil {
		return v.Rule
	}
	return rule.ID + ": " + rule.Sentence + " [" + references(rule) + "]"
}

// incomplete says why a run did not come to its end, or nothing.
func (r *Run) incomplete() string {
	switch r.End {
	case Finished:
		return ""
	case Interrupted:
		return "interrupted: the results so far"
	case Failed:
		return strings.TrimSuffix("failed: "+r.Problem, ": ")
	}
	return "did not end, or was killed: the results so far"
}

// ended is a sentence with a full stop.
func ended(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// viewedExposed is the number of exposures of a whole run that are shown.
const viewedExposed = 1000

// viewedExposed counts who was exposed in the whole run; nil where nobody was, or
// nobody has counted.
func (r *Run) viewedExposed() *viewer.Exposed {
	pack := r.Pack()
	if pack == nil || len(pack.Exposures) == 0 {
		return nil
	}
	names := "under pseudonyms"
	if pack.Named {
		names = "by their names in the test"
	}
	out := &viewer.Exposed{More: max(0, len(pack.Exposures)-viewedExposed),
		Note: "Persons are patients of single traces, " + names + ". Proven is the lower number; what an answer that was lost, or told nothing, may have shown besides is in the upper one."}
	for _, l := range pack.Levels {
		out.Levels = append(out.Levels, viewer.LevelCount{Level: l.Level, Subjects: l.Subjects.Range(), Recipients: l.Recipients.Range(), Recordings: l.Recordings.Range()})
	}
	for _, x := range pack.Exposures[:min(len(pack.Exposures), viewedExposed)] {
		row := viewer.WholeExposure{ID: x.ID, Subject: x.Subject, Recipient: x.Recipient, Recording: x.Recording, Level: x.Level, Path: x.Path,
			Possible: x.Certainty != exposure.Proven, Times: x.Times, First: x.First.UTC().Format("2006-01-02 15:04:05.000")}
		if len(x.RequestIDs) > 0 {
			row.RequestID = x.RequestIDs[0]
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// facts say how the run was made.
func (r *Run) facts() []viewer.Fact {
	out := []viewer.Fact{{Name: "target", Value: r.Target}}
	add := func(name, value string) { out = append(out, viewer.Fact{Name: name, Value: value}) }
	if r.Source != "" {
		add("given", r.Source)
	} else {
		add("seed", fmt.Sprintf("%d, with %s", r.Seed, count(r.Workers, "worker")))
		add("mix", r.Mix)
		add("explored", spent(r.Traces, r.Operations, r.Requests))
	}
	if f := r.Found; f != nil && r.Source == "" {
		add("found in", fmt.Sprintf("trace %d (counted from 0), after %s in all", f.Index, count(f.Before, "operation")))
	}
	if m := r.Minimal; m != nil {
		add("reduced", fmt.Sprintf("from %d to %s in %s, %s", m.From, count(len(m.Trace.Ops), "operation"), count(m.Replays, "replay"), count(m.Requests, "request")))
		if m.Rate.Failed < m.Rate.Runs {
			add("shows", "in "+m.Rate.String()+" runs before it was reduced")
		}
	}
	add("began", r.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	add("took", elapsed(r.Elapsed))
	add("end", string(r.End))
	add("files", r.Dir)
	return out
}

// toDo are the commands that follow, the most useful first.
func (r *Run) toDo() []viewer.Command {
	var out []viewer.Command
	c := r.Commands()
	if c.Replay != "" {
		out = append(out, viewer.Command{Does: "See it again, and see it gone when it is mended", Line: c.Replay})
	}
	if r.Minimal != nil && r.Minimal.Record != nil && len(r.Minimal.Record.Exchanges) > 0 {
		out = append(out, viewer.Command{Does: "The same with nothing but curl, against a service at an address of yours", Line: "sh " + quoted(r.file("repro.sh")) + " BASE_URL"})
	}
	if c.Repeat != "" {
		out = append(out, viewer.Command{Does: "Explore again, with the same traces", Line: c.Repeat})
	}
	return out
}

func viewedRules(all []harness.RuleResult) []viewer.Rule {
	out := make([]viewer.Rule, 0, len(all))
	for _, r := range all {
		v := viewer.Rule{ID: r.ID, Level: r.Level, Sentence: r.Sentence, Verdict: string(r.Verdict), Tone: tone(r), Checks: r.Checks,
			Violations: r.Violations, Inconclusive: r.Inconclusive, Known: r.Known}
		if rule, err := models.RuleByID(r.ID); err == nil {
			v.References = references(rule)
		}
		out = append(out, v)
	}
	return out
}

func tone(r harness.RuleResult) viewer.Tone {
	switch {
	case r.Verdict == harness.Fail || r.Unexpected():
		return viewer.Bad
	case r.Verdict == harness.Pass:
		return viewer.Good
	}
	return viewer.Caution
}

func viewedCoverage(c *harness.Coverage) viewer.Coverage {
	out := viewer.Coverage{ShapeSame: c.ShapeSame, ShapeOther: c.ShapeOther}
	for _, k := range models.Kinds() {
		out.Operations = append(out.Operations, viewer.Operation{Kind: k, Performed: c.Operations[k], Accepted: c.Accepted[k]})
	}
	for _, first := range models.Kinds() {
		for _, second := range models.Kinds() {
			if n := c.Pairs[harness.Pair{First: first, Second: second}]; n > 0 {
				out.Pairs = append(out.Pairs, viewer.Pair{First: first, Second: second, Count: n})
			}
		}
	}
	for _, cell := range c.Cells {
		out.Cells = append(out.Cells, viewer.Cell{Path: cell.Path, Viewer: cell.Viewer, Owner: cell.Owner, Checks: cell.Checks, Controls: cell.Controls})
	}
	return out
}
