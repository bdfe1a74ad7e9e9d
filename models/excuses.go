package models

import "slices"

// Excuses are the choices about access under each of which, if it were declared, a
// violation would be none, and nothing else that the rules do not say already: the
// violation of the n answers of a history that at gives. They are for those who know
// what is intended: no answer shows that one of them is.
func Excuses(world Namespace, p *Policy, n int, at func(i int) Answer, v *Violation) []Declaration {
	said := violationsUnder(world, p, n, at)
	if !slices.ContainsFunc(said, v.sameAs) {
		return nil // it was found otherwise, as by comparing runs
	}
	var out []Declaration
	for i := range accessTable {
		policy := &accessTable[i]
		for _, value := range policy.Values {
			if p.Access.Word(policy.Key) == value.Word {
				continue
			}
			other := *p
			other.Access, _ = p.Access.With(policy.Key, value.Word)
			if excused(violationsUnder(world, &other, n, at), said, v) {
				out = append(out, Declaration{policy.Key, value.Word})
			}
		}
	}
	return out
}

// violationsUnder are the violations of a history under a policy.
func violationsUnder(world Namespace, p *Policy, n int, at func(i int) Answer) []Violation {
	states, found := NewStates(world, p), NewFindings()
	for i := range n {
		a := at(i)
		states.Observe(&a, found)
	}
	states.Explain(n, at, found)
	return found.violations
}

// excused reports whether a violation is not among those that there are now, and none
// is that was not said before.
func excused(now, said []Violation, v *Violation) bool {
	return !slices.ContainsFunc(now, v.sameAs) &&
		!slices.ContainsFunc(now, func(x Violation) bool { return !slices.ContainsFunc(said, x.sameAs) })
}

// sameAs reports whether two violations are of the same rule at the same step.
func (v *Violation) sameAs(x Violation) bool { return x.Rule == v.Rule && x.Step == v.Step }
