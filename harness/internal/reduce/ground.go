package reduce

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// ownPeople reports whether a violation is among the people of its own trace: it
// exposes nobody, or one of them as far as anybody.
func ownPeople(v models.Violation) bool {
	return len(v.Exposures) == 0 || slices.ContainsFunc(v.Exposures, func(x models.Exposure) bool { return x.World == "" && x.Level == v.Level })
}

// ground is what the best trace was run on.
func (r *reducer) ground() Ground {
	switch {
	case r.judge.Fresh():
		return Fresh
	case ownPeople(r.minimal.Violation) && !slices.ContainsFunc(r.ops(), func(op models.Operation) bool { return models.ConcernsService(op.Kind()) }):
		return Untouched
	}
	return Leftovers
}
