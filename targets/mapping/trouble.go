package mapping

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Troubled is a world that says what went wrong in the last operation, and which
// key of the file is to blame. What went wrong may be what was expected: a
// stranger is refused, too.
type Troubled interface {
	// Trouble is what went wrong in the last operation, in order.
	Trouble() []Note
	// Exchanges are the requests of the last operation and their answers, in
	// order.
	Exchanges() []Exchange
}

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

// Trouble is what went wrong in the last operation.
func (w *World) Trouble() []Note {
	for i := range w.notes {
		w.notes[i].Text = w.withoutSecrets(w.notes[i].Text)
	}
	return w.notes
}

// Exchanges are the requests of the last operation and their answers.
func (w *World) Exchanges() []Exchange {
	for i := range w.exchanges {
		w.exchanges[i].URL = w.withoutSecrets(w.exchanges[i].URL)
	}
	return w.exchanges
}

// withoutSecrets puts three dots for each secret.
func (w *World) withoutSecrets(text string) string {
	for secret := range w.secrets {
		text = strings.ReplaceAll(text, secret, "…")
		text = strings.ReplaceAll(text, escape(secret, asQuery), "…")
		text = strings.ReplaceAll(text, escape(secret, asPath), "…")
	}
	return text
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

// blame notes which key is to blame for an answer that is not a success.
func (w *World) blame(a *reply) {
	if a.Outcome == models.OK {
		return
	}
	key, text := w.culprit(a)
	w.blameKey(a, key, text)
}

// culprit is the key that an answer points to, and what it says.
func (w *World) culprit(a *reply) (key, text string) {
	r := a.request
	said := orWord(orWord(a.Detail, a.Reason), http.StatusText(a.Status))
	text = fmt.Sprintf("answered %d: %s", a.Status, said)
	switch status := a.Status; {
	case status == 0 && a.took >= w.target.timeout:
		return "target.timeout", fmt.Sprintf("no answer within %s", w.target.timeout)
	case status == 0:
		return "target", said
	case status == http.StatusNotFound || status == http.StatusGone:
		return r.addressKey(), text
	case status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented:
		return r.key + ".method", text
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return w.authKey(r), text
	case status == http.StatusUnsupportedMediaType:
		return w.given(r, "type", "multipart", "raw", "form", "json"), text
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return w.given(r, "json", "form", "multipart", "raw", "query"), text
	case status >= 300 && status < 400:
		return r.key + ".redirects", text + ", which is not followed"
	}
	return r.key, text
}

func (r *request) addressKey() string {
	if r.url != nil {
		return r.key + ".url"
	}
	return r.key + ".path"
}

// given is the first of some keys that the file gives for a request, or else the
// address.
func (w *World) given(r *request, keys ...string) string {
	at := w.target.mapping.spec.Where(r.key)
	for _, k := range keys {
		if pos := w.target.mapping.spec.Where(r.key + "." + k); pos != at {
			return r.key + "." + k
		}
	}
	return r.addressKey()
}

// authKey is what the credentials of a request come from.
func (w *World) authKey(r *request) string {
	section := "auth.user"
	switch {
	case r.as == asOperator:
		section = "auth.operator"
	case r.as == asAnyone && strings.HasPrefix(r.key, "operations."):
		return w.given(&request{key: r.key, path: r.path, url: r.url}, "as")
	case r.as == asAnyone:
		return r.key
	}
	at := w.target.mapping.spec.Where(section)
	for _, k := range []string{"bearer", "basic", "cookies", "headers", "oauth2"} {
		if pos := w.target.mapping.spec.Where(section + "." + k); pos != at {
			return section + "." + k
		}
	}
	return section
}
