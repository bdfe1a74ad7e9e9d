package clinic_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// A load is a service under benchmark: nothing is validated, connections are kept.
type load struct {
	b      *testing.B
	server *clinic.Server
	client *http.Client
	users  int
}

func newLoad(b *testing.B) *load {
	server, err := clinic.Start(b.Context(), "127.0.0.1:0",
		clinic.Config{OperatorToken: operatorToken, PasswordParams: clinic.FastPasswords()})
	require.NoError(b, err)
	client := &http.Client{Transport: &http.Transport{}}
	b.Cleanup(func() {
		client.CloseIdleConnections()
		require.NoError(b, server.Close())
	})
	return &load{b: b, server: server, client: client}
}

// ask sends a request and returns the body; any failure is fatal.
func (l *load) ask(method, path, token, kind, body string) []byte {
	r, err := http.NewRequestWithContext(l.b.Context(), method, l.server.URL+path, strings.NewReader(body))
	require.NoError(l.b, err)
	r.Header.Set("Authorization", "Bearer "+token)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	response, err := l.client.Do(r)
	require.NoError(l.b, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(l.b, err)
	if response.StatusCode >= 300 {
		l.b.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	return text
}

func askFor[T any](l *load, method, path, token, body string) T {
	return into[T](answer{t: l.b, body: l.ask(method, path, token, "application/json", body)})
}

func (l *load) patient() api.Credentials {
	l.users++
	return askFor[api.Credentials](l, "POST", "/patients", "", fmt.Sprintf(
		`{"name":"P","email":"p%d@example.org","password":"password","birthDate":"1990-01-01","plan":"nhs"}`, l.users))
}

func (l *load) practitioner() api.Credentials {
	l.users++
	return askFor[api.Credentials](l, "POST", "/practitioners", operatorToken, fmt.Sprintf(
		`{"name":"P","email":"p%d@example.org","password":"password"}`, l.users))
}

func (l *load) book(token, practitioner string, slot int) api.Appointment {
	return askFor[api.Appointment](l, "POST", "/appointments", token,
		fmt.Sprintf(`{"practitioner":%q,"slot":%d,"mode":"audio","description":"knee"}`, practitioner, slot))
}

// BenchmarkRequest measures one kind of request each, one after another on one connection.
func BenchmarkRequest(b *testing.B) {
	for _, kind := range []struct {
		name    string
		prepare func(l *load, patient, practitioner api.Credentials) func(i int)
	}{
		{"health", func(l *load, _, _ api.Credentials) func(int) {
			return func(int) { l.ask("GET", "/healthz", "", "", "") }
		}},
		{"register", func(l *load, _, _ api.Credentials) func(int) {
			return func(int) { l.patient() }
		}},
		{"book", func(l *load, p, dr api.Credentials) func(int) {
			return func(i int) { l.book(p.Token, dr.Id, i+1) }
		}},
		{"media", func(l *load, p, dr api.Credentials) func(int) {
			path := l.joined(p, dr) + "/media"
			return func(int) { l.ask("POST", path, p.Token, "application/octet-stream", "a few words") }
		}},
		{"switch", func(l *load, p, dr api.Credentials) func(int) {
			path := l.joined(p, dr) + "/mode"
			modes := []string{`{"mode":"video"}`, `{"mode":"audio"}`}
			return func(i int) { l.ask("PUT", path, p.Token, "application/json", modes[i%2]) }
		}},
		{"list", func(l *load, p, dr api.Credentials) func(int) {
			l.recorded(p, dr, 5)
			return func(int) { l.ask("GET", "/recordings", p.Token, "", "") }
		}},
		{"get", func(l *load, p, dr api.Credentials) func(int) {
			path := "/recordings/" + l.recorded(p, dr, 1)
			return func(int) { l.ask("GET", path, p.Token, "", "") }
		}},
		{"play", func(l *load, p, dr api.Credentials) func(int) {
			path := "/recordings/" + l.recorded(p, dr, 1) + "/content"
			return func(int) { l.ask("GET", path, p.Token, "", "") }
		}},
		{"consultation", func(l *load, p, dr api.Credentials) func(int) {
			return func(int) { l.recorded(p, dr, 1) } // five requests
		}},
	} {
		b.Run(kind.name, func(b *testing.B) {
			l := newLoad(b)
			do := kind.prepare(l, l.patient(), l.practitioner())
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				do(i)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

func (l *load) joined(p, dr api.Credentials) (path string) {
	path = "/encounters/" + l.book(p.Token, dr.Id, 1).Encounter
	l.ask("POST", path+"/join", p.Token, "", "")
	return path
}

// recorded holds so many consultations and returns the id of the last recording.
func (l *load) recorded(p, dr api.Credentials, times int) (id string) {
	for range times {
		path := l.joined(p, dr)
		l.ask("POST", path+"/media", p.Token, "application/octet-stream", "a few words")
		l.ask("POST", path+"/media", p.Token, "application/octet-stream", "a few more")
		id = askFor[api.Encounter](l, "POST", path+"/leave", p.Token, "").Recordings[0].Id
	}
	return id
}

// BenchmarkHandler measures a listing without the network.
func BenchmarkHandler(b *testing.B) {
	service, err := clinic.New(b.Context(), clinic.Config{PasswordParams: clinic.FastPasswords()})
	require.NoError(b, err)
	defer service.Close()
	w := &discard{header: http.Header{}}
	r, err := http.NewRequest("POST", "/patients", strings.NewReader(
		`{"name":"P","email":"p@example.org","password":"password","birthDate":"1990-01-01","plan":"nhs"}`))
	require.NoError(b, err)
	r.Header.Set("Content-Type", "application/json")
	service.Handler().ServeHTTP(w, r)
	token := into[api.Credentials](answer{t: b, body: w.body.Bytes()}).Token

	r, err = http.NewRequest("GET", "/recordings", nil)
	require.NoError(b, err)
	r.Header.Set("Authorization", "Bearer "+token)
	b.ReportAllocs()
	for b.Loop() {
		w.body.Reset()
		service.Handler().ServeHTTP(w, r)
	}
}

type discard struct {
	header http.Header
	body   bytes.Buffer
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { return d.body.Write(p) }

// BenchmarkStart measures a service from nothing to its first answer and back to nothing.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		server, err := clinic.Start(b.Context(), "127.0.0.1:0", clinic.Config{PasswordParams: clinic.FastPasswords()})
		require.NoError(b, err)
		require.NoError(b, server.Close())
	}
}
