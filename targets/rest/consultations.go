package rest

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

func (w *World) switchMode(ctx context.Context, op models.Switch) (models.Response, error) {
	return w.meet(ctx, op.OnBooking, setEncounterMode, jsonType, asJSON(NewMode{Mode: Mode(op.Mode)}))
}

// speak sends the media that names this booking and this step.
func (w *World) speak(ctx context.Context, op models.Speak, step int) (models.Response, error) {
	tag := models.Tag{World: w.namespace, Booking: op.Booking, Moment: step}
	return w.meet(ctx, op.OnBooking, sendEncounterMedia, "application/octet-stream", tag.Media())
}

// meet performs an operation on an encounter, and learns the recordings of one
// that is completed.
func (w *World) meet(ctx context.Context, on models.OnBooking, to func(Id) route, contentType string, body []byte) (models.Response, error) {
	authorization, b, ok := w.onBooking(on)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: to(b.encounter), authorization: authorization, contentType: contentType, body: body,
		ids: [2]string{b.encounter}})
	if err != nil {
		return models.Response{}, err
	}
	e, ok := a.encounter()
	r := a.Response()
	if ok {
		r.Encounter = e.model()
		w.learn(on.Booking, e)
	}
	return r, nil
}

// encounter reads an answer that is an encounter.
func (a *answer) encounter() (e Encounter, ok bool) {
	if !a.Decode(&e) {
		return e, false
	}
	if !e.Status.Valid() || !e.Mode.Valid() {
		a.Lacks("status or mode")
		return e, false
	}
	return e, true
}

// model is what the service says of the encounter, in the terms of the model.
func (e Encounter) model() *models.Encounter {
	m := &models.Encounter{Status: models.EncounterStatus(e.Status), Mode: models.Mode(e.Mode)}
	if e.Status == EncounterStatusInProgress {
		m.Segment = e.Segment
	}
	return m
}

// learn takes up the ids of a completed encounter's recordings, in the order of
// their segments.
func (w *World) learn(name models.Handle, e Encounter) {
	if e.Status != EncounterStatusCompleted {
		return
	}
	slices.SortStableFunc(e.Recordings, func(a, b Recording) int { return a.Segment - b.Segment })
	for _, r := range e.Recordings {
		w.replays.Learn(name, r.Id, r.Segment)
	}
	w.replays.Complete(name)
}
