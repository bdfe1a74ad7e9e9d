package models

import "slices"

// effect is what an operation did, whatever was answered.
type effect uint8

const (
	asAnswered effect = iota
	tookEffect
	hadNone
)

// hypothesis is the one thing that is supposed in order to explain an answer that
// no state allows: what the operation at a step did.
type hypothesis struct {
	step   int
	effect effect
}

// effectOf is what the operation at a step is supposed to have done.
func (h *hypothesis) effectOf(step int) effect {
	if h == nil || h.step != step {
		return asAnswered
	}
	return h.effect
}

// explanation is a hypothesis under which an answer that contradicts is allowed.
type explanation struct {
	hypothesis
	// reach is the step of the next answer that contradicts even so, or one more
	// than the last step.
	reach int
	// refused says that it is a refused operation that took effect, and exposure is
	// what a stranger would have done by it, who may never do it: nil for another.
	refused  bool
	exposure *Exposure
}

// Explain looks for what explains the first answer that contradicts, where it shows
// that a consultation was changed since an earlier answer: whether a refused
// operation took effect (REFUSE-1). A refusal shows nothing: that the service refuses
// what it should allow explains any. It is asked once, when all answers were
// observed; at gives the ith of them again, of n.
func (s *States) Explain(n int, at func(i int) Answer, f *Findings) {
	i := s.contradicted
	if i < 0 || s.crowded || s.disputes(i, at) || !s.seenToChange(i, at) {
		return
	}
	best := s.explanations(n, at)
	if len(best) == 0 || slices.ContainsFunc(best, func(x explanation) bool { return !x.refused }) {
		return
	}
	f.current = slices.IndexFunc(f.rules, func(r Rule) bool { return r.ID == "REFUSE-1" })
	if !s.told {
		f.checked()
	}
	a := at(i)
	o := Observation{Call: a.Call}
	if slices.ContainsFunc(best, func(x explanation) bool { return x.exposure == nil }) {
		f.violate(&o, PathEncounter, "a refused operation took effect")
	} else {
		f.violate(&o, PathEncounter, "a refused operation of a stranger's took effect", exposures(best)...)
	}
	v := &f.violations[len(f.violations)-1]
	for _, x := range best {
		v.Causes = append(v.Causes, x.step)
	}
}

// exposures are what the strangers of explanations would have done, each once.
func exposures(all []explanation) []Exposure {
	var out []Exposure
	for _, x := range all {
		if !slices.Contains(out, *x.exposure) {
			out = append(out, *x.exposure)
		}
	}
	return out
}

// seenToChange reports whether the ith answer says of a consultation what is not
// expected, and what was not so when it was last spoken of.
func (s *States) seenToChange(i int, at func(i int) Answer) bool {
	a := at(i)
	now, want := a.Got.Encounter, s.before[i][0].Expect(a.Call).Encounter
	if a.Got.Outcome != OK || now == nil || want == nil || !rowOf(a.Call.Op.Kind()).onBooking() {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		earlier := at(j)
		was := earlier.Got.Encounter
		if earlier.Call.Op.Uses() != a.Call.Op.Uses() || earlier.Got.Outcome != OK || was == nil {
			continue
		}
		return !same(want.Mode, now.Mode) && !same(was.Mode, now.Mode) || !same(want.Status, now.Status) && !same(was.Status, now.Status)
	}
	return false
}

// explanations are those that explain most of what follows the first answer that
// contradicts: each supposes one thing about an operation before it.
func (s *States) explanations(n int, at func(i int) Answer) []explanation {
	var all []explanation
	i := s.contradicted
	for j := range i {
		if x, ok := s.suppose(j, at); ok {
			x.reach = s.refold(&x.hypothesis, j, n, at)
			all = append(all, x)
		}
	}
	reach := at(i).Call.Step + 1
	for _, x := range all {
		reach = max(reach, x.reach)
	}
	return slices.DeleteFunc(all, func(x explanation) bool { return x.reach < reach })
}

// suppose is that the jth operation did not do what was answered. It returns false
// for one that changes nothing, and for one whose outcome nobody knows.
func (s *States) suppose(j int, at func(i int) Answer) (explanation, bool) {
	a := at(j)
	if !rowOf(a.Call.Op.Kind()).changes() || a.Call.Op.Defines() != "" {
		return explanation{}, false
	}
	switch {
	case a.Got.Outcome.Refused():
		o := Observation{Before: s.before[j][0], Call: a.Call}
		x := explanation{hypothesis: hypothesis{step: a.Call.Step, effect: tookEffect}, refused: true}
		if e, ok := o.possibleChange(); ok {
			e.Path = PathEncounter
			x.exposure = &e
		}
		return x, true
	case a.Got.Outcome == OK:
		return explanation{hypothesis: hypothesis{step: a.Call.Step, effect: hadNone}}, true
	}
	return explanation{}, false
}

// refold folds the answers from the jth on under a hypothesis. It returns the step
// of the first that contradicts, or cannot be judged, or one more than the last step.
func (s *States) refold(h *hypothesis, j, n int, at func(i int) Answer) int {
	again := States{world: s.world, list: s.before[j], contradicted: -1, supposed: h, asked: s.asked}
	found := NewFindings()
	last := 0
	for i := j; i < n; i++ {
		a := at(i)
		last = a.Call.Step
		step := again.Observe(&a, found)
		known := step.Refused && i < s.contradicted // it is as much one without the hypothesis
		if step.Contradicts && last != h.step && !known || again.crowded {
			return last
		}
	}
	return last + 1
}
