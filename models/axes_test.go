package models

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// chooser is a correct service that chose otherwise than the reference, and a checker
// that is told nothing of it. What is asked of it is drawn as from the reference.
type chooser struct {
	r       *rand.Rand
	drawing *State  // what is expected of the reference
	real    *State  // what the service knows
	known   *States // what the checker does
	found   *Findings
	named   map[Handle]bool
	bound   map[Handle]bool
	trace   string
}

func newChooser(seed uint64, chosen Choices) *chooser {
	reference, declared := ReferencePolicy(), ReferencePolicy().Undeclared()
	served := reference
	served.Choices = chosen
	real := NewState(&served)
	real.asked = &asked{}
	return &chooser{r: rand.New(rand.NewPCG(seed, 14)), drawing: NewState(&reference), real: real, known: NewStates(testWorld, &declared),
		found: NewFindings(), named: make(map[Handle]bool), bound: make(map[Handle]bool)}
}

func (c *chooser) perform(step int) {
	c.comeAbout()
	call := Call{step, c.draw(step)}
	got := c.ask(call)
	c.drawing = c.drawing.Step(call, c.drawing.Expect(call))
	if got.Outcome != Unbound {
		c.real = c.real.Step(call, got)
	}
	if name := call.Op.Defines(); name != "" {
		c.named[name], c.bound[name] = true, got.Outcome == OK
	}
	c.trace += fmt.Sprintf("%s // %s\n", call.Op, got)
	c.known.Observe(&Answer{Call: call, Got: got}, c.found)
}

// draw draws an operation as from the reference, now and then one that is good for
// the service as it is.
func (c *chooser) draw(step int) Operation {
	for {
		s := c.drawing
		if c.r.IntN(4) == 0 {
			s = c.real
		}
		if op := drawOperation(c.r, s, step); !c.named[op.Defines()] {
			return op
		}
	}
}

// comeAbout has what may come about by itself do so, now and then.
func (c *chooser) comeAbout() {
	for i := range c.real.bookings {
		b := &c.real.bookings[i]
		*c.real.asked = asked{}
		if c.real.look(b); c.real.asked.pending == 0 || !b.struck && c.r.IntN(3) > 0 {
			continue
		}
		all := c.real.comeAbout()
		c.real = all[c.r.IntN(len(all))]
		c.real.looked = 0
	}
}

// ask is the service's answer, or Unbound where it never gave an id.
func (c *chooser) ask(call Call) Response {
	for _, h := range []Handle{call.Op.Actor(), call.Op.Uses().Booking(), call.Op.Whom()} {
		if h != "" && !h.Phantom() && !slices.Contains(reserved[:], h) && !c.bound[h] {
			return Response{Outcome: Unbound}
		}
	}
	c.real.looked = ^uint64(0) // what is open has not come about
	got := correct(testWorld, c.real, call)
	if op, ok := call.Op.(List); ok && got.Listing != nil && op.Mode == "" {
		c.addEarly(op.User, got.Listing)
	}
	c.real.looked = 0
	return got
}

// addEarly adds the recordings of visits that go on to a listing.
func (c *chooser) addEarly(u Handle, l *Listing) {
	for i := range c.real.bookings {
		b := &c.real.bookings[i]
		if c.real.sight(u, b, 0) != inList {
			continue
		}
		all := c.real.recordingsIn(b, b.segments[:b.published+len(c.real.early(b))])
		for _, r := range all[min(len(all), len(c.real.recordings(b))):] {
			row := r.row()
			row.Tag.World = testWorld
			l.Rows = append(l.Rows, row)
			*l.Total++
		}
	}
}

// foundOut is what was found of a service over some walks.
type foundOut struct {
	crowded, decided, walks int
	checks, inconclusive    int
}

func (w *foundOut) take(c *chooser, chosen Choices) error {
	w.walks++
	for _, t := range c.found.Tallies() {
		w.checks += t.Checks
		w.inconclusive += t.Inconclusive
	}
	if c.known.Crowded() {
		w.crowded++
		return nil
	}
	seen := c.known.Choices()
	if _, apart := seen.Both(chosen); len(apart) > 0 {
		return fmt.Errorf("decided wrongly: %v of %s", apart, seen)
	}
	if seen != (Choices{}) {
		w.decided++
	}
	return nil
}

// chosenWalks is the number of walks with each service: make proof takes 500.
var chosenWalks = flag.Uint64("walks", 60, "walk so often with each service that chooses otherwise")

// TestWhatAServiceChoseIsFoundOutAndNotAccused has services choose each value of each
// axis, and all of them at random.
func TestWhatAServiceChoseIsFoundOutAndNotAccused(t *testing.T) {
	for _, a := range Axes() {
		for _, v := range a.Values {
			t.Run(a.Key+" "+v.Key, func(t *testing.T) {
				t.Parallel()
				chosen, _ := ReferenceChoices().Choose(a.Key, v.Key)
				requireFoundOut(t, func(*rand.Rand) Choices { return chosen })
			})
		}
	}
	t.Run("any of each", func(t *testing.T) {
		t.Parallel()
		requireFoundOut(t, func(r *rand.Rand) Choices {
			var chosen Choices
			for i := range axes {
				chosen = chosen.with(axis(i), 1<<r.IntN(len(axes[i].Values)))
			}
			return chosen
		})
	})
}

func requireFoundOut(t *testing.T, choose func(*rand.Rand) Choices) {
	t.Helper()
	var w foundOut
	for seed := range walks(*chosenWalks) {
		chosen := choose(rand.New(rand.NewPCG(seed, 15)))
		c := newChooser(seed, chosen)
		for step := 1; step <= 50; step++ {
			c.perform(step)
			require.Empty(t, c.found.Violations(), "seed %d: %s\n%s", seed, chosen, c.trace)
		}
		require.Negative(t, c.known.contradicted, "seed %d: %s\n%s", seed, chosen, c.trace)
		require.NoError(t, w.take(c, chosen), "seed %d: %s\n%s", seed, chosen, c.trace)
	}
	t.Logf("%+v", w)
	require.LessOrEqual(t, w.crowded*20, w.walks, "of the walks are too many states")
	require.LessOrEqual(t, w.inconclusive*12, w.checks+w.inconclusive, "of the checks are inconclusive")
	require.Positive(t, w.decided)
}
