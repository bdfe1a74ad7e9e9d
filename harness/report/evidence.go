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
func (e *evidence) describe(v models.Violation) string { return harness.Describe(v, e.owner) }

// owner names whose recording it is: "bob", "bob of trace 12", "bob of another test".
func (e *evidence) owner(x models.Exposure) string {
	index, ok := e.worlds[x.World]
	if x.World == "" || !ok {
		return harness.Owner(x)
	}
	name := x.Owner
	if name == "" {
		name = "a patient"
	}
	return fmt.Sprintf("%s of trace %d", name, index)
}

// headline says in one sentence what happened.
func (e *evidence) headline() string {
	v := e.violation
	if len(v.Exposures) == 0 || v.Exposures[0].Recording == "" {
		if v.Step < 1 || v.Step > len(e.trace.Ops) {
			return v.Message
		}
		return fmt.Sprintf("%s (%s, line %d)", v.Message, e.trace.Ops[v.Step-1], v.Step)
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
	if x.Recording == "" {
		return fmt.Sprintf("%s %s something of another patient's %s.", x.Viewer, verb(x), by(x.Path))
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
	what := fmt.Sprintf("%s's %s %s", e.owner(x), noun, listed(names))
	if x.World != "" {
		what = fmt.Sprintf("%s %s of %s", noun, listed(names), e.owner(x))
	}
	return fmt.Sprintf("%s %s %s %s.", x.Viewer, verb(x), what, by(x.Path))
}

// verb is what an exposure let the viewer do, and with how many bytes.
func verb(x models.Exposure) string {
	bytes := ""
	switch {
	case x.Bytes > 0 && x.Bytes == x.Of:
		bytes = fmt.Sprintf("all %s bytes of ", grouped(int(x.Of)))
	case x.Bytes > 0 && x.Of > 0:
		bytes = fmt.Sprintf("%s of %s bytes of ", grouped(int(x.Bytes)), grouped(int(x.Of)))
	case x.Bytes > 0:
		bytes = fmt.Sprintf("%s bytes of ", grouped(int(x.Bytes)))
	}
	verbs := map[models.Level]string{
		models.Inferred: "could infer", models.Presented: "was presented with", models.Previewed: "previewed",
		models.Viewed: "viewed", models.Obtained: "obtained", models.Controlled: "controlled",
	}
	return strings.TrimSuffix(verbs[x.Level]+" "+bytes, " ")
}

// by says how, in words.
func by(path models.Path) string {
	switch path {
	case models.PathList:
		return "in a listing"
	case models.PathPage:
		return "on a later page of a listing"
	case models.PathContent:
		return "by play"
	case models.PathThumb:
		return "by its thumbnail"
	case models.PathScript:
		return "by its transcript"
	case models.PathLink:
		return "by a playback link"
	case models.PathCount:
		return "by the total of a listing"
	case models.PathExport:
		return "in a data export"
	case models.PathInbox:
		return "in a notification"
	case models.PathAudit:
		return "in an audit trail"
	case models.PathRecording:
		return "by acting on the recording"
	case models.PathEncounter:
		return "by acting in the consultation"
	case models.PathBooking:
		return "by acting on the booking"
	case models.PathUser:
		return "by acting on the account"
	}
	return "by " + string(path)
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
