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
	guest              Handle // a second patient, or empty
	slot               int
	consultation
	// shares are the recordings shared, gone the numbers of those deleted, and
	// accesses who was shown or played which.
	shares   []share
	gone     []int
	accesses []access
	// uncertain says that an operation on it had an unknown outcome: what is
	// missing from it afterwards proves nothing.
	uncertain bool
	// ghosts are the consultation as it would be if operations that were
	// refused on it had taken effect: the first if all of them had, the others
	// if one of them alone had. It is empty where none was refused.
	ghosts []ghost
	// reusedBy are the strangers who were later given the same clinician's same
	// slot.
	reusedBy []Handle
}

// ghost is what a consultation would be if a refused operation had taken effect.
type ghost struct {
	consultation
	stranger Handle // who performed it, if he may never do so
}

// maxGhosts is the number of ghosts of a booking that are kept.
const maxGhosts = 8

// role is what a user is to a booking.
type role uint8

const (
	stranger role = iota
	asPatient
	asClinician
	asGuest
	asProxy // of the patient; he takes no part in the consultation
)

// attends reports whether those in a role take part in the consultation.
func (r role) attends() bool { return r == asPatient || r == asClinician || r == asGuest }

// barred reports whether those in a role may never do what an operation does,
// whatever the state of the booking: a stranger nothing, a guest not change the
// appointment, and a proxy not take part in the consultation.
func (r role) barred(ofBooking bool) bool {
	return r == stranger || r == asGuest && ofBooking || r == asProxy && !ofBooking
}

// role is what a user is to the booking, as far as it depends on the booking.
func (b *booking) role(u Handle) role {
	switch {
	case u == "":
		return stranger
	case u == b.patient:
		return asPatient
	case u == b.clinician:
		return asClinician
	case u == b.guest:
		return asGuest
	}
	return stranger
}

// role is what a user is to a booking.
func (s *State) role(u Handle, b *booking) role {
	if who := b.role(u); who != stranger || !s.isProxy(u, b.patient) {
		return who
	}
	return asProxy
}

// Book makes an appointment for a patient with a clinician. Slot numbers the
// clinician's time slots from 1; a slot is free again once its appointment was
// held or cancelled.
type Book struct {
	Booking   Handle
	User      Handle
	Clinician Handle
	Mode      Mode
	Slot      int    // 0 for slot 1
	With      Handle // a second patient who takes part; empty for none
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

// Whom is the second patient.
func (o Book) Whom() Handle { return o.With }

// Rename renames the booking, the patients and the clinician.
func (o Book) Rename(f func(Handle) Handle) Operation {
	o.Booking, o.User, o.Clinician = o.Booking.rename(f), o.User.rename(f), o.Clinician.rename(f)
	o.With = o.With.rename(f)
	return o
}

// String is for example "b1 = alice.book(dr1, audio, slot=2)".
func (o Book) String() string {
	args := []string{string(o.Clinician), string(o.Mode)}
	if o.Slot != 0 {
		args = append(args, "slot="+strconv.Itoa(o.Slot))
	}
	if o.With != "" {
		args = append(args, "with="+string(o.With))
	}
	return define(o.Booking, string(o.User)+"."+string(KindBook), args...)
}

func (o Book) expect(s *State, _ int) Response {
	if s.user(o.User).clinician {
		return Response{Outcome: Denied}
	}
	if c := s.user(o.Clinician); !c.clinician || o.With != "" && !s.mayBeGuest(o.With, o.User) {
		return Response{Outcome: Invalid}
	}
	if s.slotTaken(o.Clinician, o.SlotNumber(), "") {
		return Response{Outcome: Conflict}
	}
	return Response{Outcome: OK}
}

// mayBeGuest reports whether a user can be booked into a patient's consultation.
func (s *State) mayBeGuest(guest, patient Handle) bool {
	u := s.user(guest)
	return s.policy.Groups && guest != patient && !u.clinician && !u.closed
}

// slotTaken reports whether a booking other than the one left out holds a
// clinician's slot.
func (s *State) slotTaken(clinician Handle, slot int, but Handle) bool {
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.clinician == clinician && b.slot == slot && b.handle != but && b.holdsSlot() {
			return true
		}
	}
	return false
}

// giveSlot notes that a patient was given a clinician's slot, for the bookings
// that had it before.
func (s *State) giveSlot(clinician Handle, slot int, patient Handle) {
	for i := range s.bookings {
		b := &s.bookings[i]
		if b.clinician == clinician && b.slot == slot && b.role(patient) == stranger {
			b = s.editBooking(b.handle)
			b.reusedBy = append(slices.Clip(b.reusedBy), patient)
		}
	}
}

func (o Book) step(s *State, _ int, r Response) {
	s.booked++
	if r.Outcome != OK {
		return
	}
	s.giveSlot(o.Clinician, o.SlotNumber(), o.User)
	s.bookings = append(slices.Clip(s.bookings), booking{
		handle: o.Booking, patient: o.User, clinician: o.Clinician, guest: o.With, slot: o.SlotNumber(),
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
		With:      r.named("with"),
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
				one := Book{Booking: name, User: u.handle, Clinician: c.handle, Mode: Audio, Slot: slot}
				other := one
				other.Mode = Video
				out = append(out, one, other)
				out = s.drawGuests(out, one)
			}
		}
	}
	return out
}

// drawGuests appends the booking with each other patient as guest, where the
// policy has groups.
func (s *State) drawGuests(out []Operation, o Book) []Operation {
	if !s.policy.Groups {
		return out
	}
	for _, u := range s.users {
		if !u.clinician && u.handle != o.User {
			o.With = u.handle
			out = append(out, o)
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

// Whom is nobody.
func (o OnBooking) Whom() Handle { return "" }

func (o OnBooking) on() OnBooking { return o }

func (o OnBooking) rename(f func(Handle) Handle) OnBooking {
	return OnBooking{o.User.rename(f), o.Booking.rename(f)}
}

// bookingChange is what an operation on a booking does to it.
type bookingChange interface {
	// on says who changes which booking.
	on() OnBooking
	// answer is what one who is no stranger to the booking is answered.
	answer(c *consultation, who role, p *Policy) Outcome
	// ofBooking reports whether it changes the appointment, which a proxy may do,
	// and not the consultation, in which he takes no part.
	ofBooking() bool
	// apply changes c as the operation does when it is not refused.
	apply(c *consultation, who role, step int)
}

// expect is the answer of a correct service to a change of a booking.
func (o OnBooking) expect(s *State, change bookingChange, step int) Response {
	b := s.booking(o.Booking)
	return expectChange(&b.consultation, s.role(o.User, b), change, s.policy, step)
}

// answerChange is the outcome of a change of a booking on a correct service.
func answerChange(c *consultation, who role, change bookingChange, p *Policy) Outcome {
	switch {
	case who == stranger:
		return p.Refusal
	case who.barred(change.ofBooking()):
		return Denied
	}
	return change.answer(c, who, p)
}

func expectChange(c *consultation, who role, change bookingChange, p *Policy, step int) Response {
	if outcome := answerChange(c, who, change, p); outcome != OK {
		return Response{Outcome: outcome}
	}
	after := *c
	change.apply(&after, who, step)
	return Response{Outcome: OK, Encounter: after.encounter(p)}
}

// step records the answer to a change of a booking. Where the answer shows that
// an earlier, refused operation had taken effect, the booking becomes its ghost
// first.
func (o OnBooking) step(s *State, change bookingChange, step int, r Response) {
	if s.booking(o.Booking) == nil {
		return
	}
	b := s.editBooking(o.Booking)
	who := s.role(o.User, b)
	if s.loggedIn(o.User) && !s.uncertain(o.User) {
		if g := b.explain(change, who, s.policy, step, r); g != nil {
			b.consultation, b.ghosts = g.consultation, nil
		}
	}
	switch {
	case r.Outcome == OK:
		b.accept(change, who, step)
	case r.Outcome.Refused():
		b.haunt(change, who, step)
	case r.Outcome == Unknown:
		b.uncertain = true
	}
}

// accept applies an accepted change, to the ghosts as well.
func (b *booking) accept(change bookingChange, who role, step int) {
	change.apply(&b.consultation, who, step)
	b.ghosts = slices.Clone(b.ghosts)
	for i := range b.ghosts {
		change.apply(&b.ghosts[i].consultation, who, step)
	}
}

// haunt notes a refused change, unless it could not have had any effect.
func (b *booking) haunt(change bookingChange, who role, step int) {
	alone := ghost{consultation: b.consultation}
	if who.barred(change.ofBooking()) {
		alone.stranger = change.on().User
	}
	change.apply(&alone.consultation, who, step)
	if alone.looksLike(&b.consultation) {
		return
	}
	together := alone
	if len(b.ghosts) > 0 {
		together.consultation = b.ghosts[0].consultation
		change.apply(&together.consultation, who, step)
	}
	others := b.ghosts[min(1, len(b.ghosts)):]
	others = others[max(0, len(others)-maxGhosts):]
	b.ghosts = slices.Concat([]ghost{together}, others, []ghost{alone})
}

// looksLike reports whether nothing was done to d that was not done to c.
func (c *consultation) looksLike(d *consultation) bool {
	return c.status == d.status && c.mode == d.mode && c.patientIs == d.patientIs && c.clinicianIs == d.clinicianIs && c.guestIs == d.guestIs &&
		slices.EqualFunc(c.segments, d.segments, func(s, t segment) bool { return len(s.moments) == len(t.moments) })
}

// explain returns the ghost that would have led to an answer which contradicts
// the booking, or nil. One operation explains it rather than all of them.
func (b *booking) explain(change bookingChange, who role, p *Policy, step int, r Response) *ghost {
	if b.uncertain || len(b.ghosts) == 0 || agrees(expectChange(&b.consultation, who, change, p, step), r) {
		return nil
	}
	for i := len(b.ghosts) - 1; i >= 0; i-- {
		if g := &b.ghosts[i]; agrees(expectChange(&g.consultation, who, change, p, step), r) {
			return g
		}
	}
	return nil
}

// toldApart reports whether an answer decides between what is expected and
// what a ghost would have led to.
func (b *booking) toldApart(change bookingChange, who role, p *Policy, step int, expected, got Response) bool {
	for i := range b.ghosts {
		haunted := expectChange(&b.ghosts[i].consultation, who, change, p, step)
		if !agrees(expected, haunted) && !(agrees(expected, got) && agrees(haunted, got)) {
			return true
		}
	}
	return false
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

func (o Cancel) answer(c *consultation, _ role, _ *Policy) Outcome { return okIf(c.status == Planned) }

func (o Cancel) ofBooking() bool                      { return true }
func (o Cancel) apply(c *consultation, _ role, _ int) { c.status = Cancelled }

// okIf is OK, or Conflict where the state of a booking does not allow it.
func okIf(allowed bool) Outcome {
	if allowed {
		return OK
	}
	return Conflict
}

// onBooking is the entry of the catalogue for operations on a booking that take
// no other argument.
func onBooking(kind Kind, shape string, op func(OnBooking) Operation) verb {
	return verb{kind, shape,
		func(r *reader) Operation { return op(OnBooking{r.actor(), r.booking()}) },
		func(s *State, _ Population) []Operation {
			out := make([]Operation, 0, len(s.users)*len(s.bookings))
			for _, u := range s.users {
				for i := range s.bookings {
					out = append(out, op(OnBooking{u.handle, s.bookings[i].handle}))
				}
			}
			return out
		}}
}
