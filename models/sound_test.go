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
			for seed := range walks(1_500) {
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
// checker: the service may have performed the operation or not.
func TestACorrectServiceBehindABadLineViolatesNothing(t *testing.T) {
	for name, p := range policies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range walks(1_000) {
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
	real, known  *State // what the service knows, and what the checker does
	named, bound map[Handle]bool
	found        *Findings
	trace        string
}

func newBadLine(seed uint64, p *Policy) *badLine {
	return &badLine{r: rand.New(rand.NewPCG(seed, 9)), real: NewState(p), known: NewState(p), named: make(map[Handle]bool), bound: make(map[Handle]bool), found: NewFindings()}
}

func (l *badLine) perform(step int) {
	c := Call{step, l.draw(step)}
	got, lost := l.ask(c), l.r.IntN(12) == 0
	if got.Outcome != Unbound {
		if !lost || l.r.IntN(2) == 0 {
			l.real = l.real.Step(c, got)
		}
		if lost {
			got = Response{Outcome: Unknown}
		}
	}
	if name := c.Op.Defines(); name != "" {
		l.named[name] = true
		l.bound[name] = got.Outcome == OK
	}
	l.trace += fmt.Sprintf("%s // %s\n", c.Op, got)
	l.found.Observe(&Observation{World: testWorld, Before: l.known, Call: c, Expected: l.known.Expect(c), Got: got})
	l.known = l.known.Step(c, got)
}

// draw draws an operation from what either side knows. It defines no handle that
// was defined before.
func (l *badLine) draw(step int) Operation {
	for {
		s := l.known
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

// TestRefusedOperationsThatTookEffectAreFound makes one refused operation of a
// stranger's take effect, and looks for REFUSE-1 at the first answer that shows
// it. Where an operation of a participant was refused as well and would have led
// to the same answer, nobody can tell which of them it was.
func TestRefusedOperationsThatTookEffectAreFound(t *testing.T) {
	showed, blamed := 0, 0
	for seed := range uint64(2_000) {
		f, differs := refusedButDone(rand.New(rand.NewPCG(seed, 10)))
		if !differs {
			continue
		}
		showed++
		level := NotExposed
		found := slices.ContainsFunc(f.Violations(), func(v Violation) bool {
			level = max(level, v.Level)
			return v.Rule == "REFUSE-1"
		})
		require.True(t, found, "seed %d", seed)
		if level == Controlled {
			blamed++
		}
	}
	require.Greater(t, showed, 50)
	require.Greater(t, blamed, showed*9/10)
}

// refusedButDone walks until an answer shows that a refused operation of a
// stranger's took effect, and reports whether one did.
func refusedButDone(r *rand.Rand) (*Findings, bool) {
	p, f := ReferencePolicy(), NewFindings()
	real, known := NewState(&p), NewState(&p)
	var broken Handle // the booking on which it took effect
	for step := 1; step <= 50; step++ {
		c := Call{step, drawOperation(r, known, step)}
		got, expected := correct(testWorld, real, c), known.Expect(c)
		f.Observe(&Observation{World: testWorld, Before: known, Call: c, Expected: expected, Got: got})
		change, changes := c.Op.(bookingChange)
		if changes && change.on().Booking == broken && expected.Outcome == OK && !agrees(expected, got) {
			return f, true
		}
		known = known.Step(c, got)
		if changes && broken == "" && got.Outcome == Missing {
			broken, got = change.on().Booking, Response{Outcome: OK}
		}
		real = real.Step(c, got)
	}
	return f, false
}
