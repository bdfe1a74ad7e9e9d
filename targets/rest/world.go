package rest

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// World is one world on a service: the ids and tokens behind its handles. Its
// methods must not be called concurrently.
type World struct {
	target    *Target
	namespace models.Namespace

	users    map[models.Handle]*user
	bookings map[models.Handle]booking
	replays  *naming.Recordings
	cursors  map[models.Handle]cursor
	// handles of users, by their ids.
	handles map[string]models.Handle
	// links are the secrets of playback links.
	links map[models.Handle]string
	// off says that this world may have left replays switched off.
	off bool

	session exchange.Session
}

func newWorld(t *Target, n models.Namespace) *World {
	return &World{
		target:    t,
		namespace: n,
		users:     make(map[models.Handle]*user),
		bookings:  make(map[models.Handle]booking),
		handles:   make(map[string]models.Handle),
		links:     make(map[models.Handle]string),
		replays:   naming.NewRecordings(n, func(h models.Handle) string { return naming.UUID(n, h) }),
		cursors:   make(map[models.Handle]cursor),
		session:   t.Session(n, t.timeout),
	}
}

// Close leaves what a world has made on the service. Replays that the world has
// switched off are switched on again, as far as the service lets it: other
// worlds may follow.
func (w *World) Close() error {
	if w.off {
		_, _ = w.setReplays(context.Background(), models.Replays{On: true})
	}
	return nil
}

// Apply performs an operation. Nothing is sent where the service never gave an
// id for a handle that the operation uses.
func (w *World) Apply(ctx context.Context, call models.Call) (models.Response, error) {
	w.session.Begin(call.Step)
	r, err := w.perform(ctx, call)
	if err != nil {
		return models.Response{}, err
	}
	w.session.Report(&r)
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
	case models.Close:
		return w.closeAccount(ctx, op)
	case models.Book:
		return w.book(ctx, op)
	case models.Reschedule:
		return w.reschedule(ctx, op)
	case models.Cancel:
		return w.change(ctx, op.OnBooking, cancelAppointment, "", nil)
	case models.Join:
		return w.meet(ctx, op.OnBooking, joinEncounter, "", nil)
	case models.Drop:
		return w.meet(ctx, op.OnBooking, dropEncounter, "", nil)
	case models.Speak:
		return w.speak(ctx, op, call.Step)
	case models.Switch:
		return w.switchMode(ctx, op)
	case models.Leave:
		return w.meet(ctx, op.OnBooking, leaveEncounter, "", nil)
	case models.End:
		return w.meet(ctx, op.OnBooking, endEncounter, "", nil)
	}
	return w.performReplays(ctx, call)
}

// performReplays performs the operations on recordings.
func (w *World) performReplays(ctx context.Context, call models.Call) (models.Response, error) {
	switch op := call.Op.(type) {
	case models.List:
		return w.list(ctx, op)
	case models.Page:
		return w.page(ctx, op)
	case models.Follow:
		return w.follow(ctx, op)
	case models.Get:
		return w.get(ctx, op)
	case models.Play:
		return w.play(ctx, op)
	case models.Head:
		return w.head(ctx, op)
	case models.Thumb:
		return w.derived(ctx, op.OnRecording, getRecordingThumbnail) // what begins the media
	case models.Transcript:
		return w.derived(ctx, op.OnRecording, getRecordingTranscript) // what begins each piece of it
	case models.Link:
		return w.link(ctx, op)
	case models.Open:
		return w.open(ctx, op)
	case models.Share:
		return w.withPeer(ctx, op.Sharing, shareRecording)
	case models.Unshare:
		return w.withPeer(ctx, op.Sharing, unshareRecording)
	case models.Appoint:
		return w.ofProxy(ctx, op.Proxying, appointProxy)
	case models.Dismiss:
		return w.ofProxy(ctx, op.Proxying, dismissProxy)
	case models.Delete:
		return w.delete(ctx, op)
	case models.Export:
		return w.export(ctx, op)
	case models.Inbox:
		return w.inbox(ctx, op)
	case models.Audit:
		return w.audit(ctx, op)
	case models.Replays:
		return w.setReplays(ctx, op)
	case models.Restart:
		return w.restart(ctx)
	}
	return models.Response{}, fmt.Errorf("perform %s: the API has no operation %q", call.Op, call.Op.Kind())
}

// unbound is the response where nothing can be sent.
func unbound() (models.Response, error) { return models.Response{Outcome: models.Unbound}, nil }
