package mapping

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// World is one world on a service: what the service gave for its handles. Its
// methods must not be called concurrently.
type World struct {
	target    *Target
	namespace models.Namespace

	users      map[models.Handle]*user
	bookings   map[models.Handle]*booking
	links      map[models.Handle]*link
	pages      map[models.Handle]*page
	recordings map[string]*thing // what their rows told besides the id, by it
	replays    *naming.Recordings
	// handles of users, by what they are known again by.
	handles map[string]models.Handle
	// invented are the ids of recordings that never existed.
	invented map[models.Handle]string
	// off says that this world may have left replays switched off.
	off bool

	// renewing says that a user logs in again, and renewals counts how often that was
	// done in the operation last applied.
	renewing bool
	renewals int

	session   exchange.Session
	notes     []Note
	exchanges []Exchange
	// trusted are who and what has led to a success: callers, and keys of the file.
	trusted map[string]bool
}

var (
	_ targets.World     = (*World)(nil)
	_ targets.Explainer = (*World)(nil)
)

func newWorld(t *Target, n models.Namespace) *World {
	w := &World{
		target:     t,
		namespace:  n,
		users:      make(map[models.Handle]*user),
		bookings:   make(map[models.Handle]*booking),
		links:      make(map[models.Handle]*link),
		pages:      make(map[models.Handle]*page),
		recordings: make(map[string]*thing),
		handles:    make(map[string]models.Handle),
		invented:   make(map[models.Handle]string),
		trusted:    make(map[string]bool),
		session:    t.Session(n, t.timeout),
	}
	w.replays = naming.NewRecordings(n, w.invent)
	return w
}

// Close leaves what a world has made on the service. Replays that the world has
// switched off are switched on again, as far as the service lets it: other
// worlds may follow.
func (w *World) Close() error {
	if w.off {
		_, _ = w.perform(context.Background(), models.Call{Op: models.Replays{On: true}})
	}
	return nil
}

// Apply performs an operation. Nothing is sent where the service never gave what
// the operation needs.
func (w *World) Apply(ctx context.Context, call models.Call) (models.Response, error) {
	w.session.Begin(call.Step)
	w.notes, w.exchanges, w.renewals = nil, nil, 0
	r, err := w.perform(ctx, call)
	if err != nil {
		return models.Response{}, err
	}
	r.Renewed = w.renewals
	w.session.Report(&r)
	return r, nil
}

// restart restarts the service. That it cannot be is no answer of the service's
// but the harness's failure.
func (w *World) restart(ctx context.Context) (models.Response, error) {
	if err := w.target.Restart(ctx, w.target.Ping); err != nil {
		return models.Response{}, fmt.Errorf("restart %s: %w", w.target.name, err)
	}
	return models.Response{Outcome: models.OK}, nil
}

// bindings finds what an operation is about, and reports whether the service has
// given all of it.
func (w *World) bindings(call models.Call, o *operation) (*bindings, bool) {
	op := call.Op
	s := &bindings{world: w, op: op, step: call.Step, args: models.Arguments(op), staged: make(map[string]any)}
	if op.Kind() == models.KindLogin {
		s.jar = w.target.mapping.user.newJar()
	}
	s.limit = number(s.args, "limit")
	for _, a := range s.args {
		if text, ok := a.Value.(string); ok && a.Name == "range" {
			s.byteRange = rangeOfText(text)
		}
	}
	found := w.findActor(s) && w.findObjects(s) && w.findOthers(s) && w.findLinks(s)
	if !found {
		return nil, false
	}
	s.bound = w.boundThing(s, o)
	return s, true
}

// findActor finds who acts. Whoever is registered is made up.
func (w *World) findActor(s *bindings) bool {
	switch h := s.op.Actor(); h {
	case models.Anyone, models.Operator:
		return true
	case "":
		return w.makeUp(s)
	default:
		s.actor = w.users[h]
		return s.actor != nil
	}
}

// makeUp makes up who is to be registered.
func (w *World) makeUp(s *bindings) bool {
	u := &user{thing: newThing(s.op.Defines()), jar: w.target.mapping.user.newJar()}
	s.actor, s.jar = u, u.jar
	if p, ok := s.op.(models.Patient); ok {
		if u.Person, ok = naming.PatientOf(w.namespace, p, time.Now(), w.known); !ok {
			return false
		}
		u.values["plan"], u.values["age"] = string(p.Plan), p.Years()
		u.values["birth_date"] = u.BirthDate.Format(time.DateOnly)
		if p.Plan == "" {
			u.values["plan"] = string(models.PlanNHS)
		}
	} else {
		u.Person = naming.PersonOf(w.namespace, u.handle)
	}
	u.values["name"], u.values["email"], u.values["password"] = u.Name, u.Email, u.Password
	return true
}

// known is what a user says of themselves, and whether the service has registered
// them.
func (w *World) known(h models.Handle) (naming.Person, bool) {
	if u := w.users[h]; u != nil {
		return u.Person, true
	}
	return naming.Person{}, false
}

// findObjects finds the booking or the recording, or what leads to one.
func (w *World) findObjects(s *bindings) bool {
	if h := argument(s.args, "booking"); h != "" {
		s.booking = w.bookings[h]
		return s.booking != nil
	}
	s.recording = argument(s.args, "recording")
	if h := argument(s.args, "link"); h != "" {
		if s.link = w.links[h]; s.link == nil {
			return false
		}
		s.recording = s.link.recording
		w.hideLink(s.link)
	}
	if s.recording == "" {
		return true
	}
	s.booking = w.bookings[s.recording.Booking()]
	return s.link != nil || w.replays.ID(s.recording) != ""
}

// findOthers finds the users besides the actor: those of the booking, and those
// whom the operation names.
func (w *World) findOthers(s *bindings) bool {
	if b := s.booking; b != nil {
		s.patient, s.clinician, s.guest = w.users[b.patient], w.users[b.clinician], w.users[b.guest]
	}
	for name, to := range map[string]**user{"clinician": &s.clinician, "with": &s.guest, "peer": &s.peer} {
		h := argument(s.args, name)
		if h == "" {
			continue
		}
		if *to = w.users[h]; *to == nil {
			return false
		}
	}
	if models.DefinedBy(s.op.Kind()) == models.ABooking {
		w.makeBooking(s)
	}
	if models.Speaks(s.op.Kind()) {
		tag := models.Tag{World: w.namespace, Booking: s.booking.handle, Moment: s.step}
		s.media = string(tag.Media())
	}
	return true
}

// makeBooking is the booking that is to be made.
func (w *World) makeBooking(s *bindings) {
	b := &booking{thing: newThing(s.op.Defines()), patient: s.op.Actor(), clinician: argument(s.args, "clinician"),
		guest: argument(s.args, "with"), present: make(map[models.Handle]bool)}
	mode, _ := s.top("mode")
	b.segment = segment{number: 1, mode: textOf(mode)}
	b.values["mode"], b.values["slot"] = textOf(mode), number(s.args, "slot")
	b.values["title"] = models.Tag{World: w.namespace, Booking: b.handle}.Title()
	s.booking, s.patient = b, s.actor
}

// hideLink keeps what makes a playback link one out of histories: the last part
// of each value that the service gave for it.
func (w *World) hideLink(l *link) {
	for name, v := range l.values {
		last := textOf(v)
		last = last[strings.LastIndexAny(last, "/=")+1:]
		if name != "handle" && len(last) >= secret.Least {
			w.session.Keep(targets.Secret{Value: last})
		}
	}
}

// findLinks finds the cursor, and makes the link or the page that the operation
// brings into being.
func (w *World) findLinks(s *bindings) bool {
	switch models.DefinedBy(s.op.Kind()) {
	case models.ALink:
		s.link = &link{newThing(s.op.Defines()), s.recording}
	case models.ACursor:
		s.page = &page{thing: newThing(s.op.Defines()), limit: s.limit}
	}
	h := argument(s.args, "cursor")
	if h == "" {
		return true
	}
	if s.page = w.pages[h]; s.page == nil {
		return false
	}
	s.limit = s.page.limit
	s.goTo(s.page.next, s.page.isURL)
	return true
}

// goTo sets where the next page of a listing is.
func (s *bindings) goTo(next string, isURL bool) {
	s.cursor, s.next = next, ""
	if isURL {
		s.cursor, s.next = "", next
	}
}

// boundThing is that to which captures are bound.
func (w *World) boundThing(s *bindings, o *operation) *thing {
	switch {
	case o.form.bound == roleBooking && s.booking != nil:
		return &s.booking.thing
	case o.form.bound == roleRecording && s.recording != "":
		return w.recordingThing(w.keyOf(s.recording), s.recording)
	case o.form.bound == rolePage && s.page != nil, models.DefinedBy(o.kind) == models.ACursor:
		return &s.page.thing
	case o.form.bound == roleLink && s.link != nil:
		return &s.link.thing
	case o.form.bound == roleActor && s.actor != nil:
		return &s.actor.thing
	}
	return nil
}

// recordingThing is what is known of a recording besides its id.
func (w *World) recordingThing(id string, h models.Handle) *thing {
	if id == "" {
		id = string(h)
	}
	t := w.recordings[id]
	if t == nil {
		made := newThing(h)
		t = &made
		w.recordings[id] = t
	}
	return t
}

// keyOf is the key in recordings of one that an operation names: its id, or its handle
// where the service never gave one.
func (w *World) keyOf(h models.Handle) string {
	if id := w.replays.ID(h); id != "" {
		return id
	}
	return string(h)
}

// learn takes up what an operation that succeeded has given.
func (w *World) learn(s *bindings, o *operation, r *models.Response) {
	if s.bound != nil {
		maps.Copy(s.bound.values, s.staged)
	}
	switch h := s.op.Defines(); models.DefinedBy(o.kind) {
	case models.APatient, models.AClinician:
		w.users[h] = s.actor
	case models.ABooking:
		w.bookings[h] = s.booking
	case models.ALink:
		w.links[h] = s.link
		w.hideLink(s.link)
	case models.ACursor:
		if s.page.next != "" {
			w.pages[h] = s.page
		}
	}
	if o.form.bound == roleActor && s.actor != nil {
		w.indexUser(s.actor)
	}
	if o.form.bound == roleBooking {
		w.indexBooking(s.booking)
	}
	if note := effects[o.kind]; note != nil {
		note(w, s, r)
	}
}

// indexUser lets a user be known again in what the service shows.
func (w *World) indexUser(u *user) {
	for _, name := range w.target.mapping.userIDs {
		if id := textOf(u.values[name]); id != "" {
			if _, known := w.handles[id]; !known {
				w.handles[id] = u.handle
			}
		}
	}
}

// indexBooking lets a booking be known again in what the service shows, to every
// world.
func (w *World) indexBooking(b *booking) {
	for _, name := range w.target.mapping.bookingIDs {
		if id := textOf(b.values[name]); id != "" {
			w.target.bookings.LoadOrStore(id, models.Tag{World: w.namespace, Booking: b.handle})
		}
	}
}

// effects are what a world notes where an operation has succeeded, besides what
// it captured. Whatever is not here needs nothing of its own.
var effects = map[models.Kind]func(*World, *bindings, *models.Response){
	models.KindLogin: func(_ *World, s *bindings, _ *models.Response) {
		if s.jar.holds() {
			s.actor.jar = s.jar
		}
	},
	models.KindDelete: func(w *World, s *bindings, _ *models.Response) { w.replays.GiveUp(s.recording) },
	models.KindClose: func(w *World, s *bindings, _ *models.Response) {
		for name, b := range w.bookings {
			if b.patient == s.actor.handle {
				w.replays.GiveUp(name)
			}
		}
	},
	models.KindReschedule: func(_ *World, s *bindings, _ *models.Response) {
		s.booking.values["slot"] = number(s.args, "slot")
	},
	models.KindJoin: func(_ *World, s *bindings, _ *models.Response) { s.booking.present[s.op.Actor()] = true },
	models.KindSpeak: func(_ *World, s *bindings, _ *models.Response) {
		s.booking.segment.spoken = append(s.booking.segment.spoken, s.media...)
		s.booking.spoken = append(s.booking.spoken, s.media...)
	},
	models.KindSwitch: func(w *World, s *bindings, _ *models.Response) { s.booking.switchTo(s, &w.target.caps.Policy) },
	models.KindLeave: func(_ *World, s *bindings, r *models.Response) {
		delete(s.booking.present, s.op.Actor())
		if len(s.booking.present) == 0 || r.Encounter != nil && r.Encounter.Status == models.Completed {
			s.booking.fallSilent()
		}
	},
	models.KindEnd: func(_ *World, s *bindings, _ *models.Response) { s.booking.fallSilent() },
	models.KindReplays: func(w *World, s *bindings, _ *models.Response) {
		if op, ok := s.op.(models.Replays); ok && op.On {
			w.off = false
		}
	},
}

// switchTo begins another segment, unless the mode stays what it was.
func (b *booking) switchTo(s *bindings, p *models.Policy) {
	v, _ := s.top("mode")
	mode := textOf(v)
	if mode == b.segment.mode {
		return
	}
	recorded := len(b.segment.spoken) > 0 && (p.RecordAudio || b.segment.mode == string(models.Video))
	if recorded && p.Recordings == models.PerSegment {
		b.segment.number++
	}
	b.segment.mode, b.segment.spoken = mode, nil
}

// fallSilent forgets what was said in a consultation that is over.
func (b *booking) fallSilent() {
	clear(b.present)
	b.segment.spoken, b.spoken = nil, nil
}
