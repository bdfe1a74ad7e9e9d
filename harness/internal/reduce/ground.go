package reduce

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// ownPeople reports whether a violation is among the people of its own trace: it
// exposes one of them as far as anybody or, where it exposes nobody, the same answer
// shows nothing of others either.
func ownPeople(v models.Violation, all []models.Violation) bool {
	own := func(x models.Exposure) bool { return x.World == "" && x.Level == v.Level }
	if len(v.Exposures) > 0 {
		return slices.ContainsFunc(v.Exposures, own)
	}
	return !slices.ContainsFunc(all, func(u models.Violation) bool {
		return u.Step == v.Step && slices.ContainsFunc(u.Exposures, func(x models.Exposure) bool { return x.World != "" })
	})
}

// ground is what the best trace was run on.
func (r *reducer) ground() Ground {
	switch {
	case r.judge.Fresh():
		return Fresh
	case ownPeople(r.minimal.Violation, r.minimal.Verdict.Violations) && !slices.ContainsFunc(r.ops(), func(op models.Operation) bool { return models.ConcernsService(op.Kind()) }):
		return Untouched
	}
	return Leftovers
}
