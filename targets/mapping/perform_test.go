package mapping

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// stub answers to each method and path as it is told, and notes what was asked.
type stub struct {
	mu      sync.Mutex
	answers map[string]string // "204" or a body
	asked   []string
}

func (s *stub) serve(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
		text, ok := s.answers[r.Method+" "+r.URL.Path]
		switch {
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		case len(text) == 3:
			var status int
			_, _ = fmt.Sscan(text, &status)
			w.WriteHeader(status)
		default:
			_, _ = fmt.Fprint(w, text)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestReplaysThatAWorldLeavesOffAreSwitchedOnAgain(t *testing.T) {
	s := &stub{answers: map[string]string{"PUT /true": "204", "PUT /false": "204"}}
	const yaml = "auth: {operator: {bearer: x}}\noperations: {replays: {method: PUT, path: \"/{{.on}}\"}}"
	w, _, _ := perform(t, targetOf(t, yaml, s.serve(t)), "w1", "operator.replays(off)")
	require.NoError(t, w.Close())
	require.NoError(t, w.Close())
	require.Equal(t, []string{"PUT /false", "PUT /true"}, s.asked)
}

func TestPagesCanHaveRequestsOfTheirOwn(t *testing.T) {
	s := &stub{answers: map[string]string{"POST /p": `{"id": 1}`, "GET /first": `{"rows": [{"id": 1}], "more": "a/b", "count": 2}`,
		"GET /more": `{"rows": [{"id": 2}], "more": null, "count": 2}`}}
	const yaml = `
recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /p}
  page: {path: /first, query: {n: "{{.limit}}"}, rows: .rows, next: .more, total: .count}
  follow: {path: /more, query: {at: "{{.page.cursor}}", n: "{{.limit}}"}, rows: .rows, next: .more}
`
	_, got, text := perform(t, targetOf(t, yaml, s.serve(t)), "w1", "alice = patient()\nc1 = alice.page(limit=1)\nalice.follow(c1)")
	require.Equal(t, []string{"POST /p", "GET /first?n=1", "GET /more?at=a%2Fb&n=1"}, s.asked, text)
	require.True(t, got[1].Listing.More)
	require.Equal(t, 2, *got[1].Listing.Total)
	require.Equal(t, 2, got[2].Listing.Rows[0].Page)
}

const stepped = `
operations:
  patient:
    steps:
      - {method: POST, path: /p, capture: {id: .id}}
      - {if: "{{if eq .plan \"bupa\"}}yes{{end}}", method: POST, path: /p/bupa}
      - {method: POST, path: "/p/{{.actor.id}}/login", capture: {token: .token}}
  list: {path: "/{{.actor.token}}", rows: .}
recording: {id: .id, title: .title}
`

func TestStepsEndWithTheFirstThatDoesNotSucceed(t *testing.T) {
	s := &stub{answers: map[string]string{"POST /p": `{"id": 7}`, "POST /p/bupa": "409", "POST /p/7/login": `{"token": "t"}`, "GET /t": "[]"}}
	_, _, text := perform(t, targetOf(t, stepped, s.serve(t)), "w1", "alice = patient()\nalice.list()\nbob = patient(plan=bupa)\nbob.list()")
	require.Equal(t, "# crosstalk trace v1\nalice = patient()         // ok\nalice.list()              // ok []\n"+
		"bob = patient(plan=bupa)  // conflict\nbob.list()                // unbound\n", text)
	require.Equal(t, []string{"POST /p", "POST /p/7/login", "GET /t", "POST /p", "POST /p/bupa"}, s.asked)
}

func TestAnOperationThatCannotGoOnHalfwayIsInDoubt(t *testing.T) {
	s := &stub{answers: map[string]string{"POST /p": `{"nr": 7}`}}
	_, got, _ := perform(t, targetOf(t, stepped, s.serve(t)), "w1", "alice = patient()")
	require.Equal(t, models.Unknown, got[0].Outcome)
	require.Equal(t, "capture id (crosstalk.yaml:5:48) found nothing: the answer has nr", got[0].Detail)
}

func TestPollingEndsWhenItTakesTooLong(t *testing.T) {
	s := &stub{answers: map[string]string{"GET /slow": `{"state": "busy"}`}}
	const yaml = "recording: {id: .id, title: .t}\noperations: {inbox: {path: /slow, rows: .rows, poll: {until: .state == \"ready\", every: 1ms, within: 5ms}}, patient: {path: /slow}}"
	w, got, _ := perform(t, targetOf(t, yaml, s.serve(t)), "w1", "alice = patient()\nalice.inbox()")
	require.Equal(t, models.Unknown, got[1].Outcome)
	require.Equal(t, "operations.inbox.poll", w.Trouble()[0].Key)
	require.Greater(t, got[1].Requests, 1)
}

func TestSegmentsKeepWhatWasSpokenUntilTheModeChanges(t *testing.T) {
	s := &stub{answers: map[string]string{"POST /x": `{"id": 1}`}}
	var said []string
	const yaml = `
recording: {id: .id, title: .t}
operations:
  patient: &x {method: POST, path: /x, capture: {id: .id}}
  clinician: *x
  book: {method: POST, path: /x, json: {t: "{{.title}}"}}
  join: {method: POST, path: /x}
  speak: {method: POST, path: /x, query: {say: "{{.segment.number}} {{.segment.mode}} {{.segment.media}}", last: "{{.consultation.last}}"}}
  switch: {method: POST, path: /x}
  leave: {method: POST, path: /x, query: {say: "{{.segment.media}}", last: "{{.consultation.last}}"}}
`
	perform(t, targetOf(t, yaml, s.serve(t)), "w1", `alice = patient()
dr1 = clinician()
b1 = alice.book(dr1, audio)
alice.join(b1)
alice.speak(b1)
alice.speak(b1)
dr1.join(b1)
alice.switch(b1, audio)
alice.switch(b1, video)
alice.speak(b1)
alice.leave(b1)
dr1.leave(b1)`)
	for _, a := range s.asked {
		if strings.Contains(a, "?") {
			said = append(said, fmt.Sprintf("%d %s", strings.Count(a, "-0.."), a[strings.LastIndex(a, "&")+1:]+a[strings.Index(a, "=")+1:][:7]))
		}
	}
	require.Equal(t, []string{"1 last=true1+audio", "2 last=true1+audio", "1 last=false2+video", "1 last=falsexk-w1-b", "1 last=truexk-w1-b"}, said)
}

func TestWorldsShareATarget(t *testing.T) {
	s := newVisitService(t)
	target := targetOf(t, visitsYAML, s.url)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			w, err := target.Open(t.Context(), models.Namespace(fmt.Sprintf("w%d", i)))
			if err != nil {
				t.Error(err)
				return
			}
			trace, err := models.Parse(strings.TrimSuffix(visits, "bob.follow(c1)\n"))
			if err != nil {
				t.Error(err)
				return
			}
			for n, op := range trace.Ops {
				if _, err := w.Apply(t.Context(), models.Call{Step: n + 1, Op: op}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
