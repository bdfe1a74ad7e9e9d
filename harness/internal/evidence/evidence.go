package evidence

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Evidence is a history that breaks a rule, and what the rules say of it.
type Evidence struct {
	Trace     models.Trace
	History   *history.History
	Verdict   *judge.Verdict
	Violation models.Violation
	// Worlds are the earlier traces whose recordings may appear, by index.
	Worlds map[models.Namespace]int
	// Perhaps are the steps that are perhaps not needed, as far as a certificate says.
	Perhaps []int
}

// OfMinimal is that of a reduced trace.
func OfMinimal(m *reduce.Minimal) Evidence {
	return Evidence{Trace: m.Trace, History: m.History, Verdict: &m.Verdict, Violation: m.Violation, Perhaps: m.Perhaps()}
}

// OfFound is that of a violation as it was first seen. Its trace is cut
// after it.
func OfFound(f *harness.Found) Evidence {
	t := f.Trace
	t.Ops = t.Ops[:min(f.Violation.Step, len(t.Ops))]
	return Evidence{Trace: t, History: f.History, Verdict: &f.Verdict, Violation: f.Violation, Worlds: f.Worlds}
}

// Annotated is the trace with what each operation was answered, and behind the
// one that broke the rule, which and how.
func (e *Evidence) Annotated() string { return e.AnnotatedWith([]models.Violation{e.Violation}) }

// AnnotatedWith marks the operations of several violations, each with the first
// of its own.
func (e *Evidence) AnnotatedWith(violations []models.Violation) string {
	return history.Annotated(models.Trace{Ops: e.Trace.Ops}, e.Answer, violations, e.Perhaps, e.Describe)
}

// Answer is what a step was answered, in a few words.
func (e *Evidence) Answer(step int) string {
	if step > len(e.History.Events) {
		return "not performed"
	}
	r := e.History.Events[step-1].Response
	if r.Listing != nil {
		r.Listing = e.named(r.Listing)
	}
	return r.String()
}

// named is the listing with the names of earlier traces in place of namespaces.
func (e *Evidence) named(l *models.Listing) *models.Listing {
	out := *l
	out.Rows = append([]models.Row(nil), l.Rows...)
	for i := range out.Rows {
		row := &out.Rows[i]
		if index, ok := e.Worlds[row.Tag.World]; ok && row.Recording == "" {
			row.Tag.World = models.Namespace(fmt.Sprintf("trace%d", index))
		}
	}
	return &out
}

// Expected is what a correct service answers to a step, or "".
func (e *Evidence) Expected(step int) string {
	if step < 1 || step > len(e.Verdict.Expected) {
		return ""
	}
	return e.Verdict.Expected[step-1].String()
}

// Describe is a violation in a few words: "LIST-1 presented: b1.r1 is bob's".
func (e *Evidence) Describe(v models.Violation) string { return history.Describe(v, e.Owner) }

// Owner names whose recording it is: "bob", "bob of trace 12", "bob of another test".
func (e *Evidence) Owner(x models.Exposure) string {
	index, ok := e.Worlds[x.World]
	if x.World == "" || !ok {
		return history.Owner(x)
	}
	name := x.Owner
	if name == "" {
		name = "a patient"
	}
	return fmt.Sprintf("%s of trace %d", name, index)
}

// Headline says in one sentence what happened.
func (e *Evidence) Headline() string {
	v := e.Violation
	if len(v.Exposures) == 0 || v.Exposures[0].Recording == "" {
		if v.Step < 1 || v.Step > len(e.Trace.Ops) {
			return v.Message
		}
		return fmt.Sprintf("%s (%s, line %d)", v.Message, e.Trace.Ops[v.Step-1], v.Step)
	}
	return strings.TrimSuffix(e.Sentence(v.Exposures[:1]), ".")
}

// Sentences say who was exposed to whom, how far and by which path. Recordings
// that were exposed alike share one.
func (e *Evidence) Sentences(exposures []models.Exposure, more int) []string {
	var out []string
	for len(exposures) > 0 {
		n := 1
		for n < len(exposures) && e.alike(exposures[0], exposures[n]) {
			n++
		}
		out = append(out, e.Sentence(exposures[:n]))
		exposures = exposures[n:]
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("%d more recordings were exposed in the same way.", more))
	}
	return out
}

// alike reports whether two exposures differ in the recording at most.
func (e *Evidence) alike(a, b models.Exposure) bool {
	return a.Viewer == b.Viewer && e.Owner(a) == e.Owner(b) && a.Level == b.Level && a.Path == b.Path &&
		a.Bytes == 0 && b.Bytes == 0
}

// maxSentence is the number of recordings that one sentence names.
const maxSentence = 6

// Sentence says who was exposed to whom by exposures that differ in the recording
// at most.
func (e *Evidence) Sentence(alike []models.Exposure) string {
	x := alike[0]
	if x.Recording == "" {
		return fmt.Sprintf("%s %s something of another patient's %s.", x.Viewer, Verb(x), x.Path.Evidence())
	}
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
	what := fmt.Sprintf("%s's %s %s", e.Owner(x), noun, wording.Listed(names))
	if x.World != "" {
		what = fmt.Sprintf("%s %s of %s", noun, wording.Listed(names), e.Owner(x))
	}
	return fmt.Sprintf("%s %s %s %s.", x.Viewer, Verb(x), what, x.Path.Evidence())
}

// Verb is what an exposure let the viewer do, and with how many bytes.
func Verb(x models.Exposure) string {
	bytes := ""
	switch {
	case x.Bytes > 0 && x.Bytes == x.Of:
		bytes = fmt.Sprintf("all %s bytes of ", wording.Grouped(int(x.Of)))
	case x.Bytes > 0 && x.Of > 0:
		bytes = fmt.Sprintf("%s of %s bytes of ", wording.Grouped(int(x.Bytes)), wording.Grouped(int(x.Of)))
	case x.Bytes > 0:
		bytes = fmt.Sprintf("%s bytes of ", wording.Grouped(int(x.Bytes)))
	}
	verbs := map[models.Level]string{
		models.Inferred: "could infer", models.Presented: "was presented with", models.Previewed: "previewed",
		models.Viewed: "viewed", models.Obtained: "obtained", models.Controlled: "controlled",
	}
	return strings.TrimSuffix(verbs[x.Level]+" "+bytes, " ")
}

// Others are the violations of the same history besides the one it is for, by
// rule and step, in order.
func (e *Evidence) Others() []models.Violation {
	var out []models.Violation
	for _, v := range e.Verdict.Violations {
		same := v.Signature == e.Violation.Signature && v.Step == e.Violation.Step
		if !same && v.Step <= len(e.Trace.Ops) {
			out = append(out, v)
		}
	}
	return out
}

// Differing is what a step was answered, and what was expected where that is
// another outcome.
func (e *Evidence) Differing(step int) string {
	answer := e.Answer(step)
	if step > len(e.History.Events) || step > len(e.Verdict.Expected) {
		return answer
	}
	if want := e.Verdict.Expected[step-1].Outcome; want != e.History.Events[step-1].Response.Outcome {
		answer += fmt.Sprintf(" (expected %s)", want)
	}
	return answer
}

// Totals counts viewers, owners and recordings, as incidents are counted.
func Totals(v *models.Violation) string {
	type owner struct {
		world models.Namespace
		name  models.Handle
	}
	viewers, owners := make(map[models.Handle]bool), make(map[owner]bool)
	for _, x := range v.Exposures {
		viewers[x.Viewer], owners[owner{x.World, x.Owner}] = true, true
	}
	noun := "recording"
	if v.Level == models.Controlled {
		noun = "consultation"
	}
	return fmt.Sprintf("%s of %s to %s", wording.Count(len(v.Exposures)+v.More, noun), wording.Count(len(owners), "patient"), wording.Count(len(viewers), "viewer"))
}
