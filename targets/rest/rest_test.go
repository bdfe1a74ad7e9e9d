package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// Alice, and what she acts on: booking b1 and recording b1.r1.
var (
	onReplay  = models.OnRecording{User: "alice", Recording: "b1.r1"}
	onBooking = models.OnBooking{User: "alice", Booking: "b1"}
	asAlice   = models.ByUser{User: "alice"}
)

// nowhere is where nobody listens.
var nowhere = "http://127.0.0.1:1"

// worldOn returns the world "w" on a service that answers as the handler does.
// Alice is registered in it, has booked b1 with dr1, and b1.r1 is known.
func worldOn(t *testing.T, handler http.HandlerFunc, changes ...func(*Config)) *World {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := Config{URL: server.URL, OperatorToken: "operator"}
	for _, change := range changes {
		change(&c)
	}
	target, err := New(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, target.Close()) })
	w := newWorld(target, "w")
	w.users["alice"] = &user{id: "id-alice", Person: naming.PersonOf(w.namespace, "alice"), authorization: "Bearer alice"}
	w.users["dr1"] = &user{id: "id-dr1", authorization: "Bearer dr1"}
	w.handles = map[string]models.Handle{"id-alice": "alice", "id-dr1": "dr1"}
	w.bookings["b1"] = booking{"id-appointment", "id-encounter", "alice"}
	w.replays.Learn("b1", "id-b1.r1", 1)
	return w
}

// apply performs an operation as step 7, which must not fail.
func apply(t *testing.T, w *World, op models.Operation) models.Response {
	t.Helper()
	r, err := w.Apply(t.Context(), models.Call{Step: 7, Op: op})
	require.NoError(t, err)
	require.Len(t, r.Exchanges, r.Requests, "every request is told")
	r.Exchanges = nil
	return r
}

// answers returns a handler that always answers the same.
func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestStatusStandsForOutcome(t *testing.T) {
	for _, test := range []struct {
		outcome models.Outcome
		status  []int
	}{
		{models.OK, []int{200, 201, 204, 206}},
		{models.Denied, []int{401, 403}},
		{models.Missing, []int{404, 410}},
		{models.Invalid, []int{400, 413, 415, 416, 422}},
		{models.Conflict, []int{409, 412}},
		{models.Unavailable, []int{429, 503}},
		{models.Unknown, []int{500, 501, 502, 504, 302, 304, 405, 418}},
	} {
		for _, status := range test.status {
			t.Run(fmt.Sprint(status), func(t *testing.T) {
				w := worldOn(t, answers(status, ""))
				r := apply(t, w, models.Logout{ByUser: asAlice})
				require.Equal(t, models.Response{Outcome: test.outcome, Status: status, Requests: 1}, r)
			})
		}
	}
}

func TestDetailIsWhatTheServiceSaysOfARefusal(t *testing.T) {
	for name, test := range map[string]struct {
		status       int
		body, detail string
	}{
		"a problem":                   {409, `{"title":"Conflict","detail":"the encounter is\ncompleted"}`, "the encounter is completed"},
		"a refusal that is no JSON":   {409, "no", ""},
		"a failure that is no JSON":   {500, "stack \xff\n\n trace", "stack trace"},
		"a failure that is very long": {500, strings.Repeat("x", 5000), strings.Repeat("x", 200)},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.detail, apply(t, worldOn(t, answers(test.status, test.body)), models.Join{OnBooking: onBooking}).Detail)
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	requests := 0
	w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	r := apply(t, w, models.Get{OnRecording: onReplay})
	require.Equal(t, models.Unknown, r.Outcome)
	require.Equal(t, 1, requests)
}

func TestNothingIsSentForAHandleWithoutID(t *testing.T) {
	w := worldOn(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	stranger := models.ByUser{User: "bob"}
	for _, op := range []models.Operation{
		models.Login{ByUser: stranger}, models.Logout{ByUser: stranger}, models.List{ByUser: stranger},
		models.Book{Booking: "b2", User: "bob", Clinician: "dr1", Mode: models.Audio},
		models.Book{Booking: "b2", User: "alice", Clinician: "dr2", Mode: models.Audio},
		models.Cancel{OnBooking: models.OnBooking{User: "alice", Booking: "b2"}},
		models.Join{OnBooking: models.OnBooking{User: "bob", Booking: "b1"}},
		models.Speak{OnBooking: models.OnBooking{User: "alice", Booking: "b2"}},
		models.Get{OnRecording: models.OnRecording{User: "alice", Recording: "b1.r2"}},
		models.Head{OnRecording: models.OnRecording{User: "bob", Recording: "b1.r1"}},
		models.Play{OnRecording: models.OnRecording{User: "alice", Recording: "b2.r1"}},
	} {
		require.Equal(t, models.Response{Outcome: models.Unbound}, apply(t, w, op), op)
	}
}

func TestEveryRequestHasAnIDOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		require.Regexp(t, `^w-\d+-\d+$`, id)
		require.False(t, seen[id], id)
		seen[id] = true
		_, _ = io.WriteString(w, `{"items":[],"next":"more"}`)
	})
	for step := range 3 {
		r, err := w.Apply(t.Context(), models.Call{Step: step + 1, Op: models.List{ByUser: asAlice}})
		require.NoError(t, err)
		require.Equal(t, maxPages, r.Requests)
	}
	require.Len(t, seen, 3*maxPages)
}

func TestAnAnswerThatDoesNotComeIsUnknown(t *testing.T) {
	release := make(chan struct{})
	w := worldOn(t, func(_ http.ResponseWriter, r *http.Request) { <-release }, func(c *Config) { c.Timeout = 20 * time.Millisecond })
	defer close(release)
	require.Equal(t, models.Response{Outcome: models.Unknown, Requests: 1, Detail: "no answer within 20ms"},
		apply(t, w, models.List{ByUser: asAlice}))
}

func TestNobodyListeningIsUnknown(t *testing.T) {
	w := worldOn(t, answers(200, ""))
	w.target.MoveTo(nowhere)
	r := apply(t, w, models.List{ByUser: asAlice})
	require.Contains(t, r.Detail, "refused")
	r.Detail = ""
	require.Equal(t, models.Response{Outcome: models.Unknown, Requests: 1}, r)
}

func TestAContextThatIsDoneIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := worldOn(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := w.Apply(ctx, models.Call{Step: 1, Op: models.List{ByUser: asAlice}})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAnOperationTheAPIDoesNotHaveIsAnError(t *testing.T) {
	_, err := worldOn(t, answers(200, "")).Apply(t.Context(), models.Call{Step: 1, Op: foreign{}})
	require.ErrorContains(t, err, "no operation")
}

type foreign struct{ models.Login }

func TestBodiesThatTheDocumentDoesNotAllowAreUnknown(t *testing.T) {
	operations := map[string]models.Operation{
		"patient": models.Patient{Name: "bob"}, "clinician": models.Clinician{Name: "dr2"}, "login": models.Login{ByUser: asAlice},
		"book":   models.Book{Booking: "b2", User: "alice", Clinician: "dr1", Mode: models.Audio},
		"cancel": models.Cancel{OnBooking: onBooking}, "join": models.Join{OnBooking: onBooking},
		"leave": models.Leave{OnBooking: onBooking}, "speak": models.Speak{OnBooking: onBooking},
		"list": models.List{ByUser: asAlice}, "get": models.Get{OnRecording: onReplay},
	}
	for _, body := range []string{"", "null", "{}", "[]", "7", `"text"`, "<html>", `{"id":`, `{"id":7,"items":7,"status":7}`, "\x00\xff"} {
		for name, op := range operations {
			t.Run(name+" "+body, func(t *testing.T) {
				w := worldOn(t, answers(200, body))
				r := apply(t, w, op)
				require.Contains(t, r.Detail, "not what the document says")
				r.Detail = ""
				require.Equal(t, models.Response{Outcome: models.Unknown, Status: 200, Requests: 1}, r)
				require.Nil(t, w.users["bob"])
				require.Empty(t, w.bookings["b2"])
				require.Equal(t, "Bearer alice", w.users["alice"].authorization)
			})
		}
	}
}

func TestAnAnswerThatBreaksOffIsUnknownAndARefusalStaysOne(t *testing.T) {
	breaksOff := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(status)
			_, _ = w.Write(spoken("b1", 3))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	}
	r := apply(t, worldOn(t, breaksOff(200)), models.Play{OnRecording: onReplay})
	require.Equal(t, models.Unknown, r.Outcome)
	require.Equal(t, &models.Content{Length: 256, Total: 1000, Pieces: []models.Piece{whole("b1", 3)}}, r.Content)
	require.Contains(t, r.Detail, "broke off")
	r = apply(t, worldOn(t, breaksOff(404)), models.Join{OnBooking: onBooking})
	require.Equal(t, models.Missing, r.Outcome)
}

func TestNewRefusesWhatIsNoBaseURL(t *testing.T) {
	for _, text := range []string{"", "clinic", "ftp://host", "http://", "http://user:secret@host", "http://host?x=1", "http://host/#x", "http://[", "://"} {
		_, err := New(Config{URL: text})
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestNewFillsInWhatIsNotSaid(t *testing.T) {
	target, err := New(Config{URL: "https://host:8443/api/"})
	require.NoError(t, err)
	require.Equal(t, "rest:https://host:8443/api", target.Name())
	require.Equal(t, "https://host:8443/api", target.URL())
	require.Equal(t, models.ReferencePolicy().Undeclared(), target.Capabilities().Policy)
	require.Equal(t, 10*time.Second, target.timeout)
	policy := models.Policy{MinAge: 18}
	target, err = New(Config{URL: "https://host", Name: "ours", Policy: policy, Timeout: time.Second})
	require.NoError(t, err)
	require.Equal(t, "ours", target.Name())
	require.Equal(t, policy, target.Capabilities().Policy)
	require.Equal(t, time.Second, target.timeout)
}

func TestPing(t *testing.T) {
	up := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			w.WriteHeader(http.StatusNotFound)
		}
	}).target
	require.NoError(t, up.Ping(t.Context()))
	down := worldOn(t, answers(404, "")).target
	err := down.Ping(t.Context())
	require.ErrorIs(t, err, targets.ErrUnreachable)
	require.Equal(t, "service unreachable: "+down.URL()+"/healthz answered 404 Not Found, expected 200", err.Error())
	down.MoveTo(nowhere)
	err = down.Ping(t.Context())
	require.ErrorIs(t, err, targets.ErrUnreachable)
	require.NotContains(t, err.Error(), "\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = down.Ping(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, targets.ErrUnreachable)
}

// spoken is the media of a booking in world "w".
func spoken(b models.Handle, moment int) []byte {
	return models.Tag{World: "w", Booking: b, Moment: moment}.Media()
}

func whole(b models.Handle, moment int) models.Piece {
	return models.Piece{Tag: models.Tag{World: "w", Booking: b, Moment: moment}, To: models.MediaSize}
}
