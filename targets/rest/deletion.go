package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// delete deletes a recording, whose id the world keeps, to ask for it again, until
// the service gives it to another.
func (w *World) delete(ctx context.Context, op models.Delete) (models.Response, error) {
	ask, ok := w.onRecording(op.OnRecording, deleteRecording)
	if !ok {
		return unbound()
	}
	r, err := w.tell(ctx, ask)
	if err == nil && r.Outcome == models.OK {
		w.replays.GiveUp(op.Recording)
	}
	return r, err
}

// closeAccount closes a user's account, whose token they keep using.
func (w *World) closeAccount(ctx context.Context, op models.Close) (models.Response, error) {
	r, err := w.tellAs(ctx, op.User, closeAccount())
	if err != nil || r.Outcome != models.OK {
		return r, err
	}
	for name, b := range w.bookings {
		if b.patient == op.User {
			w.replays.GiveUp(name)
		}
	}
	return r, nil
}
