package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// booking is an appointment that the service has made, and its encounter.
type booking struct {
	appointment, encounter string
	patient                models.Handle
}

func (w *World) book(ctx context.Context, op models.Book) (models.Response, error) {
	u, c := w.users[op.User], w.users[op.Clinician]
	if u == nil || c == nil {
		return unbound()
	}
	body := NewAppointment{
		Practitioner: c.id, Slot: int64(op.SlotNumber()), Mode: Mode(op.Mode),
		Description: models.Tag{World: w.namespace, Booking: op.Booking}.Title(),
	}
	if op.With != "" {
		guest := w.users[op.With]
		if guest == nil {
			return unbound()
		}
		body.Guest = guest.id
	}
	a, err := w.send(ctx, request{route: createAppointment(), authorization: u.authorization, contentType: jsonType,
		body: asJSON(body), ids: [2]string{c.id, body.Guest}})
	if err != nil {
		return models.Response{}, err
	}
	if made, ok := a.appointment(); ok {
		w.bookings[op.Booking] = booking{made.Id, made.Encounter, op.User}
	}
	return a.Response(), nil
}

// appointment reads an answer that is an appointment.
func (a *answer) appointment() (made Appointment, ok bool) {
	if !a.Decode(&made) {
		return made, false
	}
	if made.Id == "" || made.Encounter == "" || !made.Status.Valid() {
		a.Lacks("id, encounter or status")
		return made, false
	}
	return made, true
}

func (w *World) reschedule(ctx context.Context, op models.Reschedule) (models.Response, error) {
	return w.change(ctx, op.OnBooking, rescheduleAppointment, jsonType, asJSON(NewSlot{Slot: int64(op.Slot)}))
}

// change performs an operation on an appointment. While its encounter is
// planned, the mode is the one booked.
func (w *World) change(ctx context.Context, on models.OnBooking, to func(Id) route, contentType string, body []byte) (models.Response, error) {
	authorization, b, ok := w.onBooking(on)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: to(b.appointment), authorization: authorization, contentType: contentType, body: body,
		ids: [2]string{b.appointment}})
	if err != nil {
		return models.Response{}, err
	}
	changed, ok := a.appointment()
	r := a.Response()
	if ok {
		r.Encounter = &models.Encounter{Status: encounterStatus(changed.Status)}
		if r.Encounter.Status == models.Planned {
			r.Encounter.Mode = models.Mode(changed.Mode)
		}
	}
	return r, nil
}

// onBooking finds who acts on what, and reports whether the service knows both.
func (w *World) onBooking(on models.OnBooking) (authorization string, b booking, ok bool) {
	authorization, ok = w.caller(on.User)
	b = w.bookings[on.Booking]
	return authorization, b, ok && b.appointment != ""
}

// encounterStatus is the status that an encounter has with its appointment.
func encounterStatus(s AppointmentStatus) models.EncounterStatus {
	switch s {
	case AppointmentStatusArrived:
		return models.InProgress
	case AppointmentStatusFulfilled:
		return models.Completed
	case AppointmentStatusCancelled:
		return models.Cancelled
	}
	return models.Planned
}
