package samples

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Ideal launches services that answer what the model expects, but for a leak.
// They need no network, so that the harness can be tested by itself.
type Ideal struct {
	Leak     Leak
	Refuse   Refuse
	Lag      time.Duration // that it declares
	Launched atomic.Int64
	Closed   atomic.Int64
	one      *idealService // that is not reset: see [Ideal.Unreset]
}

// Unreset has every launch give one and the same service, which is never reset, and
// returns l.
func (l *Ideal) Unreset() *Ideal {
	l.one = &idealService{launcher: l}
	return l
}

// Leak changes the answer of an otherwise correct service. It may look at every
// world of the service.
type Leak func(w *IdealWorld, c models.Call, r *models.Response)

// Refuse says whether a service refuses what is asked, whatever the model expects, and
// how. It may be nil.
type Refuse func(w *IdealWorld, c models.Call) (models.Response, bool)

// Name is the name of a target.
func (l *Ideal) Name() string { return "ideal" }

// Capabilities are those of the reference policy.
func (l *Ideal) Capabilities() models.Capabilities {
	p := models.ReferencePolicy()
	p.Lag = l.Lag
	return models.Capabilities{Policy: p}
}

// Fresh says whether each launch is a service of its own.
func (l *Ideal) Fresh() bool { return l.one == nil }

// Launch starts a service.
func (l *Ideal) Launch(context.Context) (targets.Target, error) {
	l.Launched.Add(1)
	if l.one != nil {
		return sharedService{l.one}, nil
	}
	return &idealService{launcher: l}, nil
}

// idealService is one service with all its worlds.
type idealService struct {
	launcher *Ideal
	once     sync.Once
	mu       sync.Mutex // held while an operation is performed
	worlds   []*IdealWorld
	Spoken   int // media sent to it, for leaks
}

func (s *idealService) Name() string                      { return "ideal" }
func (s *idealService) Capabilities() models.Capabilities { return s.launcher.Capabilities() }
func (s *idealService) Close() error {
	s.once.Do(func() { s.launcher.Closed.Add(1) })
	return nil
}

// sharedService is a service as one of those who share it has it.
type sharedService struct{ *idealService }

func (s sharedService) Close() error {
	s.launcher.Closed.Add(1)
	return nil
}

func (s *idealService) Open(_ context.Context, world models.Namespace) (targets.World, error) {
	policy := models.ReferencePolicy()
	w := &IdealWorld{Service: s, Name: world, state: models.NewState(&policy), moments: make(map[models.Handle][]int),
		links: make(map[models.Handle]models.Handle)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worlds = append(s.worlds, w)
	return w, nil
}

// IdealWorld is one world of an ideal service.
type IdealWorld struct {
	Service *idealService
	Name    models.Namespace
	state   *models.State
	// moments are those spoken in each recording.
	moments map[models.Handle][]int
	// links are the recordings behind playback links.
	links map[models.Handle]models.Handle
	// toVideo are the users who switched from audio to video.
	toVideo map[models.Handle]bool
}

// Close ends it.
func (w *IdealWorld) Close() error { return nil }

// Apply performs an operation.
func (w *IdealWorld) Apply(_ context.Context, c models.Call) (models.Response, error) {
	w.Service.mu.Lock()
	defer w.Service.mu.Unlock()
	r := w.state.Expect(c)
	if refuse := w.Service.launcher.Refuse; refuse != nil {
		if answer, refused := refuse(w, c); refused {
			w.state = w.state.Step(c, answer)
			answer.Requests, answer.CacheControl = 1, "no-store"
			return answer, nil
		}
	}
	w.note(c, r)
	w.state = w.state.Step(c, r)
	w.fill(c, &r)
	if w.Service.launcher.Leak != nil {
		w.Service.launcher.Leak(w, c, &r)
	}
	r.Requests = 1
	return r, nil
}

// note remembers what media went where, and who switched.
func (w *IdealWorld) note(c models.Call, r models.Response) {
	if r.Outcome != models.OK {
		return
	}
	switch op := c.Op.(type) {
	case models.Speak:
		h := models.RecordingHandle(op.Booking, r.Encounter.Segment)
		w.moments[h] = append(w.moments[h], c.Step)
	case models.Link:
		w.links[op.Name] = op.Recording
	case models.Switch:
		if w.toVideo == nil {
			w.toVideo = make(map[models.Handle]bool)
		}
		if w.state.BookedMode(op.Booking) == models.Audio && op.Mode == models.Video {
			w.toVideo[op.User] = true
		}
	}
}

// statuses are the HTTP status codes of the outcomes.
var statuses = map[models.Outcome]int{models.OK: 200, models.Denied: 403, models.Missing: 404, models.Invalid: 422,
	models.Conflict: 409, models.Unavailable: 503}

// fill adds what a service says beyond what the model expects.
func (w *IdealWorld) fill(c models.Call, r *models.Response) {
	r.Status, r.CacheControl = statuses[r.Outcome], "no-store"
	if c.Op.Actor() == models.Anyone && r.Outcome == models.OK {
		r.Authentication = models.ByLink
	}
	if r.Listing != nil {
		for i := range r.Listing.Rows {
			r.Listing.Rows[i].Tag.World = w.Name
		}
	}
	if r.Row != nil {
		r.Row.Tag.World = w.Name
	}
	if r.Content != nil {
		w.deliver(c.Op, r.Content)
	}
}

// deliver reads the tags of what a service delivers.
func (w *IdealWorld) deliver(op models.Operation, c *models.Content) {
	var body []byte
	switch op := op.(type) {
	case models.Play:
		body = w.media(op.Recording)[c.From:][:c.Length]
	case models.Open:
		body = w.media(w.links[op.Link])
	case models.Thumb:
		body = w.media(op.Recording)[:32]
	case models.Export:
		for _, h := range w.state.Recordings() {
			if w.state.Owner(h) == op.User && !w.state.Gone(h) {
				body = append(body, w.media(h)...)
			}
		}
	case models.Head:
		return
	default: // what is made of a recording has something of each moment
		for piece := range slices.Chunk(w.media(op.Uses()), models.MediaSize) {
			body = append(body, piece[:32]...)
		}
	}
	c.Length = int64(len(body))
	c.Pieces, c.Stray = models.ReadMedia(body)
}

func (w *IdealWorld) media(recording models.Handle) []byte {
	var out []byte
	for _, m := range w.moments[recording] {
		out = append(out, models.Tag{World: w.Name, Booking: recording.Booking(), Moment: m}.Media()...)
	}
	return out
}

// Everybodys are the rows of every recording on the service, as this world's
// users see them.
func (w *IdealWorld) Everybodys() []models.Row {
	var out []models.Row
	for _, other := range w.Service.worlds {
		for _, h := range other.state.Recordings() {
			if other.state.Gone(h) {
				continue
			}
			row := models.Row{Tag: models.Tag{World: other.Name, Booking: h.Booking()}}
			if other == w {
				row.Recording = h
			}
			out = append(out, row)
		}
	}
	return out
}

// SwitchUnscopes is a leak: after a user's own switch from audio to video their
// listing shows everybody's recordings.
func SwitchUnscopes(w *IdealWorld, c models.Call, r *models.Response) {
	if c.Op.Kind() == models.KindList && r.Listing != nil && w.toVideo[c.Op.Actor()] {
		r.Listing.Rows = w.Everybodys()
	}
}

// ThirdSwitches is a leak that needs a third patient: a listing shows
// everybody's recordings while a patient who is neither the lister nor an owner
// of a recording is in a consultation that they switched.
func ThirdSwitches(w *IdealWorld, c models.Call, r *models.Response) {
	if c.Op.Kind() != models.KindList || r.Listing == nil || !w.state.IsPatient(c.Op.Actor()) {
		return
	}
	for user := range w.toVideo {
		if user != c.Op.Actor() && w.state.IsPatient(user) && !w.owns(user) {
			r.Listing.Rows = w.Everybodys()
		}
	}
}

func (w *IdealWorld) owns(user models.Handle) bool {
	for _, h := range w.state.Recordings() {
		if w.state.Owner(h) == user {
			return true
		}
	}
	return false
}

// AnybodyReads is a leak: every recording is played to everybody.
func AnybodyReads(w *IdealWorld, c models.Call, r *models.Response) {
	play, ok := c.Op.(models.Play)
	if !ok || r.Outcome != models.Missing || len(w.media(play.Recording)) == 0 {
		return
	}
	body := w.media(play.Recording)
	if !play.Range.Whole() {
		if play.Range.First >= int64(len(body)) {
			return
		}
		body = body[play.Range.First:min(play.Range.Last()+1, int64(len(body)))]
	}
	pieces, stray := models.ReadMedia(body)
	*r = models.Response{Outcome: models.OK, Content: &models.Content{From: play.Range.First, Length: int64(len(body)),
		Total: int64(len(w.media(play.Recording))), Pieces: pieces, Stray: stray}}
}

// Every makes a leak show in every nth listing only.
func Every(n int, l Leak) Leak {
	var lists atomic.Int64
	return func(w *IdealWorld, c models.Call, r *models.Response) {
		if r.Listing != nil && lists.Add(1)%int64(n) == 0 {
			l(w, c, r)
		}
	}
}
