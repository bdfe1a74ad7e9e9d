package models

// Reschedule moves an appointment that has not begun to another slot of its
// clinician.
type Reschedule struct {
	OnBooking
	Slot int // from 1
}

// Kind is "reschedule".
func (o Reschedule) Kind() Kind { return KindReschedule }

// String is its line in a trace.
func (o Reschedule) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Reschedule) fields(f *fields) Operation {
	o.onBooking(f)
	f.slot(&o.Slot, "the slot to move to")
	return o
}

func (o Reschedule) expect(s *State, _ int) Response {
	b := s.booking(o.Booking)
	switch who := s.role(o.User, b); {
	case who == stranger:
		return Response{Outcome: s.policy.Refusal}
	case s.policy.bars(who, true, o):
		return Response{Outcome: Denied}
	case b.status != Planned || s.slotTaken(b.clinician, o.Slot, b.handle):
		return Response{Outcome: Conflict}
	}
	return Response{Outcome: OK, Encounter: b.encounter(s.policy)}
}

func (o Reschedule) step(s *State, _ int, r Response) {
	b := s.booking(o.Booking)
	if b != nil && r.Outcome == OK && b.slot != o.Slot {
		s.giveSlot(b.clinician, o.Slot, b.patient)
		s.editBooking(o.Booking).slot = o.Slot
	}
}

func drawReschedules(s *State, p Population) []Operation {
	out := make([]Operation, 0, len(s.users)*len(s.bookings)*p.Slots)
	for _, u := range s.users {
		for i := range s.bookings {
			for slot := 1; slot <= p.Slots; slot++ {
				out = append(out, Reschedule{OnBooking{u.handle, s.bookings[i].handle}, slot})
			}
		}
	}
	return out
}
