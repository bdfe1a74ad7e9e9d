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
	// contradicted is the index of the first answer that no state allows and that is
	// not a mere refusal, or -1, and told says that it tells of a refused change if it
	// had an effect.
	contradicted int
	told         bool
	// refused are the indexes of the answers that refuse what a correct service
	// accepts in every state.
	refused []int
	// ledger are the refused changes that no answer has borne out yet.
	ledger ledger
	// unanswered says that an operation that changes something got no answer.
	unanswered bool
	// crowded says that there were too many: see [States.Crowded].
	crowded bool
	// supposed is what is supposed while an explanation is tried, else nil.
	supposed *hypothesis
	// asked is where the states note what they were asked that is not decided.
	asked *asked

	readings []reading
	scratch  []*Findings
}

// NewStates returns the set of the one state in which nobody exists, for a history
// of a world under a policy, which must not be changed afterwards.
func NewStates(world Namespace, p *Policy) *States {
	first := NewState(p)
	first.asked = &asked{}
	return &States{world: world, list: []*State{first}, contradicted: -1, asked: first.asked}
}

// Crowded reports whether there were more than [MaxStates], or far more in which one
// answer had to be judged: then nothing could be said of the answers from there on.
func (s *States) Crowded() bool { return s.crowded }

// Choices are those that the service may have made by its answers so far. Where they
// contradict every state nothing is said.
func (s *States) Choices() Choices {
	if s.contradicted >= 0 || s.crowded {
		return s.before[0][0].choices
	}
	out := s.list[0].choices
	for _, st := range s.list[1:] {
		out = out.either(st.choices)
	}
	return out
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
	// Unheard says that it refuses the caller's token, which is valid: it tells
	// nothing of the operation.
	Unheard bool
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
	// Contradicts says that a correct service gives the answer in no state, and
	// Refused that it refuses what such a service accepts in every one.
	Contradicts, Refused bool
	// Unheard says that the answer refuses a valid token and was not judged.
	Unheard bool
	// Untold says that it should refuse content and is none that is known: it was not
	// judged.
	Untold bool
}

// Observe asks the rules about the next answer of the history in every state, and
// goes on to the states behind it.
func (s *States) Observe(a *Answer, f *Findings) Step {
	s.land()
	s.before = append(s.before, s.list)
	switch {
	case a.Unheard:
		return s.unheard(a, f)
	case s.untold(a):
		return s.pastUntold(a, f)
	case s.crowded:
		return s.pass(a, f)
	}
	readings := s.read(a, f)
	if s.crowded {
		return s.pass(a, f)
	}
	survivors := readings
	if len(readings) > 1 || !readings[0].survives() {
		survivors = surviving(readings)
	}
	step := Step{Contradicts: len(survivors) == 0}
	if step.Contradicts {
		survivors = readings
		step.Refused = s.contradict(a, readings)
	}
	step.Expected, step.Before = survivors[0].expected, statesOf(survivors)
	var debtors []reading
	switch {
	case len(readings) > 1:
		step.Divided = divided(readings)
		debtors = indebted(readings, survivors)
		f.combine(readings, survivors, debtors, s.unanswered, step.Contradicts)
	case readings[0].found != nil:
		f.take(readings[0].found)
	}
	if len(survivors[0].before.debts) > 0 && f.collect(survivors, a.Call.Step) && s.contradicted < 0 {
		s.contradicted = len(s.before) - 1
	}
	s.ledger.note(&survivors[0], a)
	s.advance(a, append(survivors[:len(survivors):len(survivors)], debtors...))
	return step
}

// contradict notes an answer that no state allows, and reports whether it refuses
// what a correct service accepts.
func (s *States) contradict(a *Answer, readings []reading) (refused bool) {
	at, r := len(s.before)-1, &readings[0]
	switch {
	case refuses(readings, a.Got.Outcome):
		s.refused = append(s.refused, at)
		return true
	case s.contradicted < 0:
		s.contradicted = at
		s.told = s.ledger.tells(&Observation{Before: r.before, Call: a.Call, Expected: r.expected, Got: a.Got})
	}
	return false
}

// pass goes by an answer where there were too many states to judge it: what the
// rules would have said is inconclusive.
func (s *States) pass(a *Answer, f *Findings) Step {
	if s.list[0].choices.undecided() {
		f = NewFindings() // how many such traces there are is told apart
	}
	step := s.overlook(a, f)
	s.list = []*State{s.list[0].Step(a.Call, a.Got)}
	return step
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
	behind := func(got Response) func(*State) *State {
		return func(st *State) *State { return st.Step(a.Call, got) }
	}
	switch s.supposed.effectOf(a.Call.Step) {
	case tookEffect:
		return r.before.inEach(to, behind(Response{Outcome: OK}))
	case hadNone:
		return r.before.inEach(to, behind(Response{Outcome: Unavailable}))
	}
	kind := rowOf(a.Call.Op.Kind())
	switch {
	case a.Got.Outcome == Unknown && kind.changes():
		s.unanswered = true
		to = r.before.inEach(to, func(st *State) *State { return st.Step(a.Call, a.Got).waiting(a) })
		return r.before.intoEach(to, func(to []*State, st *State) []*State { return st.performed(to, a.Call) })
	case r.agrees && a.Got.Outcome == OK && r.expected.Outcome.Refused():
		return r.before.intoEach(to, func(to []*State, st *State) []*State { return append(to, st.behind(a.Call, a.Got)...) })
	case a.Got.Outcome == OK && kind.sent == NoRequest:
		return r.before.inEach(to, func(st *State) *State {
			after := st.Step(a.Call, a.Got)
			after.late = nil // what was on its way is lost with the service
			return after
		})
	}
	n := len(to)
	to = r.before.inEach(to, behind(a.Got))
	if !r.agrees {
		for _, after := range to[n:] {
			to = after.adopt(to, a)
		}
	}
	return to
}

// keep goes on with the states of a list that differ.
func (s *States) keep(list []*State) {
	if len(list) > 1 {
		list = distinct(list)
	}
	if len(list) > MaxStates {
		s.crowded, list = true, list[:1]
	}
	s.list = list
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
