package mapping

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Note is something that went wrong.
type Note struct {
	// Pos and Key are the place in the file that is to blame, as in
	// "operations.list.rows".
	Pos Pos
	Key string
	// Text is one line: what was found, and what it means for the key.
	Text string
	// Status is the status code of the answer, or 0 where there was none.
	Status int
}

// Exchange is a request and its answer, as evidence.
type Exchange struct {
	Method string
	URL    string // without secrets
	Status int    // 0 where nothing came back
	Type   string // the content type of the answer
	Length int    // of the answer's body, in bytes
	Took   time.Duration
}

// Trouble is what went wrong in the last operation, the likeliest cause first.
// What went wrong may be what was expected: a stranger is refused, too.
func (w *World) Trouble() []targets.Trouble {
	out := make([]targets.Trouble, 0, len(w.notes))
	for _, n := range w.Notes() {
		out = append(out, targets.Trouble{Key: n.Key, Text: n.Text})
	}
	return out
}

// Notes are the trouble of the last operation with places and status codes.
func (w *World) Notes() []Note {
	for i := range w.notes {
		w.notes[i].Text = w.session.Conceal(w.notes[i].Text)
	}
	return w.notes
}

// Exchanges are the requests of the last operation and their answers, in order.
func (w *World) Exchanges() []Exchange {
	for i := range w.exchanges {
		w.exchanges[i].URL = w.session.ConcealAddress(w.exchanges[i].URL)
	}
	return w.exchanges
}

func (w *World) note(n Note) { w.notes = append(w.notes, n) }

// doubt puts an answer in doubt, and blames a key.
func (w *World) doubt(a *reply, key, why string) {
	a.Doubt(why)
	w.blameKey(a, key, why)
}

func (w *World) blameKey(a *reply, key, why string) {
	w.note(Note{Pos: w.target.mapping.spec.Where(key), Key: key, Text: why, Status: a.Status})
}

// blame notes which keys are probably to blame for an answer that is not a
// success. What led to a success is not to blame for what comes later.
func (w *World) blame(ctx context.Context, a *reply, s *bindings) {
	if a.Outcome == models.OK {
		w.trust(a.request, s)
		return
	}
	for _, suspect := range w.suspects(ctx, a, s) {
		w.blameKey(a, suspect.key, suspect.text)
	}
}

// answered says what came back to which request: "POST /v3/appointments/7/visit
// was answered 404: no such appointment".
func (a *reply) answered() string {
	at := a.url
	if u, err := url.Parse(a.url); err == nil {
		at = u.RequestURI()
	}
	return fmt.Sprintf("%s %s was answered %d: %s", a.request.method, a.session.ConcealAddress(at), a.Status, a.told())
}

// told is what an answer says of itself, in a line.
func (a *reply) told() string {
	text := orWord(a.Detail, a.Reason)
	if kind := a.Header.Get("Content-Type"); text == "" && (strings.HasPrefix(kind, "text/plain") || strings.HasPrefix(kind, jsonType)) {
		text = a.beginning()
	}
	return orWord(firstLine(strings.TrimSpace(text)), http.StatusText(a.Status))
}

// remark keeps what is to be said of an answer that is in no doubt.
func (a *reply) remark(text string) {
	if a.Outcome == models.OK && a.Detail == "" {
		a.Detail = text
	}
}
