package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report/viewer"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// Bounds of what the page shows of one trace.
const (
	viewedArrows    = 200
	viewedExposures = 1000
	viewedEvidence  = 6 // of one step
)

// viewed are the traces that the page shows: the minimal one, the one found, and
// those of other violations.
func (r *Run) viewed() []viewer.Trace {
	var out []viewer.Trace
	if r.Minimal != nil {
		out = append(out, r.viewedMinimal())
	}
	if r.Found != nil && r.Found.History != nil {
		e := foundEvidence(r.Found)
		note := fmt.Sprintf("trace %d of the run, in a service that had seen other traces", r.Found.Index)
		if r.Source != "" {
			note = "as it was given"
		}
		out = append(out, viewing{evidence: &e}.trace("found", "Found trace", note))
	}
	for i, c := range r.Others {
		name := fmt.Sprintf("also-%d", i+1)
		if c.Minimal != nil {
			e := minimalEvidence(c.Minimal)
			t := viewing{evidence: &e}.trace(name, "Also: "+e.violation.Rule, minimality(c.Minimal))
			t.Certificate = viewedCertificate(c.Minimal)
			out = append(out, t)
		} else if c.Found != nil && c.Found.History != nil {
			e := foundEvidence(c.Found)
			out = append(out, viewing{evidence: &e}.trace(name, "Also: "+e.violation.Rule, "as it was found"))
		}
	}
	return out
}

// viewedMinimal is the minimal trace as it was recorded or, where its record
// does not show the violation, as it was reduced.
func (r *Run) viewedMinimal() viewer.Trace {
	m := r.Minimal
	e := minimalEvidence(m)
	v := viewing{evidence: &e}
	if m.Record != nil && m.Record.History != nil {
		if found, shown := m.Record.Verdict.Find(m.Violation.Signature); shown {
			e.history, e.verdict, e.violation = m.Record.History, &m.Record.Verdict, found
		}
		v.exchanges = r.Recorded()
	}
	t := v.trace("minimal", "Minimal trace", minimality(m))
	t.Certificate = viewedCertificate(m)
	if m.Record != nil && len(m.Record.Logs) > 0 {
		t.Log = viewedLog(string(exchange.NewRedactor(m.Record.Exchanges).Bytes(m.Record.Logs)), v.requestIDs(e.violation.Step))
	}
	return t
}

// minimality says if every operation is needed.
func minimality(m *harness.Minimal) string {
	if m.Proven() {
		return count(len(m.Trace.Ops), "operation") + ", every one of them is needed"
	}
	return count(len(m.Trace.Ops), "operation") + ", perhaps not all of them needed: the reduction was not finished"
}

func viewedCertificate(m *harness.Minimal) *viewer.Certificate {
	out := &viewer.Certificate{Proven: m.Proven(), Whole: m.Certificate.Runs.String()}
	for _, o := range m.Certificate.Without {
		out.Without = append(out.Without, viewer.Omission{Op: o.Op, Also: o.Also, Runs: o.Runs})
	}
	return out
}

// viewing makes a trace of the page from its evidence.
type viewing struct {
	*evidence
	// exchanges are those taken down, without secrets; nil for none.
	exchanges []targets.Recorded
}

func (v viewing) trace(id, title, note string) viewer.Trace {
	t := viewer.Trace{
		ID: id, Title: title, Note: note, Rule: v.violation.Rule, Message: v.violation.Message, Exposed: exposedIn(&v.violation),
		Sentences: v.sentences(v.violation.Exposures, v.violation.More),
	}
	if v.violation.Step <= len(v.evidence.trace.Ops) {
		t.Leak = v.violation.Step
	}
	states := v.states()
	t.Steps = v.steps(states)
	t.Arrows = v.arrows(states)
	t.Exposures = v.allExposures()
	t.Actors = v.actors(t.Arrows)
	return t
}

// exposedIn counts who was exposed, or is empty where nobody was.
func exposedIn(v *models.Violation) string {
	if len(v.Exposures) == 0 {
		return ""
	}
	return totals(v)
}

// states are the model's before each step and after the last.
func (v viewing) states() []*models.State {
	out := []*models.State{models.NewState(&v.history.Policy)}
	for i, e := range v.history.Events {
		if i == len(v.evidence.trace.Ops) {
			break
		}
		out = append(out, out[i].Step(e.Call, e.Response))
	}
	return out
}

// steps are the operations, with what the model came to know by each.
func (v viewing) steps(states []*models.State) []viewer.Step {
	out := make([]viewer.Step, len(v.evidence.trace.Ops))
	for i, op := range v.evidence.trace.Ops {
		s := &out[i]
		*s = viewer.Step{Step: i + 1, Actor: actorOf(op), Op: op.String(), Verb: string(op.Kind()), On: string(cmp.Or(op.Uses(), op.Whom())),
			Expected: v.expected(i + 1), Answered: v.answer(i + 1)}
		if i+1 >= len(states) {
			continue
		}
		event := &v.history.Events[i]
		s.Performed, s.Refused = true, event.Response.Outcome.Refused()
		s.AtUS, s.TookUS = event.At.Microseconds(), event.Took.Microseconds()
		if i < len(v.verdict.Expected) {
			s.Fields = v.compare(states[i], op, &v.verdict.Expected[i], &event.Response)
		}
		s.Changes = changes(states[i], states[i+1])
		v.judge(s, &event.Response)
		s.Requests = v.requests(i+1, event, s.Marks)
	}
	return out
}

// actorOf is who performs an operation; one who registers does it himself.
func actorOf(op models.Operation) string { return string(cmp.Or(op.Actor(), op.Defines())) }

// judge adds the rules that a step breaks, and where that is seen.
func (v viewing) judge(s *viewer.Step, got *models.Response) {
	for _, found := range v.verdict.Violations {
		if found.Step != s.Step {
			continue
		}
		s.Breaks = append(s.Breaks, viewer.Break{Rule: found.Rule, Level: found.Level, Message: found.Message, Main: v.isMain(found)})
		for _, x := range found.Exposures {
			for _, e := range v.found(x, got) {
				if len(s.Evidence) < viewedEvidence && !slices.Contains(s.Evidence, e) {
					s.Evidence = append(s.Evidence, e)
				}
				if !slices.Contains(s.Marks, e.Mark) {
					s.Marks = append(s.Marks, e.Mark)
				}
			}
		}
	}
}

func (v viewing) isMain(found models.Violation) bool {
	return found.Signature == v.violation.Signature && found.Step == v.violation.Step
}

// violations are those of the steps shown, the one that the trace is for first.
func (v viewing) violations() []models.Violation {
	out := []models.Violation{v.violation}
	return append(out, v.others()...)
}

// subject is the name of the lane, and of the row, of whose recording it is.
func (v viewing) subject(x models.Exposure) string { return v.owner(x) }

// arrows lead from where a recording was made to where it was shown. What
// nobody is known to own has none.
func (v viewing) arrows(states []*models.State) []viewer.Arrow {
	var out []viewer.Arrow
	seen := make(map[[2]string]bool)
	for _, found := range v.violations() {
		for _, x := range found.Exposures {
			if found.Step < 1 || x.World == "" && (x.Owner == "" || x.Owner == models.Somebody || x.Owner == models.Nobody) {
				continue
			}
			a := viewer.Arrow{From: v.subject(x), To: string(x.Viewer), ToStep: found.Step, Level: x.Level, Main: v.isMain(found),
				Label: fmt.Sprintf("%s: %s %s", found.Rule, verb(x), x.Recording)}
			if x.World == "" {
				a.FromStep = v.made(states, x.Recording)
			}
			ends := [2]string{fmt.Sprint(a.From, a.FromStep), fmt.Sprint(a.To, a.ToStep)}
			if !seen[ends] && len(out) < viewedArrows {
				seen[ends] = true
				out = append(out, a)
			}
		}
	}
	return out
}

// made is the step at which a recording was made, else its booking, or 0.
func (v viewing) made(states []*models.State, h models.Handle) int {
	if step := states[len(states)-1].Made(h); step > 0 {
		return step
	}
	for i, op := range v.evidence.trace.Ops {
		if op.Defines() == h.Booking() {
			return i + 1
		}
	}
	return 0
}

func (v viewing) allExposures() []viewer.Exposure {
	var out []viewer.Exposure
	for _, found := range v.violations() {
		for _, x := range found.Exposures {
			if len(out) == viewedExposures {
				return out
			}
			out = append(out, viewer.Exposure{Subject: v.subject(x), Recipient: string(x.Viewer), Recording: string(x.Recording), Level: x.Level,
				Path: x.Path, Rule: found.Rule, Step: found.Step, Sentence: v.sentence([]models.Exposure{x})})
		}
	}
	return out
}

// actors are those who take part: patients and clinicians in the order in which
// they come, callers without a token, the operator and the service; in front,
// patients of other tests whose recordings were shown.
func (v viewing) actors(arrows []viewer.Arrow) []viewer.Actor {
	var out []viewer.Actor
	add := func(name string, kind viewer.ActorKind) {
		known := slices.ContainsFunc(out, func(a viewer.Actor) bool { return a.Name == name })
		if name != "" && !known {
			out = append(out, viewer.Actor{Name: name, Kind: kind, Part: part(name, arrows)})
		}
	}
	for _, op := range v.evidence.trace.Ops {
		add(actorOf(op), actorKind(op))
	}
	for _, a := range arrows {
		add(a.From, viewer.Elsewhere)
	}
	slices.SortStableFunc(out, func(a, b viewer.Actor) int { return cmp.Compare(laneOrder[a.Kind], laneOrder[b.Kind]) })
	return out
}

// laneOrder sorts the lanes.
var laneOrder = map[viewer.ActorKind]int{viewer.Elsewhere: 0, viewer.Patient: 1, viewer.Clinician: 2, viewer.Caller: 3, viewer.Operator: 4, viewer.Service: 5}

func actorKind(op models.Operation) viewer.ActorKind {
	switch {
	case op.Kind() == models.KindClinician:
		return viewer.Clinician
	case op.Actor() == models.Anyone:
		return viewer.Caller
	case op.Actor() == models.Operator:
		return viewer.Operator
	case op.Actor() == models.Service:
		return viewer.Service
	}
	return viewer.Patient
}

// part is what an actor is to the violation that the trace is for.
func part(name string, arrows []viewer.Arrow) string {
	for _, a := range arrows {
		switch {
		case a.Main && a.To == name && a.Level == models.Controlled:
			return "acted on it"
		case a.Main && a.To == name:
			return "was shown it"
		case a.Main && a.From == name:
			return "whose recording"
		}
	}
	return ""
}

// requests are those of a step: as they were taken down, else by their ids.
func (v viewing) requests(step int, event *harness.Event, marks []string) []viewer.Request {
	var out []viewer.Request
	for i := range v.exchanges {
		if x := &v.exchanges[i]; x.Step == step {
			out = append(out, viewedRequest(x, marks))
		}
	}
	if out != nil {
		return out
	}
	for _, x := range knownExchanges(event) {
		out = append(out, viewer.Request{ID: x.ID, Traceparent: x.Traceparent, Method: x.Method, URL: x.Path, Status: x.Status})
	}
	return out
}

// knownExchanges are those that the event's answers tell of, without secrets.
func knownExchanges(event *harness.Event) []targets.Recorded {
	var all []targets.Recorded
	for _, r := range append(slices.Clone(event.Earlier), event.Response) {
		for _, x := range r.Exchanges {
			all = append(all, targets.Recorded{Exchange: x, URL: x.Path})
		}
	}
	return exchange.NewRedactor(all).Exchanges(all)
}

// requestIDs are those of a step.
func (v viewing) requestIDs(step int) []string {
	var out []string
	if step < 1 || step > len(v.history.Events) {
		return nil
	}
	for _, r := range v.requests(step, &v.history.Events[step-1], nil) {
		out = append(out, r.ID)
	}
	return out
}

// Bounds of the part of a log that is shown, in lines and in bytes of one.
const (
	logAround = 40
	logLines  = 400
	logWidth  = 1000
)

// viewedLog is what was written around the requests with some ids or, where none
// of them is in it, the end of it.
func viewedLog(text string, ids []string) *viewer.Log {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	hit := func(line string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.Contains(line, id) })
	}
	from, to := max(0, len(lines)-logLines/2), len(lines)
	out := &viewer.Log{Note: "No line has the id of a request of the leaking step: the last lines."}
	if first := slices.IndexFunc(lines, hit); first >= 0 {
		last := first
		for i := first; i < len(lines); i++ {
			if hit(lines[i]) {
				last = i
			}
		}
		from, to = max(0, first-logAround), min(len(lines), last+logAround+1, first-logAround+logLines)
		out.Note = "Lines with the id of a request of the leaking step are marked."
	}
	for i := from; i < to; i++ {
		out.Lines = append(out.Lines, viewer.LogLine{Line: i + 1, Text: truncated(lines[i], logWidth), Hit: hit(lines[i])})
	}
	return out
}

// truncated is a text of at most n bytes, and a sign where it was longer.
func truncated(text string, n int) string {
	if len(text) <= n {
		return strings.ToValidUTF8(text, "·")
	}
	return strings.ToValidUTF8(text[:n], "·") + "…"
}
