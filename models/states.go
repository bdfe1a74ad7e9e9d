package models

import "slices"

// MaxStates is the number of states that are told apart at most.
const MaxStates = 64

// States is the set of states that a service may be in after the answers seen so
// far: more than one where an operation got no answer, which may have taken
// effect, or not, or may still. A state survives an answer that a correct service
// could have given in it. Where none survives, the answer contradicts them all:
// then the rules that are broken in every one are what is found, and from there what
// the service says of itself is one of the states, too.
type States struct {
	world Namespace
	list  []*State
	// before are the states before each answer so far: what explaining begins from.
	before [][]*State
	// contradicted is the index of the first answer that no state allows, or -1, and
	// told says that it tells of a refused change if it had an effect.
	contradicted int
	told         bool
	// ledger are the refused changes that no answer has borne out yet.
	ledger ledger
	// crowded says that there were more than MaxStates.
	crowded bool
	// supposed is what is supposed while an explanation is tried, else nil.
	supposed *hypothesis

	readings []reading
	scratch  []*Findings
}

// NewStates returns the set of the one state in which nobody exists, for a history
// of a world under a policy, which must not be changed afterwards.
func NewStates(world Namespace, p *Policy) *States {
	return &States{world: world, list: []*State{NewState(p)}, contradicted: -1}
}

// All are the states, at least one. They must not be changed.
func (s *States) All() []*State { return s.list }

// Answer is an operation of a history and what was answered to it.
type Answer struct {
	Call Call
	// Earlier are the answers before the last, where it was asked again because
	// the lag that the service declares was not over.
	Earlier []Response
	Got     Response
}

// Step is what an answer was judged by.
type Step struct {
	// Before are the states before the answer in which a correct service could have
	// given it; where there is none, all of them.
	Before []*State
	// Expected is what a correct service answers in the first of them. Divided says
	// that it would have answered otherwise in another of the states there were.
	Expected Response
	Divided  bool
	// Contradicts says that a correct service gives the answer in no state.
	Contradicts bool
}

// reading is an answer as it is judged in one state.
type reading struct {
	before   *State
	expected Response
	found    *Findings // in this state alone; nil where there is no other
	broken   int       // MUST rules but FAULT-1
	agrees   bool      // outcome, status and mode are those expected
}

// survives reports whether a correct service could have given the answer in this
// state.
func (r *reading) survives() bool { return r.agrees && r.broken == 0 }

// Observe asks the rules about the next answer of the history in every state, and
// goes on to the states behind it.
func (s *States) Observe(a *Answer, f *Findings) Step {
	s.land()
	s.before = append(s.before, s.list)
	if s.crowded {
		return s.pass(a, f)
	}
	readings := s.read(a, f)
	survivors := readings
	if len(readings) > 1 || !readings[0].survives() {
		survivors = surviving(readings)
	}
	step := Step{Before: s.list, Contradicts: len(survivors) == 0}
	if step.Contradicts {
		survivors = readings
		if s.contradicted < 0 {
			s.contradict(a, &readings[0])
		}
	}
	step.Expected = survivors[0].expected
	if len(readings) > 1 {
		step.Before, step.Divided = statesOf(survivors), divided(readings)
		f.combine(readings, survivors, step.Contradicts)
	}
	s.ledger.note(&survivors[0], a)
	s.advance(a, survivors)
	return step
}

// contradict notes the first answer that no state allows.
func (s *States) contradict(a *Answer, r *reading) {
	s.contradicted = len(s.before) - 1
	s.told = s.ledger.tells(&Observation{Before: r.before, Call: a.Call, Expected: r.expected, Got: a.Got})
}

// read asks the rules about an answer in every state. Of one state alone they say
// it to f at once.
func (s *States) read(a *Answer, f *Findings) []reading {
	s.readings = s.readings[:0]
	for i, before := range s.list {
		r := reading{before: before}
		found := f
		if len(s.list) > 1 {
			r.found = s.finding(i, f)
			found = r.found
		}
		n := len(found.violations)
		o := Observation{World: s.world, Before: before, Call: a.Call, Expected: before.Expect(a.Call), Got: a.Got, ledger: s.ledger}
		for j := range a.Earlier {
			pending := o
			pending.Got, pending.Pending = a.Earlier[j], true
			found.Observe(&pending)
		}
		found.Observe(&o)
		r.expected, r.agrees, r.broken = o.Expected, o.agreed(), broken(found.violations[n:])
		s.readings = append(s.readings, r)
	}
	return s.readings
}

// finding is where the rules say what they find in the ith state alone.
func (s *States) finding(i int, f *Findings) *Findings {
	for len(s.scratch) <= i {
		s.scratch = append(s.scratch, NewFindings())
	}
	out := s.scratch[i]
	clear(out.tallies)
	out.violations, out.listed = out.violations[:0], f.listed
	return out
}

// pass goes by an answer where there were too many states to judge it: what the
// rules would have said is inconclusive.
func (s *States) pass(a *Answer, f *Findings) Step {
	before := s.list[0]
	o := Observation{World: s.world, Before: before, Call: a.Call, Expected: before.Expect(a.Call), Got: a.Got}
	found := s.finding(0, f)
	found.Observe(&o)
	for i, t := range found.tallies {
		if t != (Tally{}) {
			f.tallies[i].Inconclusive++
		}
	}
	s.list = []*State{before.Step(a.Call, a.Got)}
	return Step{Before: []*State{before}, Expected: o.Expected}
}

// surviving are the readings that the answer leaves.
func surviving(all []reading) []reading {
	out := make([]reading, 0, len(all))
	for i := range all {
		if all[i].survives() {
			out = append(out, all[i])
		}
	}
	return out
}

func statesOf(all []reading) []*State {
	out := make([]*State, len(all))
	for i := range all {
		out[i] = all[i].before
	}
	return out
}

// divided reports whether a correct service answers otherwise in one state than in
// another.
func divided(all []reading) bool {
	same := func(step int) int { return step }
	return slices.ContainsFunc(all[1:], func(r reading) bool { return !SameObserved(&all[0].expected, &r.expected, same) })
}

// advance goes on to the states behind an answer.
func (s *States) advance(a *Answer, survivors []reading) {
	next := make([]*State, 0, len(survivors))
	for i := range survivors {
		next = s.follow(next, a, &survivors[i])
	}
	s.keep(next)
}

// follow appends the states behind an answer in one state: two where nobody can
// tell if the operation took effect.
func (s *States) follow(to []*State, a *Answer, r *reading) []*State {
	switch s.supposed.effectOf(a.Call.Step) {
	case tookEffect:
		return append(to, r.before.Step(a.Call, Response{Outcome: OK}))
	case hadNone:
		return append(to, r.before.Step(a.Call, Response{Outcome: Unavailable}))
	}
	if r.agrees && a.Got.Outcome == OK && r.expected.Outcome.Refused() {
		if all := r.before.behind(a.Call, a.Got); len(all) > 0 {
			return append(to, all...)
		}
	}
	after := r.before.Step(a.Call, a.Got)
	if a.Got.Outcome == Unknown && rowOf(a.Call.Op.Kind()).changes() {
		return after.fork(to, a, r)
	}
	if a.Got.Outcome == OK && rowOf(a.Call.Op.Kind()).sent == NoRequest {
		after.late = nil // what was on its way is lost with the service
	}
	to = append(to, after)
	if !r.agrees {
		to = after.adopt(to, a)
	}
	return to
}

// fork appends the states behind an operation without an answer: in s it had no
// effect, and may still have one unless the service said that it failed; in the
// other it had.
func (s *State) fork(to []*State, a *Answer, r *reading) []*State {
	if a.Got.Status == 0 || a.Got.Status == gatewayTimeout {
		s.late = append(slices.Clip(s.late), a.Call)
	}
	to = append(to, s)
	if r.before.mayAccept(a.Call.Op) {
		to = append(to, r.before.behind(a.Call, Response{Outcome: OK})...)
	}
	return to
}

// gatewayTimeout is the status with which somebody on the way says that the service
// has not answered (RFC 9110 section 15.6.5).
const gatewayTimeout = 504

// land adds the states in which an operation that got no answer takes effect only
// now: until the service is restarted it may.
func (s *States) land() {
	if !slices.ContainsFunc(s.list, func(st *State) bool { return len(st.late) > 0 }) {
		return
	}
	all := slices.Clone(s.list)
	for i := 0; i < len(all) && len(all) <= MaxStates; i++ { // all grows
		for j := range all[i].late {
			if landed := all[i].landed(j); landed != nil && !slices.ContainsFunc(all, landed.equal) {
				all = append(all, landed)
			}
		}
	}
	s.keep(all)
}

// landed is the state after the jth late operation took effect, or nil where a
// correct service refuses it now.
func (s *State) landed(j int) *State {
	c := s.late[j]
	if s.Expect(c).Outcome != OK {
		return nil
	}
	out := s.Step(c, Response{Outcome: OK})
	out.named = s.named // it was counted when it was sent
	out.late = slices.Delete(slices.Clone(s.late), j, j+1)
	return out
}

// keep goes on with the states of a list that differ.
func (s *States) keep(list []*State) {
	kept := list[:min(1, len(list))]
	for _, st := range list[len(kept):] {
		if !slices.ContainsFunc(kept, st.equal) {
			kept = append(kept, st)
		}
	}
	if len(kept) > MaxStates {
		s.crowded, kept = true, kept[:1]
	}
	s.list = kept
}

// adopt appends the state in which a consultation is like the service says.
func (s *State) adopt(to []*State, a *Answer) []*State {
	h, said := a.Call.Op.Uses(), a.Got.Encounter
	if !rowOf(a.Call.Op.Kind()).onBooking() || a.Got.Outcome != OK || said == nil || s.booking(h) == nil {
		return to
	}
	out := *s
	b := out.editBooking(h)
	out.bookingsOwned = false
	if said.Mode != "" && said.Mode != b.mode {
		b.mode = said.Mode
		b.switches++
		if b.status == InProgress {
			b.segments = append(slices.Clip(b.segments), segment{mode: said.Mode})
		}
	}
	if said.Status == Completed && b.status != Completed {
		b.finish()
	}
	if said.Status != "" {
		b.status = said.Status
	}
	return append(to, &out)
}
