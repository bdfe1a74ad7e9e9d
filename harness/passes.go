package harness

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// passes runs the passes of the reduction: the directed ones, then those that
// make the trace plain and delta debugging, until nothing more becomes plain.
// Names and order are settled before single operations are left out, so that
// what was rejected stays rejected. Slots are kept apart until the end, lest an
// operation be needed only to free one. What delta debugging has left because
// it looked but once, the certificate finds.
func (r *reducer) passes(ctx context.Context) error {
	if err := r.each(ctx, r.keepWitness, r.dropHandles, r.spreadSlots); err != nil {
		return err
	}
	for round := 1; ; round++ {
		before := r.minimal.Trace
		if err := r.each(ctx, r.mergeClinicians, r.mergeParticipants, r.bookAtOnce, r.simplify, r.order); err != nil {
			return err
		}
		if round > 1 && before.Equal(r.minimal.Trace) {
			return r.mergeSlots(ctx)
		}
		if err := r.each(ctx, r.dropChunks, r.dropSingles, r.dropPairs); err != nil {
			return err
		}
	}
}

func (r *reducer) each(ctx context.Context, passes ...func(context.Context) error) error {
	for _, pass := range passes {
		if err := pass(ctx); err != nil {
			return err
		}
	}
	return nil
}

// keepWitness keeps only what viewer and owner did, and the clinicians with
// them; where that loses the violation, the trace stays as it is, for a third
// patient may be needed.
func (r *reducer) keepWitness(ctx context.Context) error {
	keep := r.witnesses()
	for _, cliniciansToo := range []bool{false, true} {
		ops := keepIf(r.ops(), func(op models.Operation) bool {
			if op.Actor() == "" {
				return op.Kind() == models.KindClinician || keep[op.Defines()]
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
		for _, h := range [...]models.Handle{op.Defines(), op.Actor(), op.Uses().Booking()} {
			if h != "" && slices.Contains(handles, h) {
				return false
			}
		}
		return true
	})
}

// dropChunks is delta debugging over operations: chunks of half the trace, then
// of a quarter and so on, down to two.
func (r *reducer) dropChunks(ctx context.Context) error {
	for size := len(r.ops()) / 2; size >= 2; size /= 2 {
		if err := r.dropWindows(ctx, size); err != nil {
			return err
		}
	}
	return nil
}

// dropSingles tries to leave out each operation by itself, the last first.
func (r *reducer) dropSingles(ctx context.Context) error { return r.dropWindows(ctx, 1) }

// dropWindows tries to leave out each window of size operations, the last
// first, several at a time.
func (r *reducer) dropWindows(ctx context.Context, size int) error {
	for end := len(r.ops()); end > 0; {
		end = min(end, len(r.ops()))
		var wave []models.Trace
		var starts []int
		for at := end; at > 0 && len(wave) < r.width; at -= size {
			start := max(at-size, 0)
			wave = append(wave, r.candidate(slices.Delete(slices.Clone(r.ops()), start, at)))
			starts = append(starts, start)
		}
		i, err := r.first(ctx, wave)
		if err != nil {
			return err
		}
		if i < 0 {
			i = len(starts) - 1
		}
		end = starts[i]
	}
	return nil
}

// dropPairs tries to leave out two operations of which neither can go alone. It
// asks the model first: a pair is tried only if without both everything else is
// answered as before, and without either alone something is not (a drop and the
// join after it, a logout and the login after it).
func (r *reducer) dropPairs(ctx context.Context) error {
	for i := 0; i < len(r.ops()); i++ {
		for k := i + 1; k < len(r.ops()); k++ {
			if !r.coupled(i, k) {
				continue
			}
			ops := slices.Delete(slices.Clone(r.ops()), k, k+1)
			if ok, err := r.shorter(ctx, slices.Delete(ops, i, i+1)); err != nil {
				return err
			} else if ok {
				k = i
			}
		}
	}
	return nil
}

func (r *reducer) coupled(i, k int) bool {
	all := r.outcomes(-1, -1)
	return slices.Equal(without(all, i, k), r.outcomes(i, k)) &&
		!slices.Equal(without(all, i, -1), r.outcomes(i, -1)) && !slices.Equal(without(all, k, -1), r.outcomes(k, -1))
}

// outcomes are what a correct service answers to the best trace without the
// operations i and k.
func (r *reducer) outcomes(i, k int) []models.Outcome {
	var out []models.Outcome
	s := models.NewState(r.policy)
	for n, op := range r.ops() {
		if n == i || n == k {
			continue
		}
		c := models.Call{Step: n + 1, Op: op}
		answer := s.Expect(c)
		out = append(out, answer.Outcome)
		s = s.Step(c, answer)
	}
	return out
}

func without(all []models.Outcome, i, k int) []models.Outcome {
	var out []models.Outcome
	for n, o := range all {
		if n != i && n != k {
			out = append(out, o)
		}
	}
	return out
}

func keepIf(ops []models.Operation, keep func(models.Operation) bool) []models.Operation {
	out := make([]models.Operation, 0, len(ops))
	for _, op := range ops {
		if keep(op) {
			out = append(out, op)
		}
	}
	return out
}

// mergeClinicians makes one clinician of two.
func (r *reducer) mergeClinicians(ctx context.Context) error {
	var clinicians []models.Handle
	for _, op := range r.ops() {
		if op.Kind() == models.KindClinician {
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

// mergeParticipants lets the patient do what the clinician did in his
// consultation, and where the clinician was shown another's recording, whatever
// else he did.
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
	return op.Rename(func(h models.Handle) models.Handle {
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
	switch op.Kind() {
	case models.KindPatient:
		return 0
	case models.KindClinician:
		return 1
	}
	return 2
}
