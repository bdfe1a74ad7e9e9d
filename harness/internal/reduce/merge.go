package reduce

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// mergeClinicians makes one clinician of two.
func (r *reducer) mergeClinicians(ctx context.Context) error {
	var clinicians []models.Handle
	for _, op := range r.ops() {
		if models.DefinedBy(op.Kind()) == models.AClinician {
			clinicians = append(clinicians, op.Defines())
		}
	}
	for _, from := range clinicians[min(1, len(clinicians)):] {
		if _, err := r.shorter(ctx, mergeInto(r.ops(), from, clinicians[0])); err != nil {
			return err
		}
	}
	return nil
}

func mergeInto(ops []models.Operation, from, to models.Handle) []models.Operation {
	kept := keepIf(ops, func(op models.Operation) bool { return op.Defines() != from })
	return models.Trace{Ops: kept}.Rename(func(h models.Handle) models.Handle {
		if h == from {
			return to
		}
		return h
	}).Ops
}

// mergeParticipants lets the patient do what the clinician did in their
// consultation, and where the clinician was shown another's recording, whatever
// else the clinician did.
func (r *reducer) mergeParticipants(ctx context.Context) error {
	for _, book := range booksOf(r.ops()) {
		everything := r.minimal.Violation.Viewer == book.Clinician
		ops := make([]models.Operation, len(r.ops()))
		for i, op := range r.ops() {
			ops[i] = op
			if op.Actor() == book.Clinician && (everything || op.Uses() == book.Booking) {
				ops[i] = asPatient(op, book)
			}
		}
		if _, err := r.simpler(ctx, r.acceptedOnly(ops, book.User, book.Booking)); err != nil {
			return err
		}
	}
	return nil
}

// asPatient is an operation of a booking's clinician as one of its patient, who
// leaves where the clinician ends.
func asPatient(op models.Operation, book models.Book) models.Operation {
	if op.Kind() == models.KindEnd {
		return models.Leave{OnBooking: models.OnBooking{User: book.User, Booking: book.Booking}}
	}
	return models.Rename(op, func(h models.Handle) models.Handle {
		if h == book.Clinician {
			return book.User
		}
		return h
	})
}

// acceptedOnly leaves out what a user does with a booking and a correct service
// refuses.
func (r *reducer) acceptedOnly(ops []models.Operation, user, booking models.Handle) []models.Operation {
	s := models.NewState(r.policy)
	return keepIf(ops, func(op models.Operation) bool {
		c := models.Call{Step: 1, Op: op}
		answer := s.Expect(c)
		s = s.Step(c, answer)
		return answer.Outcome == models.OK || op.Actor() != user || op.Uses() != booking
	})
}

func booksOf(ops []models.Operation) []models.Book {
	var out []models.Book
	for _, op := range ops {
		if book, ok := op.(models.Book); ok {
			out = append(out, book)
		}
	}
	return out
}

// bookAtOnce books in the mode that a later switch sets, and leaves out the
// switch.
func (r *reducer) bookAtOnce(ctx context.Context) error {
	for at := 0; at < len(r.ops()); at++ {
		sw, ok := r.ops()[at].(models.Switch)
		if !ok {
			continue
		}
		ops := rebook(r.ops(), func(book *models.Book) {
			if book.Booking == sw.Booking {
				book.Mode = sw.Mode
			}
		})
		if _, err := r.shorter(ctx, slices.Delete(ops, at, at+1)); err != nil {
			return err
		}
	}
	return nil
}

// rebook returns the operations with change applied to each booking.
func rebook(ops []models.Operation, change func(*models.Book)) []models.Operation {
	out := slices.Clone(ops)
	for i, op := range out {
		if book, ok := op.(models.Book); ok {
			change(&book)
			out[i] = book
		}
	}
	return out
}

// spreadSlots gives each booking a slot of its own.
func (r *reducer) spreadSlots(ctx context.Context) error {
	if len(booksOf(r.ops())) < 2 {
		return nil
	}
	slot := 0
	_, err := r.simpler(ctx, rebook(r.ops(), func(book *models.Book) {
		slot++
		book.Slot = slot
	}))
	return err
}

// mergeSlots lets all bookings use the first slot, else as many as can, unless
// that breaks rules that the trace did not break before: who reuses a slot is
// suspected of more than who does not.
func (r *reducer) mergeSlots(ctx context.Context) error {
	r.nothingNew = true
	defer func() { r.nothingNew = false }()
	ok, err := r.simpler(ctx, rebook(r.ops(), func(book *models.Book) { book.Slot = 0 }))
	if ok || err != nil {
		return err
	}
	for _, one := range booksOf(r.ops()) {
		if one.Slot == 0 {
			continue
		}
		if _, err := r.simpler(ctx, rebook(r.ops(), func(book *models.Book) {
			if book.Booking == one.Booking {
				book.Slot = 0
			}
		})); err != nil {
			return err
		}
	}
	return r.numberSlots(ctx)
}

// numberSlots numbers the slots that are used from 1 without gaps.
func (r *reducer) numberSlots(ctx context.Context) error {
	used := []int{1}
	for _, book := range booksOf(r.ops()) {
		if !slices.Contains(used, book.SlotNumber()) {
			used = append(used, book.SlotNumber())
		}
	}
	_, err := r.simpler(ctx, rebook(r.ops(), func(book *models.Book) {
		if book.Slot != 0 {
			book.Slot = slices.Index(used, book.Slot) + 1
		}
	}))
	return err
}
