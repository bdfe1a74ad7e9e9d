package mapping

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// shortLived is a service whose tokens are good for some requests and then answered
// as expired.
type shortLived struct {
	good    int // requests
	expired func(http.ResponseWriter)
	issued  int
	uses    map[string]int
	log     []string // "METHOD path token"
}

func unauthorized(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) }

// inBand tells of an expired token as services do that answer everything with 200.
func inBand(w http.ResponseWriter) { answer(w, map[string]any{"error": "Your Session has expired"}) }

func (s *shortLived) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.log = append(s.log, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+token))
	switch r.URL.Path {
	case "/in", "/login", "/fresh":
		s.issued++
		answer(w, map[string]any{"id": s.issued, "token": fmt.Sprintf("t%d", s.issued)})
		return
	}
	s.uses[token]++
	switch {
	case s.uses[token] > s.good:
		s.expired(w)
	case r.URL.Path == "/out":
		s.uses[token] = s.good
		answer(w, map[string]any{})
	default:
		answer(w, map[string]any{"items": []any{}})
	}
}

const shortYAML = `recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /in, capture: {id: .id, token: .token}}
  login: {method: POST, path: /login, capture: {token: .token}}
  logout: {method: POST, path: /out}
  list: {path: /list, rows: ".items[]", outcome: [{when: '.error != null', is: denied}]}
`

// shortRun performs lines on a service whose tokens are good for two requests. It
// returns what was answered, and what the service was sent.
func shortRun(t *testing.T, s *shortLived, auth string, lines ...string) ([]models.Response, []string) {
	t.Helper()
	s.uses = make(map[string]int)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	_, out, _ := perform(t, targetOf(t, auth+shortYAML, server.URL), "w1", strings.Join(lines, "\n"))
	return out, s.log
}

const bearerAuth = "auth:\n  user: {bearer: '{{.actor.token}}'}\n"

func TestAUserWhoseTokenHasExpiredLogsInAgain(t *testing.T) {
	out, sent := shortRun(t, &shortLived{good: 2, expired: unauthorized}, bearerAuth,
		"alice = patient()", "alice.list()", "alice.list()", "alice.list()", "alice.list()")
	require.Equal(t, []string{"POST /in", "GET /list t1", "GET /list t1", "GET /list t1", "POST /login", "GET /list t2", "GET /list t2"}, sent)
	require.Equal(t, models.OK, out[3].Outcome)
	require.Equal(t, []int{0, 0, 0, 1, 0}, []int{out[0].Renewed, out[1].Renewed, out[2].Renewed, out[3].Renewed, out[4].Renewed})
	require.Len(t, out[3].Exchanges, 3, "all that was sent is evidence")
	require.Equal(t, 401, out[3].Exchanges[0].Status)
}

func TestARevokedTokenIsNotRenewed(t *testing.T) {
	out, sent := shortRun(t, &shortLived{good: 5, expired: unauthorized}, bearerAuth,
		"alice = patient()", "alice.logout()", "alice.list()", "alice.login()", "alice.list()")
	require.Equal(t, []string{"POST /in", "POST /out t1", "GET /list t1", "POST /login", "GET /list t2"}, sent)
	require.Equal(t, models.Denied, out[2].Outcome)
	require.Zero(t, out[2].Renewed)
	require.Equal(t, models.OK, out[4].Outcome)
}

func TestNorIsOneThatMayBeRevoked(t *testing.T) {
	u := &user{}
	u.keepsToken(models.KindPatient, models.OK)
	require.True(t, u.loggedIn)
	u.keepsToken(models.KindLogout, models.Denied)
	require.True(t, u.loggedIn, "who was refused has logged out of nothing")
	u.keepsToken(models.KindLogout, models.Unknown)
	require.False(t, u.loggedIn, "nobody can tell")
	u.keepsToken(models.KindLogin, models.OK)
	require.True(t, u.loggedIn)
	u.keepsToken(models.KindClose, models.OK)
	require.False(t, u.loggedIn)
}

func TestATokenIsRenewedOnceForARequest(t *testing.T) {
	out, sent := shortRun(t, &shortLived{good: 0, expired: unauthorized}, bearerAuth, "alice = patient()", "alice.list()")
	require.Equal(t, []string{"POST /in", "GET /list t1", "POST /login", "GET /list t2"}, sent)
	require.Equal(t, models.Denied, out[1].Outcome)
	require.Equal(t, 1, out[1].Renewed)
}

func TestTheFileSaysHowATokenIsRenewed(t *testing.T) {
	lines := []string{"alice = patient()", "alice.list()", "alice.list()"}
	out, sent := shortRun(t, &shortLived{good: 1, expired: inBand}, bearerAuth+`  renew:
    on: 200
    match: session HAS expired
    request: {method: POST, path: /fresh, as: actor, json: {old: '{{.actor.token}}'}, capture: {token: .token}}
`, lines...)
	require.Equal(t, []string{"POST /in", "GET /list t1", "GET /list t1", "POST /fresh t1", "GET /list t2"}, sent)
	require.Equal(t, models.OK, out[2].Outcome)
	require.Equal(t, 1, out[2].Renewed)

	out, sent = shortRun(t, &shortLived{good: 1, expired: inBand}, bearerAuth, lines...)
	require.Equal(t, []string{"POST /in", "GET /list t1", "GET /list t1", "POST /login", "GET /list t2"}, sent, "a denial in words")
	require.Equal(t, models.OK, out[2].Outcome)

	out, sent = shortRun(t, &shortLived{good: 1, expired: unauthorized}, bearerAuth+"  renew: {operation: none}\n", lines...)
	require.Len(t, sent, 3)
	require.Equal(t, models.Denied, out[2].Outcome)

	out, sent = shortRun(t, &shortLived{good: 1, expired: unauthorized}, bearerAuth+"  renew: {match: expired}\n", lines...)
	require.Len(t, sent, 3, "401 without these words is something else")
	require.Equal(t, models.Denied, out[2].Outcome)
}

func TestWhatIsWrongWithARenewalIsToldInALine(t *testing.T) {
	withoutLogin := strings.Replace(shortYAML, "  login: {method: POST, path: /login, capture: {token: .token}}\n", "", 1)
	for text, want := range map[string]string{
		bearerAuth + "  renew: {match: expired}\n" + withoutLogin:                   "3:3: nothing says how to log in again; expected operations.login, or auth.renew.request",
		bearerAuth + "  renew: {on: [401, 200]}\n" + shortYAML:                      "3:21: 200 is also what succeeds; expected match besides, a text that only an expired token is answered with",
		bearerAuth + "  renew: {on: 40}\n" + shortYAML:                              `3:15: expected an HTTP status code from 100 to 599, found "40"`,
		bearerAuth + "  renew: {operation: book}\n" + shortYAML:                     `3:22: unknown operation "book"; expected login or none`,
		bearerAuth + "  renew: {request: {path: '/x/{{.actor.no}}'}}\n" + shortYAML: "3:27: unknown name .actor.no; nothing captures it",
	} {
		s, err := parseFile(text)
		require.NoError(t, err)
		_, problems := Compile(s)
		require.Len(t, problems, 1, text)
		require.Contains(t, problems[0].Error(), want)
	}
}
