package mapping

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// answering serves what a function says of each request: a status and a body. It
// returns the URL, and the requests so far.
func answering(t *testing.T, say func(r *http.Request, body string) (int, string)) (string, *[]string) {
	t.Helper()
	asked := new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*asked = append(*asked, r.Method+" "+r.URL.RequestURI())
		status, text := say(r, string(body))
		w.Header().Set("X-Room", "/rooms/12")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestAnAnswerWithoutABodyCanBeCapturedFrom(t *testing.T) {
	url, asked := answering(t, func(*http.Request, string) (int, string) { return http.StatusNoContent, "" })
	const yaml = `
recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /p, capture: {state: '"new"', room: {header: X-Room, match: "/rooms/(.+)"}}}
  login: {method: POST, path: "/{{.actor.state}}", capture: {state: 'if . == null then "in" else "out" end'}}
  logout: {method: POST, path: "/{{.actor.room}}/{{.actor.state}}"}
`
	_, _, text := perform(t, targetOf(t, yaml, url), "w1", "alice = patient()\nalice.login()\nalice.logout()")
	require.Equal(t, []string{"POST /p", "POST /new", "POST /12/in"}, *asked, text)
}

func TestWhatIsNotInABodyThatIsNotThereIsMissed(t *testing.T) {
	url, _ := answering(t, func(*http.Request, string) (int, string) { return http.StatusNoContent, "" })
	const yaml = "operations: {patient: {method: POST, path: /p, capture: {id: .id}}, login: {path: \"/{{.actor.id}}\"}}"
	_, got, _ := perform(t, targetOf(t, yaml, url), "w1", "alice = patient()")
	require.Equal(t, models.Unknown, got[0].Outcome)
	require.Contains(t, got[0].Detail, "the body is no JSON but empty")
}

// spoken maps a consultation whose media is uploaded whole by each speak. A batch
// is answered with a list, which tells nothing of the encounter.
const spoken = `
recording: {id: .id, title: .t}
encounter: {status: '{a: "in-progress"}[(.status? // "") | tostring]', mode: '(.mode? // null)'}
operations:
  patient: &x {method: POST, path: /x, capture: {id: .id}}
  clinician: *x
  book: {method: POST, path: /x, json: {t: "{{.title}}", m: "{{.mode}}"}}
  join: {method: POST, path: /x}
  switch: {method: POST, path: /x, json: {m: "{{.mode}}"}}
  speak: {method: POST, path: "/speak/{{.segment.number}}", raw: "{{.segment.media}}"}
`

func TestAnEncounterThatAnAnswerDoesNotTellIsNotInDoubt(t *testing.T) {
	url, _ := answering(t, func(r *http.Request, _ string) (int, string) {
		if strings.HasPrefix(r.URL.Path, "/speak") {
			return http.StatusOK, `[{"status": 200}]`
		}
		return http.StatusOK, `{"id": 1, "status": "a", "mode": "video"}`
	})
	_, got, text := perform(t, targetOf(t, spoken, url), "w1",
		"alice = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, video)\nalice.join(b1)\nalice.speak(b1)")
	require.Contains(t, text, "alice.join(b1)               // ok in-progress video\n")
	require.Equal(t, models.OK, got[4].Outcome, text)
	require.Equal(t, models.EncounterStatus(""), got[4].Encounter.Status)
}

func TestWhatWasRefusedIsNotSpokenIntoASegment(t *testing.T) {
	var said []string
	refuse := true
	url, asked := answering(t, func(r *http.Request, body string) (int, string) {
		if !strings.HasPrefix(r.URL.Path, "/speak") {
			return http.StatusOK, `{"id": 1}`
		}
		said = append(said, body)
		if refuse = !refuse; !refuse {
			return http.StatusBadRequest, ""
		}
		return http.StatusOK, "{}"
	})
	perform(t, targetOf(t, spoken, url), "w1", `alice = patient()
dr1 = clinician()
b1 = alice.book(dr1, audio)
alice.join(b1)
alice.speak(b1)
alice.switch(b1, video)
alice.speak(b1)
alice.switch(b1, audio)
alice.speak(b1)
alice.speak(b1)`)
	var segments []string
	for _, request := range *asked {
		if at, ok := strings.CutPrefix(request, "POST /speak/"); ok {
			segments = append(segments, at)
		}
	}
	require.Equal(t, []string{"1", "1", "2", "2"}, segments, "a segment without media does not count")
	for _, body := range said {
		require.Len(t, body, models.MediaSize, "what was refused is not sent again")
	}
}
