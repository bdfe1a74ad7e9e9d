package process

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// World is one world on the service of an adapter. It keeps what the adapter was
// told and has reported, and names again what comes back. Its methods must not
// be called concurrently.
type World struct {
	target    *Target
	namespace models.Namespace

	users    map[models.Handle]naming.Person // whom the service has registered
	bookings map[models.Handle]models.Handle // who has made them
	links    map[models.Handle]bool
	cursors  map[models.Handle]bool
	replays  *naming.Recordings
	// off says that this world may have left replays switched off.
	off bool
}

func newWorld(t *Target, n models.Namespace) *World {
	return &World{
		target:    t,
		namespace: n,
		users:     make(map[models.Handle]naming.Person),
		bookings:  make(map[models.Handle]models.Handle),
		links:     make(map[models.Handle]bool),
		cursors:   make(map[models.Handle]bool),
		replays:   naming.NewRecordings(n, func(h models.Handle) string { return naming.UUID(n, h) }),
	}
}

// Apply has the adapter perform an operation. Nothing is asked of it where the
// service never gave what the operation uses. The error wraps [ErrAdapter],
// unless ctx is done.
func (w *World) Apply(ctx context.Context, call models.Call) (models.Response, error) {
	k := call.Op.Kind()
	if !w.target.Capabilities().Supports(k) {
		return models.Response{}, w.target.adapter.unable(call)
	}
	if models.CredentialsFor(k) == models.NoRequest {
		m := &message{Do: doRestart, about: about(call)}
		return models.Response{Outcome: models.OK}, w.target.adapter.tell(ctx, m)
	}
	m, p, ok := w.message(call)
	if !ok {
		return models.Response{Outcome: models.Unbound}, nil
	}
	a, err := w.target.adapter.apply(ctx, m)
	if err != nil {
		return models.Response{}, err
	}
	r := w.response(k, m, a)
	w.replays.Rank(call.Op, r.Listing)
	secret.Conceal(&r, w.target.launcher.config.known.Text)
	w.learn(call.Op, p, a)
	return r, nil
}

func about(call models.Call) string { return fmt.Sprintf("step %d, %s", call.Step, call.Op) }

// Close has the adapter forget the world. Replays that the world has switched off
// are switched on again, as far as the service lets it: other worlds may follow.
func (w *World) Close() error {
	ctx := context.Background()
	if w.target.adapter.ended() {
		return nil
	}
	if w.off {
		on := models.Replays{On: true}
		m := &message{Do: doApply, World: w.namespace, Line: on.String(), Operation: operationOf(on), about: on.String()}
		if _, err := w.target.adapter.apply(ctx, m); err != nil {
			return err
		}
	}
	return w.target.adapter.tell(ctx, &message{Do: doClose, World: w.namespace, about: "close world " + string(w.namespace)})
}

// message is the message with which an operation is asked for, and who registers
// with it, if somebody does. It reports whether the service has given all that
// the operation uses.
func (w *World) message(call models.Call) (m *message, p naming.Person, ok bool) {
	m = &message{Do: doApply, World: w.namespace, Step: call.Step, Line: call.Op.String(), Operation: operationOf(call.Op), about: about(call)}
	if !w.acts(call.Op.Actor()) || !w.knows(call.Op, m) {
		return m, p, false
	}
	if models.DefinedBy(call.Op.Kind()) == models.ABooking {
		m.Title = models.Tag{World: w.namespace, Booking: call.Op.Defines()}.Title()
	}
	if models.Speaks(call.Op.Kind()) {
		m.Media = models.Tag{World: w.namespace, Booking: call.Op.Uses(), Moment: call.Step}.Media()
	}
	switch op := call.Op.(type) {
	case models.Patient:
		p, ok = naming.PatientOf(w.namespace, op, time.Now(), w.known)
		m.Person = w.patient(op, p)
		return m, p, ok
	case models.Clinician:
		p = naming.PersonOf(w.namespace, op.Name)
		m.Person = personOf(p)
	case models.Login:
		m.Person = personOf(w.users[op.User])
	case models.Replays:
		w.off = w.off || !op.On
	}
	return m, p, true
}

// patient is what a patient says of themselves with their membership.
func (w *World) patient(op models.Patient, p naming.Person) *person {
	out := personOf(p)
	out.Plan = models.PlanNHS
	if op.Plan != "" {
		out.Plan = op.Plan
	}
	if op.Plan == models.PlanBupa {
		out.MemberNumber = naming.MemberNumber(w.namespace, op.Name)
	}
	return out
}

// acts reports whether somebody can act: one whom the service has registered, or
// who needs no registration.
func (w *World) acts(h models.Handle) bool {
	switch h {
	case "", models.Anyone, models.Operator, models.Service:
		return true
	}
	_, ok := w.known(h)
	return ok
}

// known is what a user says of themselves, and whether the service has registered
// them.
func (w *World) known(h models.Handle) (naming.Person, bool) {
	p, ok := w.users[h]
	return p, ok
}

// knows reports whether the service has given what an operation was told to act
// on, and puts the id of a recording into its message. Whose address or name a
// patient has is seen to by [naming.PatientOf].
func (w *World) knows(op models.Operation, m *message) bool {
	for _, a := range models.Arguments(op) {
		h, _ := a.Value.(models.Handle)
		ok := true
		switch a.Name {
		case "clinician", "with", "peer":
			_, ok = w.users[h]
		case "booking":
			_, ok = w.bookings[h]
		case "link":
			ok = w.links[h]
		case "cursor":
			ok = w.cursors[h]
		case "recording":
			m.Recording = &recording{Handle: h, ID: w.replays.ID(h)}
			ok = m.Recording.ID != ""
		}
		if !ok {
			return false
		}
	}
	return true
}

// learn takes up what an answer gives to later operations. Learnt of a recording
// that is deleted is that its id may be used again.
func (w *World) learn(op models.Operation, p naming.Person, a *answer) {
	if a.Outcome != models.OK {
		return
	}
	switch h := op.Defines(); models.DefinedBy(op.Kind()) {
	case models.APatient, models.AClinician:
		w.users[h] = p
	case models.ABooking:
		w.bookings[h] = op.Actor()
	case models.ALink:
		w.links[h] = true
	case models.ACursor:
		w.cursors[h] = a.Listing.More
	}
	switch op := op.(type) {
	case models.Delete:
		w.replays.GiveUp(op.Recording)
	case models.Close:
		w.giveUpAll(op.User)
	case models.Replays:
		w.off = w.off && !op.On
	}
	w.learnRecordings(op, a.Encounter)
}

// giveUpAll notes that a patient's recordings are deleted.
func (w *World) giveUpAll(patient models.Handle) {
	for name, who := range w.bookings {
		if who == patient {
			w.replays.GiveUp(name)
		}
	}
}

// withoutID puts ID for the id of the recording that was asked for, so that a
// refusal gives no other reason for one than for another.
func withoutID(text string, m *message) string {
	if m.Recording == nil {
		return text
	}
	return strings.ReplaceAll(text, m.Recording.ID, "ID")
}
