package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// delete deletes a recording, whose id the world keeps: it is asked for again.
func (w *World) delete(ctx context.Context, op models.Delete) (models.Response, error) {
	ask, ok := w.onRecording(op.OnRecording, deleteRecording)
	if !ok {
		return unbound()
	}
	return w.tell(ctx, ask)
}

// closeAccount closes a user's account, whose token he keeps using.
func (w *World) closeAccount(ctx context.Context, op models.Close) (models.Response, error) {
	return w.tellAs(ctx, op.User, closeAccount())
}
