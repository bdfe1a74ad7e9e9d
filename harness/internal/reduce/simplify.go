package reduce

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// firstPage looks whether what shows on a later page of a listing shows on its
// first page, too, when the pages are as long as they can be. Then it is reduced
// as that: the later page was chance. It is the one place where the signature
// changes.
func (r *reducer) firstPage(ctx context.Context) error {
	if r.signature.Path != models.PathPage {
		return nil
	}
	ops := slices.Clone(r.ops())
	for i, op := range ops {
		if list, ok := op.(models.List); ok {
			ops[i] = models.List{ByUser: list.ByUser}
		}
	}
	before := r.signature
	r.signature.Path = models.PathList
	if ok, err := r.simpler(ctx, ops); ok || err != nil {
		return err
	}
	r.signature = before
	return nil
}

// simplify gives each operation the simplest arguments that still show the
// violation: all at once, else one by one.
func (r *reducer) simplify(ctx context.Context) error {
	all := slices.Clone(r.ops())
	for i, op := range all {
		if simpler := models.Simpler(op); len(simpler) > 0 {
			all[i] = simpler[0]
		}
	}
	if ok, err := r.simpler(ctx, all); ok || err != nil {
		return err
	}
	for i := 0; i < len(r.ops()); i++ {
		for _, op := range models.Simpler(r.ops()[i]) {
			ops := slices.Clone(r.ops())
			ops[i] = op
			if ok, err := r.simpler(ctx, ops); err != nil {
				return err
			} else if ok {
				break
			}
		}
	}
	return nil
}

// simpler judges a candidate that is not longer than the best trace.
func (r *reducer) simpler(ctx context.Context, ops []models.Operation) (bool, error) {
	t := r.candidate(ops)
	if t.Equal(r.minimal.Trace) || len(t.Ops) > len(r.ops()) {
		return false, nil
	}
	i, err := r.first(ctx, []models.Trace{t})
	return i == 0, err
}

// order puts the registrations first, patients before clinicians.
func (r *reducer) order(ctx context.Context) error {
	ops := slices.Clone(r.ops())
	slices.SortStableFunc(ops, func(a, b models.Operation) int { return rank(a) - rank(b) })
	_, err := r.simpler(ctx, ops)
	return err
}

func rank(op models.Operation) int {
	switch models.DefinedBy(op.Kind()) {
	case models.APatient:
		return 0
	case models.AClinician:
		return 1
	}
	return 2
}
