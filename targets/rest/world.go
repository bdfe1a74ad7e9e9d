package rest

import (
	"bytes"
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
)

// World is one world on a service: the ids and tokens behind its handles. Its
// methods must not be called concurrently.
type World struct {
	target    *Target
	namespace models.Namespace

	users    map[models.Handle]*user
	bookings map[models.Handle]booking
	replays  replays
	// handles of users, by their ids.
	handles map[string]models.Handle

	step, sent int // the operation being performed, and the requests for it
	buffer     bytes.Buffer
}

func newWorld(t *Target, n models.Namespace) *World {
	return &World{
		target:    t,
		namespace: n,
		users:     make(map[models.Handle]*user),
		bookings:  make(map[models.Handle]booking),
		handles:   make(map[string]models.Handle),
		replays:   newReplays(n),
	}
}

// Close does nothing: what a world has made stays on the service.
func (w *World) Close() error { return nil }

// Apply performs an operation. Nothing is sent where the service never gave an
// id for a handle that the operation uses.
func (w *World) Apply(ctx context.Context, call models.Call) (models.Response, error) {
	w.step, w.sent = call.Step, 0
	r, err := w.perform(ctx, call)
	if err != nil {
		return models.Response{}, err
	}
	r.Requests = w.sent
	return r, nil
}

func (w *World) perform(ctx context.Context, call models.Call) (models.Response, error) {
	switch op := call.Op.(type) {
	case models.Patient:
		return w.patient(ctx, op)
	case models.Clinician:
		return w.clinician(ctx, op)
	case models.Login:
		return w.login(ctx, op)
	case models.Logout:
		return w.logout(ctx, op)
	case models.Book:
		return w.book(ctx, op)
	case models.Cancel:
		return w.cancel(ctx, op)
	case models.Join:
		return w.join(ctx, op)
	case models.Drop:
		return w.drop(ctx, op)
	case models.Speak:
		return w.speak(ctx, op, call.Step)
	case models.Switch:
		return w.switchMode(ctx, op)
	case models.Leave:
		return w.leave(ctx, op)
	case models.End:
		return w.end(ctx, op)
	case models.List:
		return w.list(ctx, op)
	case models.Get:
		return w.get(ctx, op)
	case models.Head:
		return w.head(ctx, op)
	case models.Play:
		return w.play(ctx, op)
	}
	return models.Response{}, fmt.Errorf("perform %s: the API has no operation %q", call.Op, call.Op.Kind())
}

// unbound is the response where nothing can be sent.
func unbound() (models.Response, error) { return models.Response{Outcome: models.Unbound}, nil }
