package models

import "slices"

// Mode is the mode of a consultation.
type Mode string

// The modes.
const (
	Audio Mode = "audio"
	Video Mode = "video"
)

// Other is the mode that m can be switched to.
func (m Mode) Other() Mode {
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
	// hidden are the numbers of the recordings that are deleted for the patient
	// alone, and closed those that are gone with the patient's account, and come
	// back if it does.
	hidden, closed []int
	// reusedBy are the strangers who were later given the same clinician's same
	// slot.
	reusedBy []Handle
	showing  showing
}

// role is what a user is to a booking.
type role uint8

const (
	stranger role = iota
	asPatient
	asClinician
	asGuest
	asProxy // of the patient; they take no part in the consultation
)

// attends reports whether those in a role take part in the consultation.
func (r role) attends() bool { return r == asPatient || r == asClinician || r == asGuest }

// bar is what keeps those in a role from ever changing a booking as an operation
// does, whatever its state: a stranger from anything, a guest from changing the
// appointment, and a proxy from taking part in the consultation, unless that is
// declared.
func (p *Policy) bar(who role, ofBooking bool, change any) obstacle {
	switch {
	case who == stranger:
		return notTheirVisit
	case who == asGuest && ofBooking && !p.withdraws(who, change):
		return guestOfAppointment
	case who == asProxy && !ofBooking && p.Access.of(proxiesJoin) != allowed:
		return proxyInVisit
	}
	return nothing
}

// withdraws reports whether a guest cancels for themself alone.
func (p *Policy) withdraws(who role, change any) bool {
	_, cancels := change.(Cancel)
	return cancels && who == asGuest && p.Access.of(guests) == mayWithdraw
}

// seat is the role in which somebody takes part in a consultation: a proxy who may
// takes the patient's place.
func (r role) seat(change bookingChange) role {
	if r == asProxy && !change.ofBooking() {
		return asPatient
	}
	return r
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

// String is its line in a trace.
func (o Book) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Book) fields(f *fields) Operation {
	f.defines(&o.Booking, ABooking)
	f.actor(&o.User)
	f.clinician(&o.Clinician)
	f.mode(&o.Mode)
	f.slot(&o.Slot, "")
	f.other("with", &o.With)
	return o
}

// Actor is the patient.
func (o Book) Actor() Handle { return o.User }

// Defines is the booking.
func (o Book) Defines() Handle { return o.Booking }

// Uses is the clinician.
func (o Book) Uses() Handle { return o.Clinician }

// Whom is the second patient.
func (o Book) Whom() Handle { return o.With }

func (o Book) known(s *State) bool { return s.user(o.Clinician) != nil }

func (o Book) obstacle(s *State) obstacle {
	c := s.user(o.Clinician)
	switch {
	case o.With != "" && !s.policy.Groups:
		return withoutGroups
	case s.user(o.User).clinician:
		return bookedByClinician
	case !c.clinician || c.closed:
		return withNoClinician
	case o.With != "" && !s.mayBeGuest(o.With, o.User):
		return unfitGuest
	case s.slotTaken(o.Clinician, o.SlotNumber(), ""):
		return slotTaken
	}
	return nothing
}

func (o Book) expect(*State, int) Response { return Response{Outcome: OK} }

// mayBeGuest reports whether a user can be booked into a patient's consultation.
func (s *State) mayBeGuest(guest, patient Handle) bool {
	u := s.user(guest)
	return guest != patient && !u.clinician && !u.closed
}

// slotTaken reports whether a booking other than the one left out holds a
// clinician's slot.
func (s *State) slotTaken(clinician Handle, slot int, but Handle) bool {
	if s.policy.Slotless {
		return false
	}
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
	if s.policy.Slotless {
		return
	}
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

// Cancel calls an appointment off before it begins. A service may let a visit be
// cancelled that has begun: it ends then, and what was spoken is recorded or not.
type Cancel struct{ OnBooking }

// Kind is "cancel".
func (o Cancel) Kind() Kind { return KindCancel }

// String is its line in a trace.
func (o Cancel) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Cancel) fields(f *fields) Operation { o.onBooking(f); return o }

func (o Cancel) obstacle(s *State) obstacle          { return o.OnBooking.obstacle(s, o) }
func (o Cancel) expect(s *State, step int) Response  { return o.OnBooking.expect(s, o, step) }
func (o Cancel) step(s *State, step int, r Response) { o.OnBooking.step(s, o, step, r) }

func (o Cancel) hindered(c *consultation, _ role, _ *Policy) obstacle { return c.moved() }

func (o Cancel) ofBooking() bool { return true }

func (o Cancel) apply(c *consultation, _ role, _ *State, _ int) {
	if c.holdsSlot() {
		c.status = Cancelled
		c.vacate()
	}
}

// otherwise leaves what was spoken before a visit was cancelled.
func (o Cancel) otherwise(c *consultation, _ role, _ *State, _ int) []consultation {
	if c.status != InProgress {
		return nil
	}
	held := *c
	held.finish()
	return []consultation{held}
}

// moved is what stands in the way of one who cancels or moves the appointment.
func (c *consultation) moved() obstacle {
	switch c.status {
	case InProgress:
		return visitBegun
	case Completed:
		return visitOver
	case Cancelled:
		return visitCancelled
	}
	return nothing
}
