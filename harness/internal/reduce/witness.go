package reduce

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// keepWitness keeps only what viewer and owner did, the clinicians with them, and
// what concerns the service as a whole; where that loses the violation, the trace stays as it is, for a third
// patient may be needed.
func (r *reducer) keepWitness(ctx context.Context) error {
	keep := r.witnesses()
	for _, cliniciansToo := range []bool{false, true} {
		ops := keepIf(r.ops(), func(op models.Operation) bool {
			switch op.Actor() {
			case "":
				return op.Kind() == models.KindClinician || keep[op.Defines()]
			case models.Operator, models.Service:
				return true
			}
			return keep[op.Actor()] || cliniciansToo && r.isClinician(op.Actor())
		})
		if ok, err := r.shorter(ctx, ops); ok || err != nil {
			return err
		}
	}
	return nil
}

// witnesses are the viewer of the violation and the owners of what he was
// shown.
func (r *reducer) witnesses() map[models.Handle]bool {
	v := r.minimal.Violation
	keep := map[models.Handle]bool{v.Viewer: true}
	for _, e := range v.Exposures {
		keep[e.Viewer], keep[e.Owner] = true, true
	}
	for h := range keep {
		if r.isClinician(h) && len(keep) == 1 {
			return r.patients() // a clinician alone witnesses nothing
		}
	}
	return keep
}

func (r *reducer) isClinician(h models.Handle) bool {
	return slices.ContainsFunc(r.ops(), func(op models.Operation) bool {
		return op.Defines() == h && op.Kind() == models.KindClinician
	})
}

func (r *reducer) patients() map[models.Handle]bool {
	out := make(map[models.Handle]bool)
	for _, op := range r.ops() {
		if op.Kind() == models.KindPatient {
			out[op.Defines()] = true
		}
	}
	return out
}

// dropHandles drops everything about patients, then bookings, then clinicians:
// all of them but the witness's at once, then in ever smaller chunks.
func (r *reducer) dropHandles(ctx context.Context) error {
	for _, kind := range []models.Kind{models.KindPatient, models.KindBook, models.KindClinician} {
		if err := r.dropHandlesOf(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

func (r *reducer) dropHandlesOf(ctx context.Context, kind models.Kind) error {
	for size := len(r.droppable(kind)); size >= 1; size /= 2 {
		for from := 0; ; {
			handles := r.droppable(kind)
			if from >= len(handles) {
				break
			}
			chunk := handles[from:min(from+size, len(handles))]
			ok, err := r.shorter(ctx, withoutHandles(r.ops(), chunk))
			if err != nil {
				return err
			}
			if !ok {
				from += size
			}
		}
	}
	return nil
}

// droppable are the handles of a kind that the violation does not name.
func (r *reducer) droppable(kind models.Kind) []models.Handle {
	named := r.witnesses()
	for _, e := range r.minimal.Violation.Exposures {
		named[e.Recording.Booking()] = true
	}
	var out []models.Handle
	for _, op := range r.ops() {
		if h := op.Defines(); op.Kind() == kind && !named[h] {
			out = append(out, h)
		}
	}
	return out
}

func withoutHandles(ops []models.Operation, handles []models.Handle) []models.Operation {
	return keepIf(ops, func(op models.Operation) bool {
		for _, h := range [...]models.Handle{op.Defines(), op.Actor(), op.Uses().Booking(), op.Whom()} {
			if h != "" && slices.Contains(handles, h) {
				return false
			}
		}
		return true
	})
}
