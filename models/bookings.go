package models

import (
	"slices"
	"strconv"
)

// Mode is the mode of a consultation.
type Mode string

// The modes.
const (
	Audio Mode = "audio"
	Video Mode = "video"
)

// other returns the mode that m can be switched to.
func (m Mode) other() Mode {
	if m == Audio {
		return Video
	}
	return Audio
}

// booking is an appointment and the consultation held for it.
type booking struct {
	handle             Handle
	patient, clinician Handle
	slot               int
	consultation
	// uncertain says that an operation on it had an unknown outcome: what is
	// missing from it afterwards proves nothing.
	uncertain bool
	// ghost is the booking as it would be if the operations that were refused
	// on it had taken effect; nil where there were none. strangerWas is the
	// last stranger among those refused.
	ghost       *booking
	strangerWas Handle
	// reusedBy are the patients who were later given the same clinician's same
	// slot.
	reusedBy []Handle
}

// role is what a user is to a booking.
type role uint8

const (
	stranger role = iota
	asPatient
	asClinician
)

func (b *booking) role(u Handle) role {
	switch u {
	case b.patient:
		return asPatient
	case b.clinician:
		return asClinician
	}
	return stranger
}

// holdsSlot reports whether nobody else can book the booking's slot.
func (b *booking) holdsSlot() bool { return b.status == Planned || b.status == InProgress }

// Book makes an appointment for a patient with a clinician. Slot numbers the
// clinician's time slots from 1; a slot is free again once its appointment was
// held or cancelled.
type Book struct {
	Booking   Handle
	User      Handle
	Clinician Handle
	Mode      Mode
	Slot      int // 0 for slot 1
}

// SlotNumber is the slot booked, from 1.
func (o Book) SlotNumber() int { return max(o.Slot, 1) }

// Kind is "book".
func (o Book) Kind() Kind { return KindBook }

// Actor is the patient.
func (o Book) Actor() Handle { return o.User }

// Defines is the booking.
func (o Book) Defines() Handle { return o.Booking }

// Uses is the clinician.
func (o Book) Uses() Handle { return o.Clinician }

// Rename renames the booking, the patient and the clinician.
func (o Book) Rename(f func(Handle) Handle) Operation {
	o.Booking, o.User, o.Clinician = o.Booking.rename(f), o.User.rename(f), o.Clinician.rename(f)
	return o
}

// String is for example "b1 = alice.book(dr1, audio, slot=2)".
func (o Book) String() string {
	args := []string{string(o.Clinician), string(o.Mode)}
	if o.Slot != 0 {
		args = append(args, "slot="+strconv.Itoa(o.Slot))
	}
	return define(o.Booking, string(o.User)+"."+string(KindBook), args...)
}

func (o Book) expect(s *State, _ int) Response {
	if s.user(o.User).clinician {
		return Response{Outcome: Denied}
	}
	if c := s.user(o.Clinician); !c.clinician {
		return Response{Outcome: Invalid}
	}
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.clinician == o.Clinician && b.slot == o.SlotNumber() && b.holdsSlot() {
			return Response{Outcome: Conflict}
		}
	}
	return Response{Outcome: OK}
}

func (o Book) step(s *State, _ int, r Response) {
	s.booked++
	if r.Outcome != OK {
		return
	}
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.clinician == o.Clinician && b.slot == o.SlotNumber() && b.patient != o.User {
			b.reusedBy = append(slices.Clip(b.reusedBy), o.User)
		}
	}
	s.bookings = append(s.bookings, booking{
		handle: o.Booking, patient: o.User, clinician: o.Clinician, slot: o.SlotNumber(),
		consultation: consultation{status: Planned, mode: o.Mode, booked: o.Mode},
	})
}

func parseBook(r *reader) Operation {
	return Book{
		Booking:   r.definesBooking(),
		User:      r.actor(),
		Clinician: r.handle("a clinician, as in book(dr1, audio)"),
		Mode:      r.mode(),
		Slot:      r.option("slot", 1, 9999),
	}
}

func drawBooks(s *State, p Population) []Operation {
	name := BookingHandle(s.booked + 1)
	var out []Operation
	for _, u := range s.users {
		for _, c := range s.users {
			if u.clinician || !c.clinician {
				continue
			}
			for slot := 1; slot <= p.Slots; slot++ {
				out = append(out, Book{name, u.handle, c.handle, Audio, slot}, Book{name, u.handle, c.handle, Video, slot})
			}
		}
	}
	return out
}

// OnBooking is an operation of a user on a booking or its consultation.
type OnBooking struct {
	User    Handle
	Booking Handle
}

// Actor is the user.
func (o OnBooking) Actor() Handle { return o.User }

// Defines is nothing.
func (o OnBooking) Defines() Handle { return "" }

// Uses is the booking.
func (o OnBooking) Uses() Handle { return o.Booking }

func (o OnBooking) on() OnBooking { return o }

func (o OnBooking) rename(f func(Handle) Handle) OnBooking {
	return OnBooking{o.User.rename(f), o.Booking.rename(f)}
}

// bookingChange is what an operation on a booking does to it.
type bookingChange interface {
	// on says who changes which booking.
	on() OnBooking
	// answer is what a participant in this role is answered.
	answer(b *booking, who role, p *Policy) Outcome
	// apply changes b as the operation does when it is not refused.
	apply(b *booking, who role, step int)
}

// expect is the answer of a correct service to a change of a booking.
func (o OnBooking) expect(s *State, change bookingChange, step int) Response {
	return expectChange(s.booking(o.Booking), o.User, change, s.policy, step)
}

func expectChange(b *booking, user Handle, change bookingChange, p *Policy, step int) Response {
	who := b.role(user)
	if who == stranger {
		return Response{Outcome: p.Refusal}
	}
	if outcome := change.answer(b, who, p); outcome != OK {
		return Response{Outcome: outcome}
	}
	after := *b
	change.apply(&after, who, step)
	return Response{Outcome: OK, Encounter: after.encounter(p)}
}

// step records the answer to a change of a booking. Where the answer shows that
// an earlier, refused operation had taken effect, the booking becomes its ghost
// first.
func (o OnBooking) step(s *State, change bookingChange, step int, r Response) {
	b := s.booking(o.Booking)
	if b == nil {
		return
	}
	if s.loggedIn(o.User) && !s.uncertain(o.User) && b.explains(change, s.policy, step, r) {
		b.becomeGhost()
	}
	switch {
	case r.Outcome == OK:
		b.accept(change, step)
	case r.Outcome.Refused():
		b.haunt(change, step)
	case r.Outcome == Unknown:
		b.uncertain = true
	}
}

// accept applies an accepted change, to the ghost as well.
func (b *booking) accept(change bookingChange, step int) {
	who := b.role(change.on().User)
	change.apply(b, who, step)
	if b.ghost != nil {
		ghost := *b.ghost
		change.apply(&ghost, who, step)
		b.ghost = &ghost
	}
}

// haunt notes a refused change: the ghost is the booking on which it has taken
// effect all the same.
func (b *booking) haunt(change bookingChange, step int) {
	user := change.on().User
	ghost := *b
	if b.ghost != nil {
		ghost = *b.ghost
	}
	ghost.ghost = nil
	change.apply(&ghost, b.role(user), step)
	b.ghost = &ghost
	if b.role(user) == stranger {
		b.strangerWas = user
	}
}

// becomeGhost makes the booking what it is if the refused operations took
// effect.
func (b *booking) becomeGhost() {
	b.consultation, b.ghost = b.ghost.consultation, nil
}

// explains reports whether an answer contradicts the booking and is the one
// that its ghost would have led to.
func (b *booking) explains(change bookingChange, p *Policy, step int, r Response) bool {
	if b.ghost == nil || b.uncertain {
		return false
	}
	user := change.on().User
	return !agrees(expectChange(b, user, change, p, step), r) && agrees(expectChange(b.ghost, user, change, p, step), r)
}

// agrees reports whether two answers to a change of a booking are the same in
// outcome and in what they say of the consultation's status and mode. The
// number of the segment is left out: it depends on where media went, which is
// another rule's.
func agrees(a, b Response) bool {
	if a.Outcome.Refused() && b.Outcome.Refused() {
		return true
	}
	if a.Outcome != b.Outcome {
		return false
	}
	if a.Encounter == nil || b.Encounter == nil {
		return true
	}
	x, y := *a.Encounter, *b.Encounter
	return same(x.Status, y.Status) && same(x.Mode, y.Mode)
}

// same compares two things that a service may leave unsaid.
func same[T comparable](a, b T) bool {
	var unsaid T
	return a == unsaid || b == unsaid || a == b
}

// Cancel calls an appointment off before it begins.
type Cancel struct{ OnBooking }

// Kind is "cancel".
func (o Cancel) Kind() Kind { return KindCancel }

// Rename renames the user and the booking.
func (o Cancel) Rename(f func(Handle) Handle) Operation { return Cancel{o.rename(f)} }

// String is for example "alice.cancel(b1)".
func (o Cancel) String() string { return invoke(o.User, string(KindCancel), string(o.Booking)) }

func (o Cancel) expect(s *State, step int) Response  { return o.OnBooking.expect(s, o, step) }
func (o Cancel) step(s *State, step int, r Response) { o.OnBooking.step(s, o, step, r) }

func (o Cancel) answer(b *booking, _ role, _ *Policy) Outcome { return okIf(b.status == Planned) }
func (o Cancel) apply(b *booking, _ role, _ int)              { b.status = Cancelled }

// okIf is OK, or Conflict where the state of a booking does not allow it.
func okIf(allowed bool) Outcome {
	if allowed {
		return OK
	}
	return Conflict
}

func onBookingParser(op func(OnBooking) Operation) func(*reader) Operation {
	return func(r *reader) Operation {
		return op(OnBooking{r.actor(), r.handle("a booking, as in join(b1)")})
	}
}

func onBookingDrawer(op func(OnBooking) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		out := make([]Operation, 0, len(s.users)*len(s.bookings))
		for _, u := range s.users {
			for i := range s.bookings {
				out = append(out, op(OnBooking{u.handle, s.bookings[i].handle}))
			}
		}
		return out
	}
}
