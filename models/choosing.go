package models

import (
	"math/bits"
	"slices"
)

// asked is what the states of one set were asked that is not decided in them: which
// axes, and which bookings of which nobody knows if something has come about that
// comes about by itself.
type asked struct {
	axes    axisSet
	pending uint64 // bits of bookings: see [State.bitOf]
}

// any reports whether anything was.
func (a *asked) any() bool { return a.axes != 0 || a.pending != 0 }

// choice is the value of an axis that the service has chosen. Where several are
// possible it is noted that it was asked, and the first of them is told.
func (s *State) choice(a axis) uint8 {
	m := s.choices.mask(a)
	if m&(m-1) != 0 && s.asked != nil {
		s.asked.axes |= 1 << a
	}
	value := uint8(bits.TrailingZeros8(m))
	if s.asked == nil && a == completion && value == completionLater {
		return completionAtOnce // who draws a trace does not wait
	}
	return value
}

// unasked is the state to be asked what it does not matter to have decided.
func (s *State) unasked() *State {
	out := *s
	out.asked = nil
	return &out
}

// decided reports whether nothing that may be asked of the state is open.
func (s *State) decided() bool { return !s.choices.undecided() && !s.anyPending() }

// divide are the states into which one divides that was asked what is not decided:
// by the values of one axis or, where none was asked, by what has come about in a
// booking. To decide that, another axis may be asked first.
func (s *State) divide() []*State {
	if s.asked.axes == 0 {
		all := s.comeAbout()
		if s.asked.axes == 0 {
			return all
		}
	}
	a := axis(bits.TrailingZeros16(uint16(s.asked.axes)))
	var out []*State
	for m := s.choices.mask(a); m != 0; m &= m - 1 {
		part := *s
		part.choices = s.choices.with(a, m&-m)
		out = append(out, &part)
	}
	return out
}

// inEach appends what f makes of a state or, where f asks what is not decided in it,
// of each of those into which it divides; nil is left out.
func (s *State) inEach(to []*State, f func(*State) *State) []*State {
	return s.intoEach(to, func(to []*State, st *State) []*State { return appendState(to, f(st)) })
}

// intoEach is [State.inEach] where f appends what it makes: several states, or none.
func (s *State) intoEach(to []*State, f func([]*State, *State) []*State) []*State {
	if s.asked == nil {
		return f(to, s)
	}
	*s.asked = asked{}
	n := len(to)
	if to = f(to, s); !s.asked.any() {
		return to
	}
	to = to[:n]
	for _, part := range s.divide() {
		to = part.intoEach(to, f)
	}
	return to
}

// distinct are the states that differ, in their order. Two that differ in what is
// possible of one axis alone are one, in which it is either.
func distinct(list []*State) []*State {
	kept := joined(list, 1)
	if len(kept) > manyStates {
		kept = joined(kept, int(numAxes)) // more is possible then than is: nobody is accused for it
	}
	return kept
}

// manyStates is the number of states from which on those that differ in what is
// possible alone are one.
const manyStates = 16

// joined are states of which those are one that differ in what is possible of some
// axes at most.
func joined(list []*State, apart int) []*State {
	kept := make([]*State, 0, len(list))
	for _, st := range list {
		kept = mergeInto(kept, st, apart)
	}
	return kept
}

// mergeInto adds a state to those that differ, unless it is one of them.
func mergeInto(kept []*State, st *State, apart int) []*State {
	for i, k := range kept {
		both := k.with(st, apart)
		if both == k {
			return kept
		}
		if both == nil {
			continue
		}
		kept = slices.Delete(kept, i, i+1)
		rest := len(kept)
		if kept = mergeInto(kept, both, apart); len(kept) > rest { // it is none of the others: it keeps its place
			copy(kept[i+1:], kept[i:rest])
			kept[i] = both
		}
		return kept
	}
	return append(kept, st)
}

// with is the state in which two are one that differ in what is possible of so many
// axes at most, or nil where there is none.
func (s *State) with(t *State, apart int) *State {
	if s == t {
		return s
	}
	differ := 0
	for i := range s.choices.masks {
		if s.choices.masks[i] != t.choices.masks[i] {
			differ++
		}
	}
	if differ > apart || !s.equal(t) {
		return nil
	}
	if differ == 0 {
		return s
	}
	both := *s
	both.choices = s.choices.either(t.choices)
	return &both
}

func appendState(to []*State, s *State) []*State {
	if s == nil {
		return to
	}
	return append(to, s)
}
