package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// booking is an appointment that the service has made, and its encounter.
type booking struct {
	appointment, encounter string
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
	a, err := w.send(ctx, request{route: createAppointment(), authorization: u.authorization, contentType: jsonType, body: asJSON(body)})
	if err != nil {
		return models.Response{}, err
	}
	if made, ok := a.appointment(); ok {
		w.bookings[op.Booking] = booking{made.Id, made.Encounter}
	}
	return a.response(), nil
}

// appointment reads an answer that is an appointment.
func (a *answer) appointment() (made Appointment, ok bool) {
	if !a.decode(&made) {
		return made, false
	}
	if made.Id == "" || made.Encounter == "" || !made.Status.Valid() {
		a.lacks("id, encounter or status")
		return made, false
	}
	return made, true
}

func (w *World) cancel(ctx context.Context, op models.Cancel) (models.Response, error) {
	u, b, ok := w.onBooking(op.OnBooking)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: cancelAppointment(b.appointment), authorization: u.authorization})
	if err != nil {
		return models.Response{}, err
	}
	cancelled, ok := a.appointment()
	r := a.response()
	if ok {
		r.Encounter = &models.Encounter{Status: encounterStatus(cancelled.Status)}
	}
	return r, nil
}

// onBooking finds who acts on what, and reports whether the service knows both.
func (w *World) onBooking(on models.OnBooking) (*user, booking, bool) {
	u, b := w.users[on.User], w.bookings[on.Booking]
	return u, b, u != nil && b.appointment != ""
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
