package repro_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// portal is a service that is not like the conformance API: a cookie and a
// header keep callers logged in, ids are numbers, JSON is indented, media has
// bytes of any value. Every id, cookie and header is another in each service.
type portal struct {
	*httptest.Server
	next  int
	leaks bool
	wrong string // the first request that was not as it must be
}

func newPortal(t *testing.T, first int, leaks bool) *portal {
	t.Helper()
	p := &portal{next: first, leaks: leaks}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/login", p.login)
	mux.HandleFunc("POST /api/people/{id}/media", p.media)
	mux.HandleFunc("GET /api/people/{id}/replays", p.replays)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *portal) login(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Set-Cookie", fmt.Sprintf("sid=cookie-%d; Path=/; HttpOnly", p.next))
	w.Header().Set("X-Csrf", fmt.Sprintf("csrf-%d", p.next))
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, "{\n  \"status\": \"logged in\",\n  \"person\": {\"id\": %d},\n  \"ward\": {\"id\": \"w-%d/x\"}\n}\n", p.next, p.next)
}

func (p *portal) known(r *http.Request) bool {
	cookie, err := r.Cookie("sid")
	ok := err == nil && cookie.Value == fmt.Sprintf("cookie-%d", p.next) && r.Header.Get("X-Csrf") == fmt.Sprintf("csrf-%d", p.next) &&
		r.PathValue("id") == fmt.Sprint(p.next)
	if !ok && p.wrong == "" {
		p.wrong = fmt.Sprint(r.URL, r.Header)
	}
	return ok
}

func (p *portal) media(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !p.known(r) || !bytes.HasPrefix(body, []byte("\x00\xff%\n'xk-")) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("X-Spoken", string(body[9:bytes.IndexByte(body[9:], '-')+9]))
}

func (p *portal) replays(w http.ResponseWriter, r *http.Request) {
	if !p.known(r) || r.URL.Query().Get("ward") != fmt.Sprintf("w-%d/x", p.next) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	title := "nothing"
	if p.leaks {
		title = r.Header.Get("X-World")
	}
	fmt.Fprintf(w, `{"rows": [{"title": "xk-%s-b1"}]}`, title)
}

// taken sends a request and keeps what was sent and answered.
func (p *portal) taken(t *testing.T, step int, method, path string, header http.Header, body []byte) targets.LoggedExchange {
	t.Helper()
	req, err := http.NewRequest(method, p.URL+path, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header = header
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Less(t, resp.StatusCode, 300, p.wrong)
	return targets.LoggedExchange{Exchange: models.Exchange{Method: method, Path: path, Status: resp.StatusCode}, Step: step, URL: p.URL + path,
		RequestHeader: header, RequestBody: body, ResponseHeader: resp.Header, ResponseBody: got}
}

// taped is a run against a portal that leaks.
func taped(t *testing.T) evidence.Run {
	t.Helper()
	p := newPortal(t, 17, true)
	known := http.Header{"Cookie": {"sid=cookie-17"}, "X-Csrf": {"csrf-17"}, "X-World": {"w1"}}
	return samples.Exchanged(t,
		p.taken(t, 1, "POST", "/api/login", http.Header{"Content-Type": {"application/json"}}, []byte(`{"name":"alice w1"}`)),
		p.taken(t, 6, "POST", "/api/people/17/media", known, []byte("\x00\xff%\n'xk-w1-b1-6-0....")),
		p.taken(t, 8, "GET", "/api/people/17/replays?ward=w-17%2Fx", known, nil),
	)
}

func TestCookiesHeadersNumbersAndBytesAreRepeated(t *testing.T) {
	needs(t, "sh", "curl", "sed")
	r := taped(t)
	dir := t.TempDir()
	var script, test bytes.Buffer
	require.NoError(t, repro.Shell(&script, &r))
	require.NoError(t, repro.GoTest(&test, &r))
	require.NotContains(t, script.String()+test.String(), "cookie-17")
	require.NoError(t, os.WriteFile(filepath.Join(dir, evidence.ReproScript), script.Bytes(), 0o644))
	binary := compiledTest(t, dir, test.String())
	for leaks, want := range map[bool]int{true: 1, false: 0} {
		p := newPortal(t, 4242, leaks)
		out, code := command(t, dir, nil, "sh", filepath.Join(dir, evidence.ReproScript), p.URL+"/api/")
		require.Equal(t, want, code, out)
		require.Empty(t, p.wrong)
		out, code = command(t, dir, []string{"CROSSTALK_BASE_URL=" + p.URL + "/api"}, binary, "-test.v")
		require.Equal(t, want, code, out)
		require.Contains(t, out, map[bool]string{true: "LEAK: alice was presented with bob's recording", false: "--- PASS"}[leaks])
		require.Empty(t, p.wrong)
	}
}

func TestNothingThatAServiceSaysIsRunByTheShell(t *testing.T) {
	needs(t, "sh", "curl", "sed")
	const evil = "'; touch PWNED; $(touch PWNED) `touch PWNED` \" \\ \n"
	r := taped(t)
	r.Minimal.Violation.Message, r.Minimal.Violation.Exposures = evil, nil
	r.Target = evil
	for i := range r.Minimal.Record.Exchanges {
		x := &r.Minimal.Record.Exchanges[i]
		x.Method, x.URL = "GET"+evil, strings.Replace(x.URL, "/api/", "/api/'$(touch PWNED)`touch PWNED`/", 1)
		x.RequestHeader = http.Header{"X-" + evil: {evil, "made-by-service-17 " + evil}}
		x.RequestBody = []byte(evil + "made-by-service-17\x00")
		x.ResponseBody = []byte(`{"$(touch PWNED)'id":"made-by-service-17","a` + "`touch PWNED`" + `id":"$(touch PWNED) 17"}`)
	}
	dir := t.TempDir()
	var script, test bytes.Buffer
	require.NoError(t, repro.Shell(&script, &r))
	require.NoError(t, repro.GoTest(&test, &r))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "repro.sh"), script.Bytes(), 0o644))
	out, code := command(t, dir, nil, "sh", "-n", "repro.sh")
	require.Zero(t, code, out)
	p := newPortal(t, 17, true)
	out, code = command(t, dir, nil, "sh", "repro.sh", p.URL)
	require.Contains(t, []int{1, 2}, code, out)
	require.NoFileExists(t, filepath.Join(dir, "PWNED"))
}

func TestTheLagThatWasWaitedOutIsWaitedOutAgain(t *testing.T) {
	for waited, want := range map[time.Duration]bool{0: false, time.Millisecond: true} {
		r := taped(t)
		r.Minimal.Record.History.Policy.Lag = 1500 * time.Millisecond
		r.Minimal.Record.History.Events[7].Waited = waited
		var script, test bytes.Buffer
		require.NoError(t, repro.Shell(&script, &r))
		require.NoError(t, repro.GoTest(&test, &r))
		require.Equal(t, want, strings.Contains(script.String(), "# step 8: alice.list()\nsleep 2 #"))
		require.Equal(t, want, strings.Contains(test.String(), "// step 8: alice.list()\n\ttime.Sleep(2 * time.Second) //"))
	}
}
