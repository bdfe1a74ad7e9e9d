package viewer

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Bounds of what the page shows of one trace.
const (
	viewedArrows    = 200
	viewedExposures = 1000
	viewedEvidence  = 6 // of one step
)

// viewed are the traces that the page shows: the minimal one, the one found, and
// those of other violations.
func viewed(r *evidence.Run) []Trace {
	var out []Trace
	if r.Minimal != nil {
		out = append(out, viewedMinimal(r))
	}
	if r.Found != nil && r.Found.History != nil {
		e := evidence.OfFound(r.Found)
		note := fmt.Sprintf("trace %d of the run, in a service that had seen other traces", r.Found.Index)
		if r.Source != "" {
			note = "as it was given"
		}
		out = append(out, viewing{Evidence: &e}.trace("found", "Found trace", note))
	}
	for i, c := range r.Others {
		name := fmt.Sprintf("also-%d", i+1)
		if c.Minimal != nil {
			e := evidence.OfMinimal(c.Minimal)
			t := viewing{Evidence: &e}.trace(name, "Also: "+e.Violation.Rule, evidence.Need(c.Minimal))
			t.Certificate = viewedCertificate(c.Minimal)
			out = append(out, t)
		} else if c.Found != nil && c.Found.History != nil {
			e := evidence.OfFound(c.Found)
			out = append(out, viewing{Evidence: &e}.trace(name, "Also: "+e.Violation.Rule, "as it was found"))
		}
	}
	return out
}

// viewedMinimal is the minimal trace as it was recorded or, where its record
// does not show the violation, as it was reduced.
func viewedMinimal(r *evidence.Run) Trace {
	m := r.Minimal
	e := evidence.OfMinimal(m)
	v := viewing{Evidence: &e}
	if m.Record != nil && m.Record.History != nil {
		if found, shown := m.Record.Verdict.Find(m.Violation.Signature); shown {
			e.History, e.Verdict, e.Violation = m.Record.History, &m.Record.Verdict, found
		}
		v.exchanges = r.Exchanges()
	}
	t := v.trace("minimal", "Minimal trace", evidence.Need(m))
	t.Certificate = viewedCertificate(m)
	if m.Record != nil && len(m.Record.Logs) > 0 {
		t.Log = viewedLog(string(r.Redactor().Bytes(m.Record.Logs)), v.requestIDs(e.Violation.Step))
	}
	return t
}

func viewedCertificate(m *reduce.Minimal) *Certificate {
	out := &Certificate{Proven: m.Proven(), Title: evidence.Certified(m), Whole: m.Certificate.Runs.String(), On: m.Certificate.On.String()}
	for i := range m.Certificate.Without {
		o := &m.Certificate.Without[i]
		out.Without = append(out.Without, Omission{Op: o.Op, Also: o.Also, Came: evidence.CameOfIt(o)})
	}
	return out
}

// viewing makes a trace of the page from its evidence.
type viewing struct {
	*evidence.Evidence
	// exchanges are those recorded, without secrets; nil for none.
	exchanges []targets.LoggedExchange
}

func (v viewing) trace(id, title, note string) Trace {
	t := Trace{
		ID: id, Title: title, Note: note, Rule: v.Violation.Rule, Message: v.Violation.Message, Exposed: exposedIn(&v.Violation),
		Sentences: v.Sentences(v.Violation.Exposures, v.Violation.More),
	}
	if v.Violation.Step <= len(v.Evidence.Trace.Ops) {
		t.Leak = v.Violation.Step
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
	return evidence.Totals(v)
}

// states are those in which the service may be before each step and after the last.
func (v viewing) states() [][]*models.State {
	shown := *v.History
	shown.Events = shown.Events[:min(len(shown.Events), len(v.Evidence.Trace.Ops))]
	out := [][]*models.State{models.NewStates(shown.World, &shown.Policy).All()}
	shown.Fold(models.NewFindings(), func(_ int, _ models.Step, behind []*models.State) { out = append(out, behind) })
	return out
}

// steps are the operations, with what the model came to know by each.
func (v viewing) steps(states [][]*models.State) []Step {
	out, d := make([]Step, len(v.Evidence.Trace.Ops)), v.Divergence()
	for i, op := range v.Evidence.Trace.Ops {
		s := &out[i]
		*s = Step{Step: i + 1, Actor: actorOf(op), Op: op.String(), Verb: string(op.Kind()), On: string(cmp.Or(op.Uses(), op.Whom())),
			Expected: v.Expected(i + 1), Answered: v.Answer(i + 1)}
		if i+1 >= len(states) {
			continue
		}
		event := &v.History.Events[i]
		s.Performed, s.Refused = true, event.Response.Outcome.Refused()
		s.AtUS, s.TookUS = event.At.Microseconds(), event.Took.Microseconds()
		if i < len(v.Verdict.Expected) {
			s.Fields = v.compare(states[i][0], op, &v.Verdict.Expected[i], &event.Response)
		}
		s.Changes = changes(states[i], states[i+1])
		v.judge(s, &event.Response)
		if d.Tells(&v.Violation) && d.Step == s.Step {
			for _, row := range d.Rows() {
				s.Divergence = append(s.Divergence, Fact{Name: row[0], Value: row[1]})
			}
		}
		s.Requests = v.requests(i+1, event, s.Marks)
	}
	return out
}

// actorOf is who performs an operation; one who registers acts in their own name.
func actorOf(op models.Operation) string { return string(cmp.Or(op.Actor(), op.Defines())) }

// judge adds the rules that a step breaks, and where that is seen.
func (v viewing) judge(s *Step, got *models.Response) {
	for _, found := range v.Verdict.Violations {
		if found.Step != s.Step {
			continue
		}
		s.Breaks = append(s.Breaks, Break{Rule: found.Rule, Level: found.Level, Message: found.Message, Main: v.isMain(found)})
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
	return found.Signature == v.Violation.Signature && found.Step == v.Violation.Step
}

// violations are those of the steps shown, the one that the trace is for first.
func (v viewing) violations() []models.Violation {
	out := []models.Violation{v.Violation}
	return append(out, v.Others()...)
}

// subject is the name of the lane, and of the row, of whose recording it is.
func (v viewing) subject(x models.Exposure) string { return v.Owner(x) }

// arrows lead from where a recording was made to where it was shown. What
// nobody is known to own has none.
func (v viewing) arrows(states [][]*models.State) []Arrow {
	var out []Arrow
	seen := make(map[[2]string]bool)
	for _, found := range v.violations() {
		for _, x := range found.Exposures {
			if found.Step < 1 || x.World == "" && (x.Owner == "" || x.Owner == models.Somebody || x.Owner == models.Nobody) {
				continue
			}
			a := Arrow{From: v.subject(x), To: string(x.Viewer), ToStep: found.Step, Level: x.Level, Main: v.isMain(found),
				Label: fmt.Sprintf("%s: %s %s", found.Rule, evidence.Verb(x), x.Recording)}
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
func (v viewing) made(states [][]*models.State, h models.Handle) int {
	if step := states[len(states)-1][0].Made(h); step > 0 {
		return step
	}
	for i, op := range v.Evidence.Trace.Ops {
		if op.Defines() == h.Booking() {
			return i + 1
		}
	}
	return 0
}

func (v viewing) allExposures() []Exposure {
	var out []Exposure
	for _, found := range v.violations() {
		for _, x := range found.Exposures {
			if len(out) == viewedExposures {
				return out
			}
			out = append(out, Exposure{Subject: v.subject(x), Recipient: string(x.Viewer), Recording: string(x.Recording), Level: x.Level,
				Path: x.Path, Rule: found.Rule, Step: found.Step, Sentence: v.Sentence([]models.Exposure{x})})
		}
	}
	return out
}

// actors are those who take part: patients and clinicians in the order in which
// they come, callers without a token, the operator and the service; in front,
// patients of other tests whose recordings were shown.
func (v viewing) actors(arrows []Arrow) []Actor {
	var out []Actor
	add := func(name string, kind ActorKind) {
		known := slices.ContainsFunc(out, func(a Actor) bool { return a.Name == name })
		if name != "" && !known {
			out = append(out, Actor{Name: name, Kind: kind, Part: part(name, arrows)})
		}
	}
	for _, op := range v.Evidence.Trace.Ops {
		add(actorOf(op), actorKind(op))
	}
	for _, a := range arrows {
		add(a.From, Elsewhere)
	}
	slices.SortStableFunc(out, func(a, b Actor) int { return cmp.Compare(laneOrder[a.Kind], laneOrder[b.Kind]) })
	return out
}

// laneOrder sorts the lanes.
var laneOrder = map[ActorKind]int{Elsewhere: 0, Patient: 1, Clinician: 2, Caller: 3, Operator: 4, Service: 5}

func actorKind(op models.Operation) ActorKind {
	switch {
	case models.DefinedBy(op.Kind()) == models.AClinician:
		return Clinician
	case op.Actor() == models.Anyone:
		return Caller
	case op.Actor() == models.Operator:
		return Operator
	case op.Actor() == models.Service:
		return Service
	}
	return Patient
}

// part is what an actor is to the violation that the trace is for.
func part(name string, arrows []Arrow) string {
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
