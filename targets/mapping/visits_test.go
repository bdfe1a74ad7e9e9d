package mapping

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// visitService is a service of another shape than the reference clinic's: cookies,
// ids that are numbers, forms, media that is uploaded when a consultation ends,
// refusals that are answered with 200, and playback by a URL in the listing.
type visitService struct {
	mu       sync.Mutex
	url      string
	sessions map[string]int // users by cookie
	visits   []visit        // by id, from 1
	asked    map[string]int // how often media was asked for
	logins   int            // of the operator
	key      string
	tokens   int // of OAuth2
	seen     []string
	foreign  string // where media is, if not here
}

type visit struct {
	patient, doctor int
	note            string
	over            bool
	media           string
}

func newVisitService(t testing.TB) *visitService {
	s := &visitService{sessions: map[string]int{}, asked: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2/accounts", s.register)
	mux.HandleFunc("POST /v2/staff", s.staff)
	mux.HandleFunc("POST /v2/admin/session", s.admin)
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("POST /v2/accounts/me/visits", s.as(s.book))
	mux.HandleFunc("POST /v2/visits/{id}/state", s.as(s.state))
	mux.HandleFunc("POST /v2/visits/{id}/clips", s.as(s.upload))
	mux.HandleFunc("GET /v2/accounts/me/replays", s.as(s.replays))
	mux.HandleFunc("GET /v2/media/{id}", s.as(s.media))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, r.Method+" "+r.URL.String())
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// register answers with two cookies, of which one is deleted again, and an id
// that is too great for a float.
func (s *visitService) register(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("mail") == "" || !strings.HasPrefix(r.Header.Get("Content-Type"), formType) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	s.enter(w)
}

const firstID = 9_007_199_254_740_993 // 2^53+1

func (s *visitService) enter(w http.ResponseWriter) {
	n := len(s.sessions) + 1
	cookie := fmt.Sprintf("cookie-%d", n)
	s.sessions[cookie] = firstID + n
	http.SetCookie(w, &http.Cookie{Name: "old", Value: "x", MaxAge: -1})
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: cookie})
	answer(w, map[string]any{"account": map[string]any{"no": firstID + n}})
}

// admin gives the operator a key that is good for one request.
func (s *visitService) admin(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if string(body) != `{"user":"admin","password":"s3cret"}` {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.logins++
	s.key = fmt.Sprintf("key-%d", s.logins)
	answer(w, map[string]any{"key": s.key})
}

func (s *visitService) token(w http.ResponseWriter, r *http.Request) {
	s.tokens++
	answer(w, map[string]any{"access_token": fmt.Sprintf("token-%d", s.tokens), "token_type": "Bearer", "expires_in": 3600})
}

func (s *visitService) staff(w http.ResponseWriter, r *http.Request) {
	byToken := s.tokens > 0 && r.Header.Get("Authorization") == fmt.Sprintf("Bearer token-%d", s.tokens)
	if (s.key == "" || r.Header.Get("X-Key") != s.key) && !byToken {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.key = ""
	s.enter(w)
}

// as requires a session. Who has none is told so with 200.
func (s *visitService) as(f func(http.ResponseWriter, *http.Request, int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("sid")
		if err != nil || s.sessions[c.Value] == 0 {
			answer(w, map[string]any{"error": "forbidden"})
			return
		}
		f(w, r, s.sessions[c.Value])
	}
}

func (s *visitService) book(w http.ResponseWriter, r *http.Request, who int) {
	var in struct {
		Doctor int
		Slot   int
		Note   string
		Fixed  []any
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in.Fixed) != 3 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.visits = append(s.visits, visit{patient: who, doctor: in.Doctor, note: in.Note})
	w.Header().Set("Location", fmt.Sprintf("/v2/visits/%d", len(s.visits)))
	answer(w, map[string]any{})
}

func (s *visitService) visit(r *http.Request) *visit {
	n, _ := strconv.Atoi(r.PathValue("id"))
	if n < 1 || n > len(s.visits) {
		return nil
	}
	return &s.visits[n-1]
}

func (s *visitService) state(w http.ResponseWriter, r *http.Request, who int) {
	v := s.visit(r)
	if v == nil || v.patient != who && v.doctor != who {
		answer(w, map[string]any{"error": "forbidden"})
		return
	}
	v.over = r.FormValue("state") == "over"
	answer(w, map[string]any{"state": r.FormValue("state")})
}

func (s *visitService) upload(w http.ResponseWriter, r *http.Request, _ int) {
	file, header, err := r.FormFile("clip")
	if err != nil || header.Header.Get("Content-Type") != "video/mp4" || header.Filename != "clip.bin" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	media, _ := io.ReadAll(file)
	s.visit(r).media += string(media)
	w.WriteHeader(http.StatusCreated)
}

// replays shows a row on each page, and leads to the next by a URL.
func (s *visitService) replays(w http.ResponseWriter, r *http.Request, who int) {
	after, _ := strconv.Atoi(r.FormValue("after"))
	out := map[string]any{"data": []any{}}
	for i, v := range s.visits {
		if n := i + 1; n > after && v.media != "" && (v.patient == who || v.doctor == who) {
			out["data"] = []any{map[string]any{"no": 1000 + n, "visit": n, "for": map[string]any{"no": v.patient}, "kind": "VIDEO",
				"at": fmt.Sprintf("%s/v2/media/%d", s.foreign, n)}}
			out["links"] = map[string]any{"next": fmt.Sprintf("?after=%d", n)}
			break
		}
	}
	answer(w, out)
}

// media is prepared when it is first asked for.
func (s *visitService) media(w http.ResponseWriter, r *http.Request, who int) {
	v := s.visit(r)
	switch {
	case v == nil:
		w.WriteHeader(http.StatusNotFound)
	case v.patient != who && v.doctor != who:
		answer(w, map[string]any{"error": "forbidden"})
	case s.asked[r.URL.Path] == 0:
		w.WriteHeader(http.StatusAccepted)
	default:
		_, _ = io.WriteString(w, v.media)
	}
	s.asked[r.URL.Path]++
}

const visitsYAML = `
target: {base: /v2/}
auth:
  user: {cookies: kept}
  operator:
    login: {method: POST, path: /admin/session, json: {user: admin, password: s3cret}, capture: {key: .key}}
    headers: {X-Key: "{{.operator.key}}"}
recording: {id: .no, booking: .visit, subject: .for.no, mode: .kind | ascii_downcase, url: .at}
encounter: {status: '{"live": "in-progress", "over": "completed"}[.state]'}
operations:
  patient: &register
    method: POST
    path: /accounts
    form: {mail: "{{.email}}", name: "{{.name}}"}
    capture: &id {id: .account.no}
  clinician: {as: operator, method: POST, path: /staff, form: {name: "{{.name}}"}, capture: *id}
  book:
    method: POST
    path: /accounts/me/visits
    json: {doctor: "{{.clinician.id}}", slot: "{{.slot}}", note: "{{.title}}", fixed: [1, true, null]}
    capture: {id: {header: Location, match: "/visits/([0-9]+)$"}}
    outcome: &refusals [{status: 200, when: '.error == "forbidden"', is: denied}]
  join: {method: POST, path: "/visits/{{.booking.id}}/state", form: {state: live}, outcome: *refusals}
  speak: {method: POST, path: "/visits/{{.booking.id}}/state", form: {state: live}, outcome: *refusals}
  leave:
    steps:
      - if: "{{.segment.media}}"
        method: POST
        path: /visits/{{.booking.id}}/clips
        multipart: {clip: {content: "{{.segment.media}}", filename: clip.bin, type: video/mp4}}
      - {method: POST, path: "/visits/{{.booking.id}}/state", form: {state: over}, outcome: *refusals}
  list: {path: /accounts/me/replays, query: {per_page: "{{.limit}}"}, rows: ".data[]", next: .links.next, outcome: *refusals}
  play: {url: "{{.recording.url}}", range: none, poll: {every: 1ms, within: 5s}, outcome: *refusals}
  get: {path: "/media/{{.recording.id}}", row: ., outcome: *refusals}
`

// perform performs a trace in a world and returns its lines with what was
// answered.
func perform(t testing.TB, target *Target, n models.Namespace, text string) (*World, []models.Response, string) {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	opened, err := target.Open(t.Context(), n)
	require.NoError(t, err)
	w := opened.(*World)
	var out []models.Response
	said := make([]string, len(trace.Ops))
	for i, op := range trace.Ops {
		r, err := w.Apply(t.Context(), models.Call{Step: i + 1, Op: op})
		require.NoError(t, err)
		out, said[i] = append(out, r), r.String()
	}
	return w, out, trace.Annotate(said)
}

func targetOf(t testing.TB, yaml, url string) *Target {
	t.Helper()
	target, err := New(Config{Mapping: mappingOf(t, yaml), URL: url})
	require.NoError(t, err)
	return target
}

const visits = `alice = patient()
bob = patient()
dr1 = clinician()
dr2 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
bob.join(b1)
alice.speak(b1)
alice.speak(b1)
alice.leave(b1)
b2 = alice.book(dr2, video)
alice.join(b2)
alice.speak(b2)
alice.leave(b2)
alice.list()
bob.list()
anyone.list()
alice.play(b1.r1)
bob.play(b1.r1)
alice.play(b1.r1, range=0-99)
c1 = alice.page(limit=1)
alice.follow(c1)
bob.follow(c1)
`

func TestAServiceOfAnotherShapeIsDriven(t *testing.T) {
	s := newVisitService(t)
	target := targetOf(t, visitsYAML, s.url)
	require.Equal(t, []models.Kind{"patient", "clinician", "book", "join", "speak", "leave", "list", "page", "follow", "get", "play"},
		target.Capabilities().Operations)
	_, got, text := perform(t, target, "w1", visits)
	require.Equal(t, `# crosstalk trace v1
alice = patient()              // ok
bob = patient()                // ok
dr1 = clinician()              // ok
dr2 = clinician()              // ok
b1 = alice.book(dr1, video)    // ok
alice.join(b1)                 // ok in-progress
bob.join(b1)                   // denied
alice.speak(b1)                // ok in-progress
alice.speak(b1)                // ok in-progress
alice.leave(b1)                // ok completed
b2 = alice.book(dr2, video)    // ok
alice.join(b2)                 // ok in-progress
alice.speak(b2)                // ok in-progress
alice.leave(b2)                // ok completed
alice.list()                   // ok [b1.r1 b2.r1] on 3 pages
bob.list()                     // ok []
anyone.list()                  // denied
alice.play(b1.r1)              // ok 512 of 512 bytes b1
bob.play(b1.r1)                // denied
alice.play(b1.r1, range=0-99)  // unbound
c1 = alice.page(limit=1)       // ok [b1.r1]
alice.follow(c1)               // ok [b2.r1]
bob.follow(c1)                 // ok []
`, text)
	require.Equal(t, 2, s.logins, "the operator logged in again when the key was no longer good")
	require.Equal(t, models.Row{ID: "1001", Recording: "b1.r1", Tag: models.Tag{World: "w1", Booking: "b1"}, Subject: "alice", Mode: models.Video, Page: 1},
		got[14].Listing.Rows[0], "ids that are numbers keep all their digits")
	require.Equal(t, "forbidden", got[18].Reason)
	require.Equal(t, 2, got[17].Requests, "what is not there yet is asked for again")
	require.True(t, got[20].Listing.More)
}

func TestRowsOfAnotherWorldAreNamedByTheIdsOfItsBookings(t *testing.T) {
	s := newVisitService(t)
	target := targetOf(t, visitsYAML, s.url)
	perform(t, target, "w1", visits)
	s.visits[0].patient = firstID + 5 // that is the next to register
	_, got, _ := perform(t, target, "w2", "alice = patient()\nalice.list()")
	require.Equal(t, models.Row{ID: "1001", Tag: models.Tag{World: "w1", Booking: "b1"}, Subject: "alice", Mode: models.Video, Page: 1}, got[1].Listing.Rows[0])
}

func TestCredentialsAreNotSentToAnotherOrigin(t *testing.T) {
	var header http.Header
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { header = r.Header }))
	defer other.Close()
	s := newVisitService(t)
	s.foreign = other.URL
	perform(t, targetOf(t, visitsYAML, s.url), "w1", visits)
	require.NotEmpty(t, header)
	require.Empty(t, header.Get("Cookie"))
}

func TestOwnOriginIsToldByMoreThanItsBeginning(t *testing.T) {
	w := newWorld(targetOf(t, visitsYAML, "http://service.example:80/api"), "w1")
	for url, own := range map[string]bool{
		"http://service.example/x": true, "http://service.example:80/api/x": true, "http://SERVICE.example/": true,
		"http://service.example:8080/api": false, "https://service.example/": false, "http://service.example:80@evil.example/": false,
		"http://service.example.evil.example/": false, "http://service.example:80/api@evil.example/": true,
	} {
		require.Equal(t, own, w.ownOrigin(url), url)
	}
}

func TestTheOperatorGetsATokenByOAuth2(t *testing.T) {
	s := newVisitService(t)
	a, b, _ := strings.Cut(visitsYAML, "    login:")
	_, b, _ = strings.Cut(b, "recording:")
	yaml := a + "    oauth2: {token_url: " + s.url + "/oauth/token, client_id: x, client_secret: y, scopes: [a]}\nrecording:" + b
	_, _, text := perform(t, targetOf(t, yaml, s.url), "w1", "dr1 = clinician()\ndr2 = clinician()")
	require.Equal(t, 2, strings.Count(text, "// ok"), text)
	require.Equal(t, 1, s.tokens)
	s.tokens = 0
	target := targetOf(t, yaml, s.url)
	perform(t, target, "w2", "dr1 = clinician()")
	s.tokens = 7 // the service has forgotten the first
	_, _, text = perform(t, target, "w3", "dr1 = clinician()")
	require.Contains(t, text, "// ok")
}

func TestAServiceThatDoesNotAnswerInTimeIsInDoubt(t *testing.T) {
	block := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-block }))
	defer server.Close()
	defer close(block)
	target, err := New(Config{Mapping: mappingOf(t, visitsYAML), URL: server.URL, Timeout: 10 * time.Millisecond})
	require.NoError(t, err)
	w, got, _ := perform(t, target, "w1", "alice = patient()")
	require.Equal(t, models.Unknown, got[0].Outcome)
	require.Equal(t, "target.timeout", w.Trouble()[0].Key)
}
