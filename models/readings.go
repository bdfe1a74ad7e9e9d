package models

import "slices"

// reading is an answer as it is judged in one state.
type reading struct {
	before   *State
	expected Response
	found    *Findings // in this state alone; nil where there is no other
	broken   int       // MUST rules but FAULT-1
	agrees   bool      // outcome, status and mode are those expected
	lacks    []debt    // what alone it breaks them by, if it does
}

// survives reports whether a correct service could have given the answer in this
// state.
func (r *reading) survives() bool { return r.agrees && r.broken == 0 }

// read asks the rules about an answer in every state, and in those into which one
// divides that is asked what is not decided in it. Of one state alone in which
// everything is they say it to f at once.
func (s *States) read(a *Answer, f *Findings) []reading {
	s.readings = s.readings[:0]
	if len(s.list) == 1 && s.list[0].decided() {
		s.readings = append(s.readings, s.readIn(s.list[0], a, f))
		return s.readings
	}
	left := slices.Clone(s.list)
	slices.Reverse(left)
	for len(left) > 0 {
		st := left[len(left)-1]
		left = left[:len(left)-1]
		*s.asked = asked{}
		found := s.finding(len(s.readings), f)
		r := s.readIn(st, a, found)
		if s.asked.any() {
			parts := st.divide()
			slices.Reverse(parts)
			left = append(left, parts...)
		} else {
			r.found = found
			s.readings = append(s.readings, r)
		}
		if len(left)+len(s.readings) > maxReadings {
			s.crowded = true
			break
		}
	}
	return s.readings
}

// maxReadings is the number of states at most in which one answer is judged: far more
// than are kept, since most of those into which one divides do not survive it.
const maxReadings = 32 * MaxStates

// readIn asks the rules about an answer in one state. Where what is expected depends
// on what is not decided it asks no further.
func (s *States) readIn(before *State, a *Answer, found *Findings) reading {
	o := Observation{World: s.world, Before: before, Call: a.Call, Expected: before.Expect(a.Call), Got: a.Got, ledger: s.ledger}
	if s.asked.any() {
		return reading{}
	}
	n := len(found.violations)
	for j := range a.Earlier {
		pending := o
		pending.Got, pending.Pending = a.Earlier[j], true
		found.Observe(&pending)
	}
	found.Observe(&o)
	broke := found.violations[n:]
	r := reading{before: before, expected: o.Expected, agrees: o.agreed(), broken: broken(broke)}
	if r.broken > 0 && (r.agrees || o.row().byRecording() && a.Got.Outcome.Refused()) {
		r.lacks = o.lacks(broke)
	}
	return r
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
