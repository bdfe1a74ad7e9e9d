package clinic_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

const operatorToken = "operator-of-the-tests"

// noon is when the tests take place.
var noon = time.Date(2020, time.June, 9, 12, 0, 0, 0, time.UTC)

// A bench is a service under test. Everything said to it and by it is held against openapi.yaml.
type bench struct {
	t       *testing.T
	server  *httptest.Server
	service *clinic.Service
	router  routers.Router
	users   int
	lenient bool // the service may break the document: a fault is in it
}

// newBench starts a correct service, changed as given, with made-up passwords and a clock that stands still.
func newBench(t *testing.T, changes ...func(*clinic.Config)) *bench {
	t.Helper()
	cfg := clinic.Config{
		OperatorToken:  operatorToken,
		PasswordParams: clinic.FastPasswords(),
		Now:            func() time.Time { return noon },
	}
	for _, change := range changes {
		change(&cfg)
	}
	service, err := clinic.New(t.Context(), cfg)
	require.NoError(t, err)
	server := httptest.NewServer(service.Handler())
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, service.Close())
	})
	_, router := loadDocument()
	return &bench{t: t, server: server, service: service, router: router}
}

// loadDocument loads the document, and what finds the operation of a request in it, once: that takes longer than a test.
var loadDocument = sync.OnceValues(func() (*openapi3.T, routers.Router) {
	doc, err := openapi3.NewLoader().LoadFromData(clinic.OpenAPI())
	if err != nil {
		panic(err)
	}
	router, err := legacy.NewRouter(doc) // validates the document as well
	if err != nil {
		panic(err)
	}
	return doc, router
})

// An answer is what the service said.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// into decodes the body.
func into[T any](a answer) T {
	a.t.Helper()
	var v T
	require.NoError(a.t, json.Unmarshal(a.body, &v), string(a.body))
	return v
}

// is requires a status and returns the answer; a failure must be a problem that says the same.
func (a answer) is(status int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, string(a.body))
	if status >= 400 && len(a.body) > 0 {
		require.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"))
		require.Equal(a.t, status, into[api.Problem](a).Status)
	}
	return a
}

// do sends a request, and holds request and answer against the document unless wild says that they are meant to break it.
func (b *bench) do(method, path, token string, body any, header ...string) answer {
	b.t.Helper()
	return b.send(b.request(method, path, token, body, header...), true)
}

// doWild is do for a request that breaks the document; its answer still has to keep to it.
func (b *bench) doWild(method, path, token string, body any, header ...string) answer {
	b.t.Helper()
	return b.send(b.request(method, path, token, body, header...), false)
}

func (b *bench) request(method, path, token string, body any, header ...string) *http.Request {
	b.t.Helper()
	content, kind := encode(b.t, body)
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, bytes.NewReader(content))
	require.NoError(b.t, err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// encode takes nil, bytes for media, a string for JSON as it stands, and any other value for JSON.
func encode(t *testing.T, body any) (content []byte, kind string) {
	t.Helper()
	switch body := body.(type) {
	case nil:
		return nil, ""
	case []byte:
		return body, "application/octet-stream"
	case string:
		return []byte(body), "application/json"
	default:
		content, err := json.Marshal(body)
		require.NoError(t, err)
		return content, "application/json"
	}
}

func (b *bench) send(r *http.Request, tame bool) answer {
	b.t.Helper()
	sent, err := io.ReadAll(r.Body)
	require.NoError(b.t, err)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	response, err := b.server.Client().Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	b.validate(r, response, body, tame)
	return answer{t: b.t, status: response.StatusCode, header: response.Header, body: body}
}

// validate holds an exchange against the document. Requests outside it (unknown paths and methods) have nothing to be
// held against.
func (b *bench) validate(r *http.Request, response *http.Response, body []byte, tame bool) {
	b.t.Helper()
	if b.lenient {
		return
	}
	r.URL.Scheme, r.URL.Host = "", ""
	route, params, err := b.router.FindRoute(r)
	if err != nil {
		require.False(b.t, tame, "%s %s is not in the document", r.Method, r.URL.Path)
		return
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true,
			ExcludeResponseBody:   strings.HasPrefix(response.Header.Get("Content-Type"), "multipart/"),
			AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		}}
	if tame {
		require.NoError(b.t, openapi3filter.ValidateRequest(context.Background(), input))
	}
	if r.Method == http.MethodHead {
		input.Options.ExcludeResponseBody = true
	}
	require.NoError(b.t, openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: response.StatusCode, Header: response.Header,
		Body: io.NopCloser(bytes.NewReader(body)), Options: input.Options}),
		"%s %s: %d %s", r.Method, r.URL.Path, response.StatusCode, body)
}

// A user is somebody registered at a bench.
type user struct {
	*bench
	id, token string
	email     string
}

const password = "correct horse"

func (b *bench) newEmail() string {
	b.users++
	return fmt.Sprintf("user%d@example.org", b.users)
}

func (b *bench) patient() user {
	b.t.Helper()
	email := b.newEmail()
	c := into[api.Credentials](b.do("POST", "/patients", "", map[string]any{"name": "Pat", "email": email,
		"password": password, "birthDate": "1990-02-03", "plan": "nhs"}).is(201))
	return user{bench: b, id: c.Id, token: c.Token, email: email}
}

func (b *bench) practitioner() user {
	b.t.Helper()
	email := b.newEmail()
	c := into[api.Credentials](b.do("POST", "/practitioners", operatorToken, map[string]any{"name": "Dr", "email": email,
		"password": password}).is(201))
	return user{bench: b, id: c.Id, token: c.Token, email: email}
}

// as sends a request with the user's token.
func (u user) as(method, path string, body any, header ...string) answer {
	u.t.Helper()
	return u.do(method, path, u.token, body, header...)
}

func (u user) book(with user, slot int, mode, title string) api.Appointment {
	u.t.Helper()
	return into[api.Appointment](u.as("POST", "/appointments", map[string]any{"practitioner": with.id, "slot": slot,
		"mode": mode, "description": title}).is(201))
}

func (u user) join(a api.Appointment) answer  { u.t.Helper(); return u.step(a, "join") }
func (u user) drop(a api.Appointment) answer  { u.t.Helper(); return u.step(a, "drop") }
func (u user) leave(a api.Appointment) answer { u.t.Helper(); return u.step(a, "leave") }
func (u user) end(a api.Appointment) answer   { u.t.Helper(); return u.step(a, "end") }

func (u user) step(a api.Appointment, verb string) answer {
	u.t.Helper()
	return u.as("POST", "/encounters/"+a.Encounter+"/"+verb, nil)
}

func (u user) turn(a api.Appointment, mode string) answer {
	u.t.Helper()
	return u.as("PUT", "/encounters/"+a.Encounter+"/mode", map[string]any{"mode": mode})
}

func (u user) speak(a api.Appointment, words string) answer {
	u.t.Helper()
	return u.as("POST", "/encounters/"+a.Encounter+"/media", []byte(words))
}

func (u user) list() []api.Recording {
	u.t.Helper()
	return into[api.RecordingPage](u.as("GET", "/recordings", nil).is(200)).Items
}

func (u user) play(recording string, header ...string) answer {
	u.t.Helper()
	return u.as("GET", "/recordings/"+recording+"/content", nil, header...)
}

// consult is a whole consultation in one mode, in which the patient says those words.
func (u user) consult(with user, slot int, title, words string) (api.Appointment, []api.Recording) {
	u.t.Helper()
	a := u.book(with, slot, "video", title)
	u.join(a).is(200)
	u.speak(a, words).is(200)
	return a, into[api.Encounter](u.leave(a).is(200)).Recordings
}

func titles(all []api.Recording) []string {
	t := []string{}
	for _, r := range all {
		t = append(t, r.Title)
	}
	return t
}
