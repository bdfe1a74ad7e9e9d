package mapping

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// someScope has an actor with some values, and no booking.
func someScope() *bindings {
	u := &user{thing: newThing("alice")}
	u.values["id"] = json.Number("9007199254740993")
	u.values["name"] = "a b/c?d&e"
	return &bindings{world: newWorld(&Target{}, "w1"), actor: u, limit: 2}
}

func TestTemplatesWriteValues(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                           "plain",
		"{{.actor.id}}":                   "9007199254740993",
		"/u/{{.actor.name}}/x":            "/u/a%20b%2Fc%3Fd&e/x",
		"/u?n={{.actor.name}}":            "/u?n=a+b%2Fc%3Fd%26e",
		"/u/{{lower .actor.name}}":        "/u/a%20b%2Fc%3Fd&e",
		"/u?n={{upper .actor.name}}":      "/u?n=A+B%2FC%3FD%26E",
		"/{{if .cursor}}c{{end}}":         "/",
		`/{{default "x y" .cursor}}`:      "/x%20y",
		`/{{.cursor | default 5}}`:        "/5",
		`/{{if eq .limit "2"}}2{{end}}`:   "/2",
		`/{{with .actor.id}}{{.}}{{end}}`: "/9007199254740993",
		`/{{$x := .limit}}{{$x}}`:         "/2",
		`/{{base64 .actor.name}}`:         "/YSBiL2M%2FZCZl",
		`/{{json .actor.handle}}`:         "/%22alice%22",
		`/{{.world}}/{{.request_id}}`:     "/w1/w1-0-1",
	} {
		parsed, err := parseTemplate(Text{text, Pos{1, 1}}, asPath)
		require.NoError(t, err, text)
		got, err := parsed.render(someScope())
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestATemplateOfOneValueKeepsItsType(t *testing.T) {
	for text, want := range map[string]any{
		"{{.limit}}":             2,
		"{{.actor.id}}":          json.Number("9007199254740993"),
		`{{int .actor.id}}`:      9007199254740993,
		`{{default 5 .cursor}}`:  5,
		`{{default "" .cursor}}`: "",
		"-{{.limit}}":            "-2",
		"{{eq .limit 2}}":        true,
	} {
		parsed, err := parseTemplate(Text{text, Pos{1, 1}}, asText)
		require.NoError(t, err, text)
		got, err := parsed.value(someScope())
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestANameWithoutValueIsSaid(t *testing.T) {
	for _, text := range []string{"{{.cursor}}", "x{{.booking.id}}", "{{lower .cursor}}", `{{printf "%s" .cursor}}`, "{{.cursor | json}}", "{{int .actor.name}}"} {
		parsed, err := parseTemplate(Text{text, Pos{3, 4}}, asPath)
		require.NoError(t, err, text)
		_, err = parsed.render(someScope())
		require.ErrorAs(t, err, &noValue{}, text)
		_, err = parsed.value(someScope())
		require.ErrorAs(t, err, &noValue{}, text)
	}
}

func TestIdsThatNeverWereLookLikeTheOthers(t *testing.T) {
	id := func(spec, seen string) string {
		yaml := right
		if spec != "" {
			yaml = "ids: {recording: " + spec + "}\n" + right
		}
		w := newWorld(targetOf(t, yaml, "http://service.example"), "w1")
		if seen != "" {
			w.target.seen.Store(&seen)
		}
		got := w.replays.ID("?1")
		require.Equal(t, got, w.replays.ID("?1"))
		require.NotEqual(t, got, w.replays.ID("?2"))
		return got
	}
	require.Regexp(t, uuidShape, id("", ""))
	require.Regexp(t, uuidShape, id("uuid", "17"))
	require.Regexp(t, uuidShape, id("", "3f0a8ab0-5f6c-4f5e-9d0b-6a3a7b1c2d3e"))
	require.Regexp(t, `^2\d{9}$`, id("", "17"))
	n, err := strconv.Atoi(id("integer", ""))
	require.NoError(t, err)
	require.Less(t, n, 1<<31)
	require.Regexp(t, `^rec-[a-z2-7]{20}$`, id(`"rec-{{.random}}"`, ""))
	require.Regexp(t, `^REC-[A-Z2-7]{20}$`, id(`"REC-{{upper .random}}"`, ""))
	require.Regexp(t, `^[a-z]{3}_\d{9}$`, id("", "rec_17"))
	require.Regexp(t, `^[a-zA-Z0-9]{15}$`, id("", "o3k2ndUWx81kal0"))
}

// one answers one request with a handler and returns what an operation gave.
func one(t *testing.T, yaml, line string, h http.HandlerFunc) (*World, models.Response) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	w, got, _ := perform(t, targetOf(t, yaml, server.URL), "w1", line)
	return w, got[len(got)-1]
}

func TestRedirectsAreFollowedOnlyWhereTheFileSaysSoAndOnlyAtHome(t *testing.T) {
	media := models.Tag{World: "w1", Booking: "b1", Moment: 1}.Media()
	h := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/there" {
				_, _ = w.Write(media)
				return
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		}
	}
	const yaml = "recording: {id: .id, title: .t}\noperations: {play: {path: \"/r/{{.recording.id}}\", redirects: true}}"
	const line = "anyone.play(?1)"
	w, r := one(t, yaml, line, h("/there"))
	require.Equal(t, "ok 256 of 256 bytes b1", r.String())
	require.Len(t, w.Exchanges(), 2)
	w, r = one(t, yaml, line, h("http://127.0.0.1:1/there"))
	require.Equal(t, models.Unknown, r.Outcome)
	require.Len(t, w.Exchanges(), 1)
	_, r = one(t, "recording: {id: .id, title: .t}\noperations: {play: {path: \"/r/{{.recording.id}}\"}}", line, h("/there"))
	require.Equal(t, models.Unknown, r.Outcome)
}

func TestMediaInJSONIsReadAndRangesAreAskedForAsTheFileSays(t *testing.T) {
	const media = `{"parts": [{"text": "xk-w1-b1-1-0................--------"}, null, {"text": "more"}], "b": "eGstdzEtYjE"}`
	h := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("from") != "" || r.Header.Get("Range") != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		_, _ = w.Write([]byte(media))
	}
	yaml := func(op string) string {
		return "recording: {id: .id, title: .t}\noperations: {" + op + "}"
	}
	_, r := one(t, yaml(`transcript: {path: "/r/{{.recording.id}}", content: ".parts[] | .text?"}`), "anyone.transcript(?1)", h)
	require.Equal(t, int64(40), r.Content.Length)
	_, r = one(t, yaml(`thumb: {path: "/r/{{.recording.id}}", content: {jq: .b, base64: true}}`), "anyone.thumb(?1)", h)
	require.Equal(t, int64(8), r.Content.Length)
	const ranged = "anyone.play(?1, range=0-99)"
	_, r = one(t, yaml(`play: {path: "/r/{{.recording.id}}"}`), ranged, h)
	require.Equal(t, http.StatusTeapot, r.Status, "by header")
	_, r = one(t, yaml(`play: {path: "/r/{{.recording.id}}", query: {from: "{{.first}}1", to: "{{.last}}"}}`), ranged, h)
	require.Equal(t, http.StatusTeapot, r.Status, "by query")
	_, r = one(t, yaml(`play: {path: "/r/{{.recording.id}}", range: none}`), ranged, h)
	require.Equal(t, models.Unbound, r.Outcome)
}

func TestBasicAuthenticationAndHeadersGoWithEachRequest(t *testing.T) {
	const yaml = `
auth: {user: {basic: {username: "{{.actor.email}}", password: "{{.actor.password}}"}, headers: {X-Who: "{{.actor.handle}}"}}}
recording: {id: .id, title: .t}
operations:
  patient: {method: POST, path: /patients, capture: {id: .id}}
  list: {path: /replays, rows: .}
`
	var seen http.Header
	_, r := one(t, yaml, "alice = patient()\nalice.list()", func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		_, _ = w.Write([]byte(map[string]string{"/patients": `{"id": 1}`, "/replays": "[]"}[r.URL.Path]))
	})
	require.Equal(t, "ok []", r.String())
	require.Equal(t, "Basic YWxpY2UudzFAY3Jvc3N0YWxrLmV4YW1wbGU6b25seS1mb3ItY29uZm9ybWFuY2UtdGVzdHMtYWxpY2U=", seen.Get("Authorization"))
	require.Equal(t, "alice", seen.Get("X-Who"))
}

func TestASecretURLOfTheServiceIsTakenAsItIs(t *testing.T) {
	const yaml = `
target: {base: /api}
recording: {id: .id, title: .t}
operations: {patient: {method: POST, path: /p}, link: {method: POST, path: "/r/{{.recording.id}}/links", capture: {secret: .secret}}, open: {path: "{{.link.secret}}"}}
`
	for secret, want := range map[string]string{
		"/links/a?sig=x%2Fy": "/api/links/a?sig=x%2Fy", "/api/links/b": "/api/links/b", "links/c": "/api/links/c",
	} {
		var asked string
		_, r := one(t, yaml, "alice = patient()\nl1 = alice.link(?1)\nanyone.open(l1)", func(w http.ResponseWriter, r *http.Request) {
			asked = r.URL.String()
			answer(w, map[string]string{"secret": secret})
		})
		require.Equal(t, models.OK, r.Outcome)
		require.Equal(t, want, asked)
	}
}

func TestPingSaysIfTheServiceIsUp(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	target, err := New(Config{Mapping: mappingOf(t, right), URL: server.URL, Ready: Ready{Path: "/ready", Status: []int{200, 204}}})
	require.NoError(t, err)
	require.NoError(t, target.Ping(t.Context()))
	status = http.StatusServiceUnavailable
	require.ErrorIs(t, target.Ping(t.Context()), targets.ErrUnreachable)
	server.Close()
	require.ErrorIs(t, target.Ping(t.Context()), targets.ErrUnreachable)
	_, err = New(Config{Mapping: mappingOf(t, right), URL: "no url"})
	require.Error(t, err)
	_, err = New(Config{Mapping: mappingOf(t, "target: {tls: {ca: none.pem}}\n"+right), URL: "http://service.example"})
	require.ErrorContains(t, err, "crosstalk.yaml:1:20: read target.tls.ca")
}
