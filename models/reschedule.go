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

func (o Reschedule) obstacle(s *State) obstacle {
	b := s.booking(o.Booking)
	who := s.role(o.User, b)
	if bar := s.policy.bar(who, true, o); bar != nothing {
		return bar
	}
	s.look(b)
	if who == asProxy && !s.counts(o.User, b) {
		return grantPending
	}
	if b.status == Planned && s.slotTaken(b.clinician, o.Slot, b.handle) {
		return slotTaken
	}
	return b.moved()
}

func (o Reschedule) expect(s *State, _ int) Response {
	return Response{Outcome: OK, Encounter: s.booking(o.Booking).encounter(s.role(o.User, s.booking(o.Booking)), s.policy)}
}

func (o Reschedule) step(s *State, _ int, r Response) {
	b := s.booking(o.Booking)
	if b == nil || r.Outcome != OK {
		return
	}
	if b.status == Cancelled {
		s.editBooking(o.Booking).status = Planned
	}
	if b.slot != o.Slot {
		s.giveSlot(b.clinician, o.Slot, b.patient)
		s.editBooking(o.Booking).slot = o.Slot
	}
}

// otherwise has what was moved begin anew, or a cancelled appointment stay so.
func (o Reschedule) otherwise(s *State, _ int) []*State {
	b := s.booking(o.Booking)
	if b == nil || b.status == Planned {
		return nil
	}
	next := *s
	c := next.editBooking(o.Booking)
	if b.status == Cancelled {
		o.step(&next, 0, Response{Outcome: OK})
		c.status = Cancelled
	} else {
		o.step(&next, 0, Response{Outcome: OK})
		c.status = Planned
		c.vacate()
	}
	return []*State{next.released()}
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
