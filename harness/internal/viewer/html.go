package viewer

import (
	"fmt"
	"io"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// HTML writes the report for a browser: one file that loads nothing. It shows a
// run that did not come to its end, or found nothing, too.
func HTML(w io.Writer, r *evidence.Run) error { return writePage(w, PageOf(r)) }

// PageOf is what [HTML] shows of a run, without secrets.
func PageOf(r *evidence.Run) *Page {
	p := &Page{
		Title:    "crosstalk: " + string(r.Concluded()) + ", " + r.Target,
		Headline: headline(r), Traces: viewed(r), Rules: viewedRules(r.Rules), Coverage: viewedCoverage(&r.Coverage),
		Exposed: viewedExposed(r), Run: facts(r), Commands: toDo(r), Limits: r.Limits(),
	}
	return p
}

// headline is the verdict, and the story in a sentence.
func headline(r *evidence.Run) Headline {
	h := Headline{Incomplete: incomplete(r)}
	switch {
	case r.Found != nil && !r.Advisory():
		h.Tone, h.Label = Bad, "VIOLATION"
	case r.End != evidence.Finished:
		h.Tone, h.Label, h.Story = Caution, "INCOMPLETE", r.Target+": no violation was found in "+evidence.Spent(r.Traces, r.Operations, r.Requests)+" so far"
	case r.Verdict == judge.Conformant:
		h.Tone, h.Label, h.Story = Good, "CONFORMANT", r.Target+": no violation was found in "+evidence.Spent(r.Traces, r.Operations, r.Requests)+r.Proviso()
	case r.Verdict == judge.Violated:
		h.Tone, h.Label, h.Story = Bad, "UNEXPECTED PASS", r.Target+" keeps a rule that it was known to break"
	default:
		h.Tone, h.Label, h.Story = Caution, "INCONCLUSIVE", r.Target+": no MUST rule was violated, but "+r.NotAsked("not every one was exercised conclusively")
		h.Because = r.Obstacles()
	}
	if e, ok := r.Evidence(); ok {
		if r.Advisory() {
			h.Label += ", WITH ADVICE"
		} else {
			h.Because = because(e.Violation)
		}
		h.Story = ended(e.Headline())
	}
	return h
}

// because is the rule that a violation breaks, with its references.
func because(v models.Violation) string {
	rule, err := models.RuleByID(v.Rule)
	if err != nil {
		return v.Rule
	}
	return rule.ID + ": " + rule.Sentence + " [" + evidence.References(rule) + "]"
}

// incomplete says why a run did not come to its end, or nothing.
func incomplete(r *evidence.Run) string {
	switch r.End {
	case evidence.Finished:
		return ""
	case evidence.Interrupted:
		return "interrupted: the results so far"
	case evidence.Failed:
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

// maxViewed is the number of exposures of a whole run that are shown.
const maxViewed = 1000

// viewedExposed counts who was exposed in the whole run; nil where nobody was, or
// nobody has counted.
func viewedExposed(r *evidence.Run) *Exposed {
	pack := r.Pack()
	if pack == nil || len(pack.Exposures) == 0 {
		return nil
	}
	names := "under pseudonyms"
	if pack.Named {
		names = "by their names in the test"
	}
	out := &Exposed{More: max(0, len(pack.Exposures)-maxViewed),
		Note: "Persons are patients of single traces, " + names + ". Proven is the lower number; what an answer that was lost, or told nothing, may have shown besides is in the upper one."}
	for _, l := range pack.Levels {
		out.Levels = append(out.Levels, LevelCount{Level: l.Level, Subjects: l.Subjects.Range(), Recipients: l.Recipients.Range(), Recordings: l.Recordings.Range()})
	}
	for _, x := range pack.Exposures[:min(len(pack.Exposures), maxViewed)] {
		row := WholeExposure{ID: x.ID, Subject: x.Subject, Recipient: x.Recipient, Recording: x.Recording, Level: x.Level, Path: x.Path,
			Possible: x.Certainty != exposure.Proven, Times: x.Times, First: x.First.UTC().Format("2006-01-02 15:04:05.000")}
		if len(x.RequestIDs) > 0 {
			row.RequestID = x.RequestIDs[0]
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// facts say how the run was made.
func facts(r *evidence.Run) []Fact {
	out := []Fact{{Name: "target", Value: r.Target}}
	add := func(name, value string) { out = append(out, Fact{Name: name, Value: value}) }
	if r.Source != "" {
		add("given", r.Source)
	} else {
		add("seed", fmt.Sprintf("%d, with %s", r.Seed, wording.Count(r.Workers, "worker")))
		add("mix", r.Mix)
		add("explored", evidence.Spent(r.Traces, r.Operations, r.Requests))
	}
	if f := r.Found; f != nil && r.Source == "" {
		add("found in", fmt.Sprintf("trace %d (counted from 0), after %s in all", f.Index, wording.Count(f.Before, "operation")))
	}
	if m := r.Minimal; m != nil {
		add("reduced", fmt.Sprintf("from %d to %s in %s, %s", m.From, wording.Count(len(m.Trace.Ops), "operation"), wording.Count(m.Replays, "replay"), wording.Count(m.Requests, "request")))
		if m.Rate.Failed < m.Rate.Runs {
			add("shows", "in "+m.Rate.String()+" runs before it was reduced")
		}
	}
	add("began", r.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	add("took", wording.Elapsed(r.Elapsed))
	add("end", string(r.End))
	add("files", r.Dir)
	return out
}

// toDo are the commands that follow, the most useful first.
func toDo(r *evidence.Run) []Command {
	var out []Command
	c := r.Commands()
	if c.Replay != "" {
		out = append(out, Command{Does: "See it again, and see it gone when it is mended", Line: c.Replay})
	}
	if r.Minimal != nil && r.Minimal.Record != nil && len(r.Minimal.Record.Exchanges) > 0 {
		out = append(out, Command{Does: "The same with nothing but curl, against a service at an address of yours", Line: "sh " + shellescape.Quote(r.File("repro.sh")) + " BASE_URL"})
	}
	if c.Repeat != "" {
		out = append(out, Command{Does: "Explore again, with the same traces", Line: c.Repeat})
	}
	return out
}

func viewedRules(all []judge.RuleResult) []Rule {
	out := make([]Rule, 0, len(all))
	for _, r := range all {
		v := Rule{ID: r.ID, Level: r.Level, Sentence: r.Sentence, Verdict: string(r.Verdict), Tone: tone(r), Checks: r.Checks,
			Violations: r.Violations, Inconclusive: r.Inconclusive, Known: r.Known}
		if rule, err := models.RuleByID(r.ID); err == nil {
			v.References = evidence.References(rule)
		}
		out = append(out, v)
	}
	return out
}

func tone(r judge.RuleResult) Tone {
	switch {
	case r.Verdict == judge.Fail || r.Unexpected():
		return Bad
	case r.Verdict == judge.Pass:
		return Good
	}
	return Caution
}

func viewedCoverage(c *coverage.Coverage) Coverage {
	out := Coverage{ShapeSame: c.ShapeSame, ShapeOther: c.ShapeOther}
	for _, k := range models.Kinds() {
		out.Operations = append(out.Operations, Operation{Kind: k, Performed: c.Operations[k], Accepted: c.Accepted[k]})
	}
	for _, first := range models.Kinds() {
		for _, second := range models.Kinds() {
			if n := c.Pairs[coverage.Pair{First: first, Second: second}]; n > 0 {
				out.Pairs = append(out.Pairs, Pair{First: first, Second: second, Count: n})
			}
		}
	}
	for _, cell := range c.Cells {
		out.Cells = append(out.Cells, Cell{Path: cell.Path, Viewer: cell.Viewer, Owner: cell.Owner, Checks: cell.Checks, Controls: cell.Controls})
	}
	return out
}
