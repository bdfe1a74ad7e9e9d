package models

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// quiet leaves out what a service need not say.
func quiet(r Response) Response {
	r.Encounter = nil
	if r.Listing != nil {
		rows := make([]Row, len(r.Listing.Rows))
		for i, row := range r.Listing.Rows {
			rows[i] = Row{Recording: row.Recording, Tag: row.Tag}
		}
		r.Listing = &Listing{Rows: rows}
	}
	if r.Row != nil {
		r.Row = &Row{Recording: r.Row.Recording, Tag: r.Row.Tag}
	}
	if r.Content != nil {
		content := *r.Content
		content.Total = -1
		r.Content = &content
	}
	return r
}

func TestACorrectServiceViolatesNothing(t *testing.T) {
	for name, p := range policies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range walks(500) {
				loud, hushed := NewFindings(), NewFindings()
				walk(rand.New(rand.NewPCG(seed, 8)), &p, 40, func(s *State, c Call) {
					o := Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: correct(testWorld, s, c)}
					loud.Observe(&o)
					o.Got = quiet(o.Got)
					hushed.Observe(&o)
				})
				require.Empty(t, loud.Violations(), "seed %d", seed)
				require.Empty(t, hushed.Violations(), "seed %d", seed)
			}
		})
	}
}

func TestRandomTracesExerciseEveryRule(t *testing.T) {
	p, f := ReferencePolicy(), NewFindings()
	for seed := range uint64(400) {
		walk(rand.New(rand.NewPCG(seed, 8)), &p, 60, func(s *State, c Call) {
			f.Observe(&Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: correct(testWorld, s, c)})
		})
	}
	for i, rule := range Rules() {
		if rule.Compares {
			continue
		}
		require.Greater(t, f.Tallies()[i].Checks, 10, rule.ID)
	}
}

// TestACorrectServiceBehindABadLineViolatesNothing hides some answers from the
// checker: the service may have performed the operation, or not, or may later.
func TestACorrectServiceBehindABadLineViolatesNothing(t *testing.T) {
	for name, p := range policies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range walks(300) {
				line := newBadLine(seed, &p)
				for step := 1; step <= 60; step++ {
					line.perform(step)
				}
				require.Empty(t, line.found.Violations(), "seed %d\n%s%+v", seed, line.trace, line.found.Violations())
			}
		})
	}
}

// badLine is a correct service, and a checker that does not get all answers.
type badLine struct {
	r            *rand.Rand
	real         *State  // what the service knows
	known        *States // what the checker does
	late         []Call  // what it has received and not performed yet
	named, bound map[Handle]bool
	found        *Findings
	trace        string
}

func newBadLine(seed uint64, p *Policy) *badLine {
	return &badLine{r: rand.New(rand.NewPCG(seed, 9)), real: NewState(p), known: NewStates(testWorld, p), named: make(map[Handle]bool), bound: make(map[Handle]bool), found: NewFindings()}
}

func (l *badLine) perform(step int) {
	l.arrive()
	c := Call{step, l.draw(step)}
	got, lost := l.ask(c), l.r.IntN(12) == 0
	if got.Outcome != Unbound {
		switch {
		case !lost || l.r.IntN(2) == 0:
			l.real = l.real.Step(c, got)
		case l.r.IntN(2) == 0:
			l.late = append(l.late, c)
		}
		if lost {
			got = Response{Outcome: Unknown}
		}
		if c.Op.Kind() == KindRestart {
			l.late = nil
		}
	}
	if name := c.Op.Defines(); name != "" {
		l.named[name] = true
		l.bound[name] = got.Outcome == OK
	}
	l.trace += fmt.Sprintf("%s // %s\n", c.Op, got)
	l.known.Observe(&Answer{Call: c, Got: got}, l.found)
}

// arrive performs what is late, now and then.
func (l *badLine) arrive() {
	l.late = slices.DeleteFunc(l.late, func(c Call) bool {
		if l.r.IntN(4) > 0 {
			return false
		}
		l.real = l.real.Step(c, l.real.Expect(c))
		return true
	})
}

// draw draws an operation from what either side knows. It defines no handle that
// was defined before.
func (l *badLine) draw(step int) Operation {
	for {
		s := l.known.All()[0]
		if l.r.IntN(2) == 0 {
			s = l.real
		}
		if op := drawOperation(l.r, s, step); !l.named[op.Defines()] {
			return op
		}
	}
}

// ask is the service's answer, or Unbound where it never gave an id. Links that
// may open or not do one or the other.
func (l *badLine) ask(c Call) Response {
	for _, h := range []Handle{c.Op.Actor(), c.Op.Uses().Booking(), c.Op.Whom()} {
		if h != "" && !h.Phantom() && !slices.Contains(reserved[:], h) && !l.bound[h] {
			return Response{Outcome: Unbound}
		}
	}
	if op, ok := c.Op.(Open); ok && l.r.IntN(2) == 0 {
		if made := l.real.link(op.Link); made != nil && l.real.opens(made, op.User) == either {
			return Response{Outcome: Missing, Status: status(Missing)}
		}
	}
	got := correct(testWorld, l.real, c)
	if l.r.IntN(4) == 0 {
		return quiet(got)
	}
	return got
}

// judged are the findings on a history whose answers are given.
func judged(p *Policy, answers []Answer) *Findings {
	states, f := NewStates(testWorld, p), NewFindings()
	for i := range answers {
		states.Observe(&answers[i], f)
	}
	states.Explain(len(answers), func(i int) Answer { return answers[i] }, f)
	return f
}

// controlled are the exposures of the greatest level that are found.
func controlled(f *Findings) []Exposure {
	var out []Exposure
	for _, v := range f.Violations() {
		if v.Level == Controlled {
			out = append(out, v.Exposures...)
		}
	}
	return out
}

// TestAStrangersRefusedChangeThatTookEffectIsBlamedOnThem makes one refused change
// of a consultation by a stranger take effect. Where what follows shows it, they are
// blamed, and next to never somebody else: where a participant's refused change would
// have had the same effect, nobody can tell.
func TestAStrangersRefusedChangeThatTookEffectIsBlamedOnThem(t *testing.T) {
	p := ReferencePolicy()
	blamed, wrongly := 0, 0
	for seed := range walks(4_000) {
		answers, truth := refusedButDone(rand.New(rand.NewPCG(seed, 10)), &p)
		found := controlled(judged(&p, answers))
		if len(found) == 0 {
			continue
		}
		blamed++
		if !slices.ContainsFunc(found, func(e Exposure) bool { return e.Viewer == truth.User && e.Recording == truth.Booking }) {
			wrongly++
		}
	}
	require.Greater(t, blamed, int(walks(4_000)/250))
	require.LessOrEqual(t, wrongly*50, blamed)
}

// refusedButDone is a walk in which one refused change of a stranger's took effect,
// and which.
func refusedButDone(r *rand.Rand, p *Policy) ([]Answer, OnBooking) {
	real, known := NewState(p), NewState(p)
	var out []Answer
	var truth OnBooking
	for step := 1; step <= 50; step++ {
		c := Call{step, drawOperation(r, known, step)}
		got := correct(testWorld, real, c)
		out = append(out, Answer{Call: c, Got: got})
		known = known.Step(c, got)
		if change, ok := c.Op.(bookingChange); ok && truth.User == "" && got.Outcome == Missing && r.IntN(3) == 0 {
			truth, got = change.on(), Response{Outcome: OK}
		}
		real = real.Step(c, got)
	}
	return out, truth
}

// TestNobodyIsBlamedForWhatTheServiceRefusesWrongly has a service refuse a change
// that it should allow, once or from then on. That breaks no rule of the table, and
// no stranger whose operation was refused before has had anything to do with it.
func TestNobodyIsBlamedForWhatTheServiceRefusesWrongly(t *testing.T) {
	p := ReferencePolicy()
	for _, always := range []bool{false, true} {
		cases := 0
		for seed := range walks(2_000) {
			answers, wrong := wronglyRefused(rand.New(rand.NewPCG(seed, 12)), &p, always)
			if wrong {
				cases++
				require.Empty(t, judged(&p, answers).Violations(), "seed %d", seed)
			}
		}
		require.Greater(t, cases, int(walks(2_000)/2))
	}
}

// wronglyRefused is a walk in which a change of a consultation is refused wrongly,
// or all of that kind are from there on, if there was any.
func wronglyRefused(r *rand.Rand, p *Policy, always bool) (out []Answer, wrong bool) {
	s := NewState(p)
	var kind Kind
	for step := 1; step <= 50; step++ {
		c := Call{step, drawOperation(r, s, step)}
		got := correct(testWorld, s, c)
		_, change := c.Op.(bookingChange)
		if change && got.Outcome == OK && step > 12 && (kind == "" && r.IntN(4) == 0 || always && c.Op.Kind() == kind) {
			kind, got = c.Op.Kind(), Response{Outcome: Conflict, Status: status(Conflict)}
		}
		out = append(out, Answer{Call: c, Got: got})
		s = s.Step(c, got)
	}
	return out, kind != ""
}
