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
				return models.DefinedBy(op.Kind()) == models.AClinician || keep[op.Defines()]
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

// witnesses are the viewer of the violation and the owners of what they were
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
		return op.Defines() == h && models.DefinedBy(op.Kind()) == models.AClinician
	})
}

func (r *reducer) patients() map[models.Handle]bool {
	out := make(map[models.Handle]bool)
	for _, op := range r.ops() {
		if models.DefinedBy(op.Kind()) == models.APatient {
			out[op.Defines()] = true
		}
	}
	return out
}

// dropHandles drops everything about patients, then bookings, then clinicians:
// all of them but the witness's at once, then in ever smaller chunks.
func (r *reducer) dropHandles(ctx context.Context) error {
	for _, what := range []models.Thing{models.APatient, models.ABooking, models.AClinician} {
		if err := r.dropHandlesOf(ctx, what); err != nil {
			return err
		}
	}
	return nil
}

func (r *reducer) dropHandlesOf(ctx context.Context, what models.Thing) error {
	for size := len(r.droppable(what)); size >= 1; size /= 2 {
		for from := 0; ; {
			handles := r.droppable(what)
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

// droppable are the handles of a sort of thing that the violation does not name.
func (r *reducer) droppable(what models.Thing) []models.Handle {
	named := r.witnesses()
	for _, e := range r.minimal.Violation.Exposures {
		named[e.Recording.Booking()] = true
	}
	var out []models.Handle
	for _, op := range r.ops() {
		if h := op.Defines(); models.DefinedBy(op.Kind()) == what && !named[h] {
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
