package models

import (
	"cmp"
	"slices"
)

// Divergence is the first answer of a history that a correct service gives in no
// state, and what explains it.
type Divergence struct {
	Step int
	// Expected are the answers of a correct service in the states that there were
	// before, each once.
	Expected []Response
	Got      Response
	// Explanations are the single things that, if they happened, explain the answer and
	// most of those behind it, the best first. None of them absolves the service.
	Explanations []Explanation
}

// Explanation is one thing that a service may have done otherwise than it answered.
type Explanation struct {
	Step int // of the operation
	// Refused says that the operation was refused and took effect all the same, else
	// that it was accepted and had no effect.
	Refused bool
}

// Divergence is that of the history observed, of n answers of which at gives the ith
// again. It returns false where there is none.
func (s *States) Divergence(n int, at func(i int) Answer) (Divergence, bool) {
	if s.contradicted < 0 || s.crowded {
		return Divergence{}, false
	}
	a := at(s.contradicted)
	d := Divergence{Step: a.Call.Step, Got: a.Got}
	for _, before := range s.before[s.contradicted] {
		expected := before.Expect(a.Call)
		if !slices.ContainsFunc(d.Expected, func(r Response) bool { return r.String() == expected.String() }) {
			d.Expected = append(d.Expected, expected)
		}
	}
	for _, x := range s.explanations(n, at) {
		d.Explanations = append(d.Explanations, Explanation{x.step, x.refused})
	}
	slices.SortStableFunc(d.Explanations, better)
	return d, true
}

// better puts what a service did though it refused it before what it left undone,
// and of these what came last first.
func better(a, b Explanation) int {
	if a.Refused != b.Refused {
		if a.Refused {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.Step, a.Step)
}
