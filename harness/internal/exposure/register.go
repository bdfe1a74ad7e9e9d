package exposure

import (
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Register gathers the exposures of a run, history by history. It holds one entry
// for each recipient, subject, recording, path and level, and nothing of the
// histories themselves. It is not safe for concurrent use.
type Register struct {
	entries map[key]*entry
	// owners are the patients of bookings, traces the numbers of worlds, and
	// clinicians those who are no patients: of all histories seen.
	owners     map[place]models.Handle
	traces     map[models.Namespace]int
	clinicians map[place]bool
	// replays were taken in besides the exploration, and showing of them showed
	// an exposure.
	replays, showing int
}

// place is a name in a world.
type place struct {
	world models.Namespace
	name  models.Handle
}

// key tells entries apart.
type key struct {
	viewer           place
	owner, recording place
	path             models.Path
	level            models.Level
}

// entry is what is known of one exposure.
type entry struct {
	key
	evidence    Evidence
	first, last time.Time
	times       int
	bytes       int64 // in the answer that had most
	total, of   int64
	inLast      int64 // bytes in the last answer
	rules       []string
	steps       []Step
	requests    []models.Exchange
}

// Step is an operation of a trace, by the trace's number in the run, from 0, and
// its own from 1.
type Step struct{ Trace, Step int }

// New returns a register of nothing.
func New() *Register {
	return &Register{entries: make(map[key]*entry), owners: make(map[place]models.Handle),
		traces: make(map[models.Namespace]int), clinicians: make(map[place]bool)}
}

// Add takes in a history and the verdict of [harness.CheckAllExposures] on it, with the
// purpose and the number under which the run's log has it. Histories may come in
// any order. Neither is kept or changed.
func (r *Register) Add(h *history.History, v *judge.Verdict, purpose history.Purpose, number int) {
	if purpose != history.Exploring {
		r.replay(v)
		return
	}
	r.traces[h.World] = number
	for i := range h.Events {
		r.meet(h.World, h.Events[i].Call.Op)
	}
	for _, violation := range v.Violations {
		if violation.Step < 1 || violation.Step > len(h.Events) {
			continue
		}
		for _, x := range violation.Exposures {
			r.add(h, violation.Step, x, evidenceOf(h, violation.Step, x), violation.Rule)
		}
	}
	r.addPossible(h)
}

// replay counts a run that is not of the exploration.
func (r *Register) replay(v *judge.Verdict) {
	r.replays++
	if slices.ContainsFunc(v.Violations, func(x models.Violation) bool { return len(x.Exposures) > 0 }) {
		r.showing++
	}
}

// meet takes note of who is who.
func (r *Register) meet(world models.Namespace, op models.Operation) {
	switch models.DefinedBy(op.Kind()) {
	case models.ABooking:
		r.owners[place{world, op.Defines()}] = op.Actor()
	case models.AClinician:
		r.clinicians[place{world, op.Defines()}] = true
	}
}

// Owner is the patient of a recording or booking of a world, or empty where no
// history of that world was seen.
func (r *Register) Owner(world models.Namespace, recording models.Handle) models.Handle {
	return r.owners[place{world, recording.Booking()}]
}

// Empty reports whether nobody was, or may have been, exposed.
func (r *Register) Empty() bool { return len(r.entries) == 0 }

// add takes in one exposure by the answer to a step.
func (r *Register) add(h *history.History, step int, x models.Exposure, proof Evidence, rule string) {
	if x.Level == models.NotExposed {
		return
	}
	e := r.entry(h, x)
	event := &h.Events[step-1]
	at, here := h.Started.Add(event.At), Step{r.traces[h.World], step}
	if !slices.Contains(e.steps, here) {
		e.times++
		e.inLast = 0
		e.steps = append(e.steps, here)
		e.requests = appendExchanges(e.requests, event)
	}
	if e.times == 1 || at.Before(e.first) {
		e.first = at
	}
	if at.After(e.last) {
		e.last = at
	}
	e.deliver(x)
	e.evidence = max(e.evidence, proof)
	if at, found := slices.BinarySearch(e.rules, rule); rule != "" && !found {
		e.rules = slices.Insert(e.rules, at, rule)
	}
}

// entry is that of an exposure in a history.
func (r *Register) entry(h *history.History, x models.Exposure) *entry {
	world := h.World
	if x.World != "" {
		world = x.World
	}
	k := key{viewer: place{h.World, x.Viewer}, owner: place{world, x.Owner}, recording: place{world, x.Recording}, path: x.Path, level: x.Level}
	if r.entries[k] == nil {
		r.entries[k] = &entry{key: k}
	}
	return r.entries[k]
}

// deliver counts the bytes of the answer that was counted last. Several rules may
// tell of the same bytes.
func (e *entry) deliver(x models.Exposure) {
	if x.Bytes > e.inLast {
		e.total += x.Bytes - e.inLast
		e.inLast = x.Bytes
	}
	e.bytes, e.of = max(e.bytes, x.Bytes), max(e.of, x.Of)
}

func appendExchanges(to []models.Exchange, event *history.Event) []models.Exchange {
	for i := range event.Earlier {
		to = append(to, event.Earlier[i].Exchanges...)
	}
	return append(to, event.Response.Exchanges...)
}

// addPossible takes in what unknown outcomes leave open. It costs nothing where
// there are none.
func (r *Register) addPossible(h *history.History) {
	last := -1
	for i := range h.Events {
		if unknown(&h.Events[i]) {
			last = i
		}
	}
	state := models.NewState(&h.Policy)
	for i := range last + 1 {
		e := &h.Events[i]
		o := models.Observation{World: h.World, Before: state, Call: e.Call, Expected: state.Expect(e.Call), Got: e.Response}
		possible := o.Possible()
		for j := range e.Earlier {
			o.Got = e.Earlier[j]
			possible = append(possible, o.Possible()...)
		}
		for _, x := range possible {
			r.add(h, i+1, x, Lost, "")
		}
		state = state.Step(e.Call, e.Response)
	}
}

func unknown(e *history.Event) bool {
	lost := func(r models.Response) bool { return r.Outcome == models.Unknown }
	return lost(e.Response) || slices.ContainsFunc(e.Earlier, lost)
}
