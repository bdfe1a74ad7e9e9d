package mapping

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// troubled is a file for a server that answers to each path as a case says.
const troubled = `auth:
  user: {bearer: "{{.actor.token}}"}
recording: {id: .id, title: .title, mode: .mode, size: .size}
encounter: {status: .state, mode: .mode}
operations:
  patient: {method: POST, path: /patients, json: {email: "{{.email}}"}, capture: {token: .token, id: .id}}
  clinician: {method: POST, path: /clinicians, form: {email: "{{.email}}"}, capture: {token: .token, id: .id}}
  book: {method: POST, path: /bookings, json: {title: "{{.title}}"}, capture: {id: .id}, mode: audio}
  join: {method: POST, path: "/bookings/{{.booking.id}}/{{.actor.token}}"}
  speak: {method: POST, path: "/bookings/{{.booking.id}}/media", raw: "{{.media}}", type: video/mp4}
  list: {path: /replays, rows: ".items[]", total: .total}
`

func TestWhatGoesWrongIsBlamedOnAKey(t *testing.T) {
	const registered = `{"token": "t0ken", "id": 1}`
	for name, c := range map[string]struct {
		path   string
		status int
		body   string
		key    string
		text   string
	}{
		"no such path":             {"/replays", 404, "", "operations.list.path", "answered 404: Not Found"},
		"no such method":           {"/replays", 405, "", "operations.list.method", "answered 405"},
		"not who it should be":     {"/replays", 401, "", "auth.user.bearer", "answered 401"},
		"not allowed":              {"/replays", 403, `{"detail": "go away"}`, "operations.list.path", "answered 403: go away"},
		"a JSON body":              {"/bookings", 422, "", "operations.book.json.title", "answered 422"},
		"a form":                   {"/clinicians", 400, "", "operations.clinician.form.email", "answered 400"},
		"a type":                   {"/bookings/7/media", 415, "", "operations.speak.type", "answered 415"},
		"a redirect":               {"/replays", 302, "", "operations.list.redirects", "answered 302"},
		"a server error":           {"/replays", 500, "", "operations.list", "answered 500"},
		"a capture of nothing":     {"/bookings", 200, `{"id": null}`, "operations.book.capture.id", "capture id (file.yaml:8:84) found nothing: the answer has id"},
		"a capture from HTML":      {"/bookings", 200, `<html>`, "operations.book.capture.id", "the body is no JSON but text/html"},
		"a capture of what is not": {"/bookings", 200, `[]`, "operations.book.capture.id", "there is no field id in a list"},
		"rows of nothing":          {"/replays", 200, `{}`, "operations.list.rows", ".items is not a list but null"},
		"rows of HTML":             {"/replays", 200, `<html>`, "operations.list.rows", "the body is no JSON but text/html"},
		"a total that is none":     {"/replays", 200, `{"items": [], "total": "many"}`, "operations.list.total", `expected a whole number, found "many"`},
		"rows without a title":     {"/replays", 200, `{"items": [{"id": 1, "mode": "audio", "size": 1}]}`, "recording.title", "no recording has the title of a booking there; one has id, mode, size"},
		"a row that is none":       {"/replays", 200, `{"items": [1]}`, "operations.list.rows", "it leads to what has none of id, mode, size"},
		"a mode that is none":      {"/replays", 200, `{"items": [{"id": 1, "title": "xk-w1-b1", "mode": "VIDEO", "size": 1}]}`, "recording.mode", `expected audio or video, found "VIDEO"`},
		"a status that is none":    {"/bookings/7/t0ken", 200, `{"state": "open"}`, "encounter.status", `expected planned, in-progress, completed or cancelled, found "open"`},
		"a refusal of the actor":   {"/bookings/7/t0ken", 403, ``, "operations.join.path", "answered 403"},
	} {
		t.Run(name, func(t *testing.T) {
			w, got, _ := performTrouble(t, c.path, c.status, c.body, registered)
			notes := w.Notes()
			require.NotEmpty(t, notes)
			require.Equal(t, targets.Trouble{Key: c.key, Text: notes[0].Text}, w.Trouble()[0])
			require.Equal(t, c.key, notes[0].Key)
			require.Contains(t, notes[0].Text, c.text)
			require.Equal(t, c.status, notes[0].Status)
			require.Equal(t, w.target.mapping.spec.Where(c.key), notes[0].Pos)
			last := got[len(got)-1]
			require.Equal(t, c.status < 400 && name != "rows without a title", last.Outcome == models.Unknown && c.status < 400, last)
			for _, e := range w.Exchanges() {
				require.NotContains(t, e.URL, "t0ken")
			}
			require.Equal(t, c.status, w.Exchanges()[0].Status)
		})
	}
}

// performTrouble performs operations until one asks for a path, at which the
// service answers otherwise than it does.
func performTrouble(t *testing.T, path string, status int, body, registered string) (*World, []models.Response, string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == path:
			if strings.HasPrefix(body, "<") {
				w.Header().Set("Content-Type", "text/html")
			}
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
		case r.URL.Path == "/bookings":
			_, _ = fmt.Fprint(w, `{"id": 7}`)
		default:
			_, _ = fmt.Fprint(w, registered)
		}
	}))
	t.Cleanup(server.Close)
	lines := []string{"alice = patient()", "dr1 = clinician()", "b1 = alice.book(dr1, audio)"}
	for line, of := range map[string]string{"alice.join(b1)": "/bookings/7/t0ken", "alice.speak(b1)": "/bookings/7/media", "alice.list()": "/replays"} {
		if of == path {
			lines = append(lines, line)
		}
	}
	if path == "/clinicians" {
		lines = lines[:2]
	}
	spec, err := parseFile(troubled)
	require.NoError(t, err)
	spec.File = "file.yaml"
	m, problems := Compile(spec)
	require.Empty(t, problems)
	target, err := New(Config{Mapping: m, URL: server.URL})
	require.NoError(t, err)
	return perform(t, target, "w1", strings.Join(lines, "\n"))
}

func TestNothingIsSentWhereTheServiceNeverGaveWhatIsNeeded(t *testing.T) {
	yaml := strings.ReplaceAll(troubled, `list: {path: /replays`, `list: {path: "/replays/{{.actor.age}}"`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"token": "t", "id": 1}`)
	}))
	defer server.Close()
	w, got, _ := perform(t, targetOf(t, yaml, server.URL), "w1", "dr1 = clinician()\ndr1.list()")
	require.Equal(t, models.Response{Outcome: models.Unbound, Detail: ".actor.age has no value (crosstalk.yaml:11:16)"}, got[1])
	require.Equal(t, "nothing was sent: .actor.age has no value", w.Trouble()[0].Text)
	require.Empty(t, w.Exchanges())
}
