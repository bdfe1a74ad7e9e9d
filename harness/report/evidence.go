package report

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// evidence is a history that breaks a rule, and what the rules say of it.
type evidence struct {
	trace     models.Trace
	history   *harness.History
	verdict   *harness.Verdict
	violation models.Violation
	// worlds are the earlier traces whose recordings may appear, by index.
	worlds map[models.Namespace]int
}

// minimalEvidence is that of a reduced trace.
func minimalEvidence(m *harness.Minimal) evidence {
	return evidence{trace: m.Trace, history: m.History, verdict: &m.Verdict, violation: m.Violation}
}

// foundEvidence is that of a violation as it was first seen. Its trace is cut
// after it.
func foundEvidence(f *harness.Found) evidence {
	t := f.Trace
	t.Ops = t.Ops[:min(f.Violation.Step, len(t.Ops))]
	return evidence{trace: t, history: f.History, verdict: &f.Verdict, violation: f.Violation, worlds: f.Worlds}
}

// annotated is the trace with what each operation was answered, and behind the
// one that broke the rule, which and how.
func (e *evidence) annotated() string { return e.annotatedWith([]models.Violation{e.violation}) }

// annotatedWith marks the operations of several violations, each with the first
// of its own.
func (e *evidence) annotatedWith(violations []models.Violation) string {
	comments := make([]string, len(e.trace.Ops))
	for i := range comments {
		comments[i] = e.answer(i + 1)
		for _, v := range violations {
			if v.Step == i+1 {
				comments[i] += "   <- " + e.describe(v)
				break
			}
		}
	}
	return models.Trace{Ops: e.trace.Ops}.Annotate(comments)
}

// answer is what a step was answered, in a few words.
func (e *evidence) answer(step int) string {
	if step > len(e.history.Events) {
		return "not performed"
	}
	r := e.history.Events[step-1].Response
	if r.Listing != nil {
		r.Listing = e.named(r.Listing)
	}
	return r.String()
}

// named is the listing with the names of earlier traces in place of namespaces.
func (e *evidence) named(l *models.Listing) *models.Listing {
	out := *l
	out.Rows = append([]models.Row(nil), l.Rows...)
	for i := range out.Rows {
		row := &out.Rows[i]
		if index, ok := e.worlds[row.Tag.World]; ok && row.Recording == "" {
			row.Tag.World = models.Namespace(fmt.Sprintf("trace%d", index))
		}
	}
	return &out
}

// expected is what a correct service answers to a step, or "".
func (e *evidence) expected(step int) string {
	if step < 1 || step > len(e.verdict.Expected) {
		return ""
	}
	return e.verdict.Expected[step-1].String()
}

// describe is a violation in a few words: "LIST-1 presented: b1.r1 is bob's".
func (e *evidence) describe(v models.Violation) string {
	if len(v.Exposures) == 0 {
		return v.Rule + ": " + v.Message
	}
	x := v.Exposures[0]
	text := fmt.Sprintf("%s %s: %s is %s's", v.Rule, v.Level, x.Recording, e.owner(x))
	if x.World != "" {
		text = fmt.Sprintf("%s %s: %s belongs to %s", v.Rule, v.Level, x.Recording, e.owner(x))
	}
	if others := len(v.Exposures) - 1 + v.More; others > 0 {
		text += fmt.Sprintf(" (and %d more)", others)
	}
	return text
}

// owner names whose recording it is: "bob", "bob of trace 12", "another world".
func (e *evidence) owner(x models.Exposure) string {
	name := string(x.Owner)
	if x.World == "" {
		if name == "" {
			return "somebody else"
		}
		return name
	}
	if name == "" {
		name = "a patient"
	}
	if index, ok := e.worlds[x.World]; ok {
		return fmt.Sprintf("%s of trace %d", name, index)
	}
	return name + " of another test"
}

// headline says in one sentence what happened.
func (e *evidence) headline() string {
	v := e.violation
	if len(v.Exposures) == 0 {
		return fmt.Sprintf("%s: %s", v.Viewer, v.Message)
	}
	return strings.TrimSuffix(e.sentence(v.Exposures[:1]), ".")
}

// sentences say who was exposed to whom, how far and by which path. Recordings
// that were exposed alike share one.
func (e *evidence) sentences(exposures []models.Exposure, more int) []string {
	var out []string
	for len(exposures) > 0 {
		n := 1
		for n < len(exposures) && e.alike(exposures[0], exposures[n]) {
			n++
		}
		out = append(out, e.sentence(exposures[:n]))
		exposures = exposures[n:]
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("%d more recordings were exposed in the same way.", more))
	}
	return out
}

// alike reports whether two exposures differ in the recording at most.
func (e *evidence) alike(a, b models.Exposure) bool {
	return a.Viewer == b.Viewer && e.owner(a) == e.owner(b) && a.Level == b.Level && a.Path == b.Path &&
		a.Bytes == 0 && b.Bytes == 0
}

// maxSentence is the number of recordings that one sentence names.
const maxSentence = 6

func (e *evidence) sentence(alike []models.Exposure) string {
	x := alike[0]
	var names []string
	for _, other := range alike[:min(len(alike), maxSentence)] {
		names = append(names, string(other.Recording))
	}
	if rest := len(alike) - len(names); rest > 0 {
		names = append(names, fmt.Sprintf("%d more", rest))
	}
	noun := "recording"
	if _, _, ok := x.Recording.Recording(); !ok && x.Level == models.Controlled {
		noun = "consultation"
	}
	if len(alike) > 1 {
		noun += "s"
	}
	what := fmt.Sprintf("%s's %s %s", e.owner(x), noun, listed(names))
	if x.World != "" {
		what = fmt.Sprintf("%s %s of %s", noun, listed(names), e.owner(x))
	}
	return fmt.Sprintf("%s %s %s%s.", x.Viewer, verb(x.Level), what, detail(x))
}

// verb is what a level of exposure lets the viewer do.
func verb(l models.Level) string {
	switch l {
	case models.Inferred:
		return "could tell of"
	case models.Presented:
		return "was presented with"
	case models.Previewed:
		return "could preview"
	case models.Viewed:
		return "could view part of"
	case models.Obtained:
		return "obtained all of"
	case models.Controlled:
		return "controlled"
	}
	return "came near to"
}

// detail says by which path, and how many bytes.
func detail(x models.Exposure) string {
	by := map[models.Path]string{
		models.PathList: "in a listing", models.PathPage: "on a later page of a listing", models.PathGet: "through its metadata",
		models.PathHead: "through its headers", models.PathContent: "by playing it",
	}[x.Path]
	if by == "" {
		by = "by " + string(x.Path)
	}
	switch {
	case x.Bytes > 0 && x.Of > 0:
		return fmt.Sprintf(" %s: %s of %s bytes", by, grouped(int(x.Bytes)), grouped(int(x.Of)))
	case x.Bytes > 0:
		return fmt.Sprintf(" %s: %s bytes", by, grouped(int(x.Bytes)))
	}
	return " " + by
}

// others are the violations of the same history besides the one it is for, by
// rule and step, in order.
func (e *evidence) others() []models.Violation {
	var out []models.Violation
	for _, v := range e.verdict.Violations {
		same := v.Signature == e.violation.Signature && v.Step == e.violation.Step
		if !same && v.Step <= len(e.trace.Ops) {
			out = append(out, v)
		}
	}
	return out
}
