package mapping

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// cookieSetter is a service that is reached without a network: it answers each path
// of each host with these headers Set-Cookie, and keeps what cookies it was sent.
type cookieSetter struct {
	sets map[string][]string // by METHOD and path
	code map[string]int
	sent []string // "METHOD path: cookies", in order
}

func (a *cookieSetter) RoundTrip(r *http.Request) (*http.Response, error) {
	at := r.Method + " " + r.URL.Path
	a.sent = append(a.sent, at+": "+r.Header.Get("Cookie"))
	status := http.StatusOK
	if code := a.code[at]; code != 0 {
		status = code
	}
	header := http.Header{"Set-Cookie": a.sets[at], "Location": {"/moved/on"}}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(`{"id": "1"}`)), Request: r}, nil
}

const cookieYAML = `auth:
  user: {cookies: kept}
  operator: {cookies: kept, login: {method: POST, path: /op, json: {key: k}}}
recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /in, capture: {id: .id}}
  clinician: {as: operator, method: POST, path: /staff, capture: {id: .id}}
  login: {method: POST, path: /login}
  logout: {method: POST, path: /out}
  book: {method: POST, path: /books/new, json: {title: "{{.title}}", mode: "{{.mode}}"}, capture: {id: .id}, redirects: true}
  list: {path: /list, rows: ".items[]?"}
`

// cookiesSent are the cookies that a service on a host is sent in a trace, by what
// it sets.
func cookiesSent(t *testing.T, url string, sets map[string][]string, code map[string]int, lines ...string) []string {
	t.Helper()
	a := &cookieSetter{sets: sets, code: code}
	target, err := New(Config{Mapping: mappingOf(t, cookieYAML), URL: url, Transport: a})
	require.NoError(t, err)
	perform(t, target, "w1", strings.Join(lines, "\n"))
	return a.sent
}

func TestCookiesAreKeptAsTheirAttributesSay(t *testing.T) {
	past, future := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	for name, c := range map[string]struct{ url, set, want string }{
		"a cookie of a session":                    {"http://h.example", "sid=1; Path=/", "sid=1"},
		"a quoted one":                             {"http://h.example", `sid="a b"; Path=/`, `sid="a b"`},
		"one that is good for a while":             {"http://h.example", "sid=1; Path=/; Max-Age=60", "sid=1"},
		"one that is over at once":                 {"http://h.example", "sid=1; Path=/; Max-Age=0", ""},
		"one that expires later":                   {"http://h.example", "sid=1; Path=/; Expires=" + future, "sid=1"},
		"one that has expired":                     {"http://h.example", "sid=1; Path=/; Expires=" + past, ""},
		"Max-Age counts more than Expires":         {"http://h.example", "sid=1; Path=/; Max-Age=60; Expires=" + past, "sid=1"},
		"a path that fits":                         {"http://h.example", "sid=1; Path=/list", "sid=1"},
		"a path that does not":                     {"http://h.example", "sid=1; Path=/lis", ""},
		"no path is the folder":                    {"http://h.example", "sid=1", "sid=1"},
		"the domain of the host":                   {"http://api.h.example", "sid=1; Path=/; Domain=api.h.example", "sid=1"},
		"a domain above it":                        {"http://api.h.example", "sid=1; Path=/; Domain=h.example", "sid=1"},
		"a domain of somebody else":                {"http://api.h.example", "sid=1; Path=/; Domain=other.example", ""},
		"for secure connections only":              {"http://h.example", "sid=1; Path=/; Secure", ""},
		"for secure connections, over one":         {"https://h.example", "sid=1; Path=/; Secure", "sid=1"},
		"for secure connections, on this machine":  {"http://127.0.0.1:8080", "sid=1; Path=/; Secure", "sid=1"},
		"for secure connections, at its own names": {"http://localhost:8080", "sid=1; Path=/; Secure; HttpOnly; SameSite=Strict", "sid=1"},
	} {
		sent := cookiesSent(t, c.url, map[string][]string{"POST /in": {c.set}}, nil, "alice = patient()", "alice.list()")
		require.Equal(t, []string{"POST /in: ", "GET /list: " + c.want}, sent, name)
	}
}

func TestEachAnswerMayRotateTheCookie(t *testing.T) {
	sets := map[string][]string{"POST /in": {"sid=1; Path=/"}, "GET /list": {"sid=2; Path=/", "more=x; Path=/"}, "POST /books/new": {"sid=3; Path=/", "more=; Path=/; Max-Age=0"}}
	sent := cookiesSent(t, "http://h.example", sets, map[string]int{"POST /books/new": http.StatusSeeOther},
		"alice = patient()", "bob = patient()", "dr1 = clinician()", "alice.list()", "b1 = alice.book(dr1, audio)", "bob.list()")
	require.Equal(t, []string{"POST /in: ", "POST /in: ", "POST /op: ", "POST /staff: ", "GET /list: sid=1",
		"POST /books/new: sid=2; more=x", "GET /moved/on: sid=3", "GET /list: sid=1"}, sent, "to each their own")
}

func TestALoginBeginsAnewAndALogoutLeavesWhatIsTriedAgain(t *testing.T) {
	sets := map[string][]string{"POST /in": {"sid=1; Path=/", "old=1; Path=/"}, "POST /out": {"sid=; Path=/; Max-Age=0"}, "POST /login": {"sid=2; Path=/"}}
	sent := cookiesSent(t, "http://h.example", sets, nil, "alice = patient()", "alice.logout()", "alice.list()", "alice.login()", "alice.list()")
	require.Equal(t, []string{"POST /in: ", "POST /out: sid=1; old=1", "GET /list: sid=1; old=1", "POST /login: ", "GET /list: sid=2"}, sent)
	sets = map[string][]string{"POST /in": {"sid=1; Path=/"}, "GET /list": {"sid=; Path=/; Max-Age=0"}}
	sent = cookiesSent(t, "http://h.example", sets, map[string]int{"GET /list": 401}, "alice = patient()", "alice.list()", "alice.list()")
	require.Equal(t, []string{"POST /in: ", "GET /list: sid=1", "POST /login: ", "GET /list: sid=1", "POST /login: "}, sent,
		"what is no longer good is tried again, and not at once where logging in gave nothing")
}

func TestTheOperatorsCookiesRotateToo(t *testing.T) {
	sets := map[string][]string{"POST /op": {"op=1; Path=/"}, "POST /staff": {"op=2; Path=/"}}
	sent := cookiesSent(t, "http://h.example", sets, nil, "dr1 = clinician()", "dr2 = clinician()", "dr1.list()")
	require.Equal(t, []string{"POST /op: ", "POST /staff: op=1", "POST /staff: op=2", "GET /list: "}, sent)
}

func TestNoCookieComesFromOrGoesToAnotherOrigin(t *testing.T) {
	yaml := strings.Replace(cookieYAML, "list: {path: /list,", `list: {url: "http://other.example/list",`, 1)
	a := &cookieSetter{sets: map[string][]string{"POST /in": {"sid=1; Path=/; Domain=example"}, "GET /list": {"sid=9; Path=/"}}}
	target, err := New(Config{Mapping: mappingOf(t, yaml), URL: "http://h.example", Transport: a})
	require.NoError(t, err)
	perform(t, target, "w1", "alice = patient()\ndr1 = clinician()\nalice.list()\nb1 = alice.book(dr1, audio)")
	require.Equal(t, "GET /list: ", a.sent[3])
	require.NotContains(t, a.sent[4], "sid=9")
}

func TestCookiesAreSecrets(t *testing.T) {
	a := &cookieSetter{sets: map[string][]string{"POST /in": {"sid=cookie-of-alice-17; Path=/"}, "POST /op": {"op=cookie-of-the-operator-1; Path=/"}}}
	target, err := New(Config{Mapping: mappingOf(t, cookieYAML), URL: "http://h.example", Transport: a})
	require.NoError(t, err)
	w, _, _ := perform(t, target, "w1", "alice = patient()\ndr1 = clinician()\nalice.list()")
	require.Equal(t, "[secret] [secret-CROSSTALK_OPERATOR_COOKIE_OP]", w.session.Conceal("cookie-of-alice-17 cookie-of-the-operator-1"))
	var values []string
	for _, s := range targets.SecretsOf(target) {
		values = append(values, s.Value)
	}
	require.Equal(t, []string{"k", "cookie-of-the-operator-1", "cookie-of-alice-17", "cookie-of-the-operator-1"}, values)
}

func TestWhatTheSectionAuthSaysIsSecret(t *testing.T) {
	spec, err := parseFile(`auth:
  user: {bearer: "{{.actor.token}}", headers: {X-App: app-key-1}}
  operator:
    basic: {username: admin, password: op-password-1}
    cookies: {sid: op-cookie-1}
    headers: {X-Api-Key: op-key-1, Accept: application/json}
    login:
      path: /login
      query: {k: q-key-1}
      headers: {X-Login: l-key-1}
      json: {user: {name: root, password: l-password-1}, scopes: [l-scope-1], templated: "{{.world}}"}
operations: {}
`)
	require.NoError(t, err)
	spec.Auth.Operator.OAuth2 = &OAuth2{ClientID: Text{Value: "client-id-1"}, ClientSecret: Text{Value: "client-secret-1"}}
	var got []string
	for _, s := range spec.Auth.Secrets() {
		got = append(got, fmt.Sprintf("%s %s%s=%s", s.Name, s.Place.In, s.Place.Name, s.Value))
	}
	require.Equal(t, []string{
		"CROSSTALK_OPERATOR_USERNAME =admin", "CROSSTALK_OPERATOR_PASSWORD =op-password-1",
		"CROSSTALK_OPERATOR_BASIC headerAuthorization=YWRtaW46b3AtcGFzc3dvcmQtMQ==",
		"CROSSTALK_OPERATOR_COOKIE_SID cookiesid=op-cookie-1", "CROSSTALK_OPERATOR_X_API_KEY headerX-Api-Key=op-key-1",
		"CROSSTALK_OPERATOR_CLIENT_ID bodyclient_id=client-id-1", "CROSSTALK_OPERATOR_CLIENT_SECRET bodyclient_secret=client-secret-1",
		"CROSSTALK_OPERATOR_CLIENT_BASIC headerAuthorization=Y2xpZW50LWlkLTE6Y2xpZW50LXNlY3JldC0x",
		"CROSSTALK_OPERATOR_LOGIN_K queryk=q-key-1", "CROSSTALK_OPERATOR_LOGIN_X_LOGIN headerX-Login=l-key-1",
		"CROSSTALK_OPERATOR_LOGIN_NAME bodyname=root", "CROSSTALK_OPERATOR_LOGIN_PASSWORD bodypassword=l-password-1",
		"CROSSTALK_OPERATOR_LOGIN_SCOPES bodyscopes=l-scope-1", "CROSSTALK_USER_X_APP headerX-App=app-key-1",
	}, got)
}

func TestWhatALoginGaveIsSecretInAllThatIsTold(t *testing.T) {
	yaml := strings.NewReplacer("user: {cookies: kept}", `user: {headers: {X-Me: "Key {{.actor.key}}"}}`,
		"path: /in, capture: {id: .id}", `path: /in, capture: {id: .id, key: {header: X-Given}, play: .play}`,
		"path: /staff, capture: {id: .id}", `path: /staff, capture: {id: .id, key: {header: X-Given}, play: .play}`,
		"list: {path: /list,", `list: {url: "{{.actor.play}}",`).Replace(cookieYAML)
	given := "https://h.example/list?X-Amz-Signature=0af7651916cd&mode=audio"
	a := roundTripper(func(r *http.Request) (*http.Response, error) {
		said := r.Header.Get("X-Me") + " " + r.URL.Query().Get("X-Amz-Signature")
		body := fmt.Sprintf(`{"id": "1", "play": %q, "detail": %q}`, given, said)
		status := http.StatusOK
		if r.URL.Path == "/list" {
			status = http.StatusForbidden
		}
		return &http.Response{StatusCode: status, Header: http.Header{"X-Given": {"alices-key-17"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})
	target, err := New(Config{Mapping: mappingOf(t, yaml), URL: "https://h.example", Transport: a})
	require.NoError(t, err)
	w, got, _ := perform(t, target, "w1", "alice = patient()\nalice.list()")
	require.Equal(t, models.Denied, got[1].Outcome)
	require.Equal(t, "Key [secret] [secret]", got[1].Detail)
	require.Equal(t, "/list?X-Amz-Signature=[secret]&mode=audio", got[1].Exchanges[0].Path)
	require.Equal(t, "https://h.example/list?X-Amz-Signature=[secret]&mode=audio", w.Exchanges()[0].URL)
	require.NotEmpty(t, w.Trouble())
	require.NotContains(t, fmt.Sprint(w.Trouble()), "0af7651916cd")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheSecretOfAClientIsNotSentWhereATokenServerLeadsTo(t *testing.T) {
	var asked []string
	a := roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Host)
		return &http.Response{StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://other.example/token"}},
			Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
	})
	yaml := strings.Replace(cookieYAML, "operator: {cookies: kept, login: {method: POST, path: /op, json: {key: k}}}",
		"operator: {oauth2: {token_url: \"https://id.example/token\", client_id: client-1, client_secret: secret-of-client-1}}", 1)
	target, err := New(Config{Mapping: mappingOf(t, yaml), URL: "https://h.example", Transport: a})
	require.NoError(t, err)
	_, got, _ := perform(t, target, "w1", "dr1 = clinician()")
	require.Equal(t, models.Unknown, got[0].Outcome)
	require.NotEmpty(t, asked)
	require.NotContains(t, asked, "other.example")
}
