package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// asked is one request of the comparison of transports.
type asked struct {
	method, uri string
	header      http.Header
	body        []byte
}

func (a asked) request(t *testing.T, base string) *http.Request {
	t.Helper()
	var body io.Reader
	if a.body != nil {
		body = bytes.NewReader(a.body)
	}
	req, err := http.NewRequestWithContext(t.Context(), a.method, base+a.uri, body)
	require.NoError(t, err)
	maps.Copy(req.Header, a.header)
	return req
}

// told is what a caller is told by an answer.
type told struct {
	Status, Proto string
	Header        http.Header
	Length        int64
	Transfer      []string
	Body          []byte
	Broken        string // why the body is not whole
	Failure       string // why there is no answer
}

func tell(t *testing.T, transport http.RoundTripper, req *http.Request) told {
	t.Helper()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return told{Failure: err.Error()}
	}
	defer resp.Body.Close()
	require.Same(t, req, resp.Request)
	out := told{Status: resp.Status, Proto: resp.Proto, Header: resp.Header, Length: resp.ContentLength, Transfer: resp.TransferEncoding}
	if out.Body, err = io.ReadAll(resp.Body); err != nil {
		out.Broken = err.Error()
	}
	if out.Header.Get("Date") != "" {
		out.Header.Set("Date", "today")
	}
	out.Header.Del("Connection") // there is none
	return out
}

// show writes all that a handler sees of a request.
func show(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	fmt.Fprintln(w, r.Method, r.RequestURI, r.URL, r.URL.Path, r.URL.RawQuery, r.Host, r.Proto, r.ContentLength, r.TransferEncoding, r.Body == http.NoBody)
	fmt.Fprintln(w, r.Header, r.Header.Get("Accept-Encoding"), r.TLS == nil, len(body), err, string(body[:min(len(body), 100)]))
}

func long(n int) []byte { return bytes.Repeat([]byte("0123456789abcdef"), (n+15)/16)[:n] }

// writes writes so many bytes in pieces.
func writes(size, piece int, before func(http.ResponseWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		before(w)
		for rest := long(size); len(rest) > 0; {
			n := min(piece, len(rest))
			_, _ = w.Write(rest[:n])
			rest = rest[n:]
		}
	}
}

func nothing(http.ResponseWriter) {}

func with(status int, pairs ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Add(pairs[i], pairs[i+1])
		}
		w.WriteHeader(status)
	}
}

// handlers do what handlers do, and some of what they should not.
func handlers() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"shows the request":           show,
		"does nothing":                func(http.ResponseWriter, *http.Request) {},
		"writes a little":             writes(10, 3, nothing),
		"writes as much as is kept":   writes(2048, 100, nothing),
		"writes one byte more":        writes(2049, 100, nothing),
		"writes much at once":         writes(100_000, 100_000, nothing),
		"writes much":                 writes(1<<20, 5000, nothing),
		"tells the length":            writes(5000, 5000, with(200, "Content-Length", "5000", "Content-Type", "video/mp4")),
		"tells a length that is less": writes(50, 10, with(200, "Content-Length", "25")),
		"tells a length that is more": writes(50, 10, with(200, "Content-Length", "75")),
		"answers with a part":         writes(64, 64, with(206, "Content-Range", "bytes 0-63/256", "Content-Length", "64")),
		"has no content":              with204,
		"was not modified":            writes(10, 10, with(304, "Content-Type", "text/css", "Etag", `"a"`)),
		"refuses":                     writes(10, 10, with(403, "Content-Type", "application/problem+json")),
		"has a status without a name": writes(10, 10, with(299)),
		"redirects":                   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere?a=b", http.StatusFound) },
		"says it in two lines":        writes(3, 3, with(200, "cache-control", "no-store", "Cache-Control", " private ", "X-Empty", "")),
		"is sure of the type":         writes(10, 10, with(200, "Content-Type", "")),
		"says how it is packed":       writes(10, 10, with(200, "Content-Encoding", "gzip")),
		"has its own date":            writes(10, 10, with(200, "Date", "Mon, 02 Jan 2006 15:04:05 GMT")),
		"writes the header twice":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(500) },
		"changes the header too late": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.Header().Set("X-Late", "yes") },
		"sends hints first":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(201) },
		"panics":                      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"panics after a little":       func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(long(10)); panic(http.ErrAbortHandler) },
		"panics after it was flushed": func(w http.ResponseWriter, r *http.Request) { flushed(w, r); panic(http.ErrAbortHandler) },
		"flushes":                     flushed,
		"writes a string":             func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>text") },
		"serves a file with its ranges": func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "a.txt", time.Unix(1e9, 0), bytes.NewReader(long(300)))
		},
		"does not read": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"changes the request": func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("X-Changed", "yes")
			r.Header.Del("Authorization")
			w.Header().Set("X-Changed", r.Header.Get("X-Changed"))
		},
	}
}

func with204(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "5")
	w.WriteHeader(http.StatusNoContent)
	_, err := w.Write([]byte("words"))
	if !errors.Is(err, http.ErrBodyNotAllowed) {
		panic("a body was allowed")
	}
}

func flushed(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Before", "yes")
	_, _ = w.Write([]byte("one"))
	_ = http.NewResponseController(w).Flush()
	w.Header().Set("X-After", "no")
	_, _ = w.Write([]byte("two"))
}

// requests are what the targets send, and what they do not.
func requests() map[string]asked {
	return map[string]asked{
		"a GET":                 {"GET", "/a/b?c=d&c=e", http.Header{"Authorization": {"Bearer x"}}, nil},
		"a HEAD":                {"HEAD", "/a", nil, nil},
		"a part":                {"GET", "/a", http.Header{"Range": {"bytes=10-19"}}, nil},
		"a part that is not":    {"GET", "/a", http.Header{"Range": {"bytes=9000-"}}, nil},
		"a POST":                {"POST", "/a%2Fb/%C3%A9?x=%20+", http.Header{"Content-Type": {"application/json"}}, []byte(`{"a": 1}`)},
		"a POST without a body": {"POST", "/", nil, nil},
		"a POST of nothing":     {"POST", "/", nil, []byte{}},
		"a large POST":          {"POST", "/a", nil, long(200_000)},
		"a DELETE":              {"DELETE", "/a", nil, nil},
		"a PATCH":               {"PATCH", "/a", nil, []byte("x")},
		"a base alone":          {"GET", "", nil, nil},
		"odd headers":           {"GET", "/", http.Header{"x-lower": {"a", " b "}, "User-Agent": {"me"}, "Host": {"nobody"}, "Cookie": {"a=b; c=d"}}, nil},
		"a wrong name":          {"GET", "/", http.Header{"A b": {"c"}}, nil},
		"a wrong value":         {"GET", "/", http.Header{"A": {"b\r\nC: d"}}, nil},
	}
}

// TestInProcessTellsWhatASocketTells sends each request to each handler by both
// ways.
func TestInProcessTellsWhatASocketTells(t *testing.T) {
	for name, handler := range handlers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(handler)
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Start()
			defer server.Close()
			direct := InProcess(handler)
			for what, a := range requests() {
				socket := NewTransport()
				want := tell(t, socket, a.request(t, server.URL))
				socket.CloseIdleConnections()
				got := tell(t, direct, a.request(t, server.URL))
				require.Equal(t, want, got, what)
			}
		})
	}
}

// waiting is a handler that waits until its context ends, after it wrote what it
// is given.
func waiting(first string, ended chan<- error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if first != "" {
			_, _ = io.WriteString(w, first)
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
		ended <- r.Context().Err()
	}
}

func TestWhoeverGivesUpIsAnsweredAtOnceAndTheHandlerIsTold(t *testing.T) {
	ended := make(chan error, 1)
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	answered := make(chan struct{})
	direct := InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel(cause)
		<-answered
		waiting("", ended)(w, r)
	}))
	req, err := http.NewRequestWithContext(ctx, "GET", "http://service/", nil)
	require.NoError(t, err)
	_, err = direct.RoundTrip(req)
	close(answered)
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, <-ended, context.Canceled)
	_, err = direct.RoundTrip(req)
	require.ErrorIs(t, err, cause, "nothing is asked any more")
}

func TestABodyIsReadAsItComesAndNoLongerThanTheContextLasts(t *testing.T) {
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", "http://service/", nil)
	require.NoError(t, err)
	resp, err := InProcess(waiting("half", ended)).RoundTrip(req)
	require.NoError(t, err)
	half := make([]byte, 4)
	_, err = io.ReadFull(resp.Body, half)
	require.NoError(t, err)
	require.Equal(t, "half", string(half))
	cancel()
	_, err = io.ReadAll(resp.Body)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, <-ended, context.Canceled)
	require.NoError(t, resp.Body.Close())
}

func TestAHandlerIsStoppedByWhoeverReadsNoFurther(t *testing.T) {
	failed := make(chan error, 1)
	resp, err := InProcess(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(long(10_000)); err != nil {
				failed <- err
				return
			}
		}
	})).RoundTrip(httptest.NewRequest("GET", "http://service/", nil))
	require.NoError(t, err)
	_, err = io.CopyN(io.Discard, resp.Body, 1<<20)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Error(t, <-failed)
	_, err = resp.Body.Read(make([]byte, 1))
	require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
}

func TestAnAnswerThatDoesNotComeInTimeIsUnknown(t *testing.T) {
	answered := make(chan struct{})
	direct := InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-answered }))
	s := Session{World: "w1", Transport: direct, Timeout: time.Millisecond}
	s.Begin(1)
	a, err := s.Send(t.Context(), Request{Method: "GET", URL: "http://service/"})
	close(answered)
	require.NoError(t, err)
	require.Equal(t, models.Unknown, a.Outcome)
	require.Equal(t, "no answer within 1ms", a.Detail)
}

func TestTheContextOfAHandlerKnowsNothingOfTheClient(t *testing.T) {
	type key struct{}
	var value any
	var after context.Context
	direct := InProcess(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { value, after = r.Context().Value(key{}), r.Context() }))
	req := httptest.NewRequestWithContext(context.WithValue(t.Context(), key{}, "secret"), "GET", "http://service/", nil)
	resp, err := direct.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Nil(t, value)
	<-after.Done()
}

func TestRequestsAreHandledAtTheSameTimeAndNothingIsLeftAfterwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it fails where a goroutine is left
		const many = 2 * maxIdle
		var here sync.WaitGroup
		direct := InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			here.Done()
			here.Wait() // for all others
			_, _ = io.WriteString(w, r.URL.Path)
		}))
		for range 2 {
			here.Add(many)
			var all sync.WaitGroup
			for i := range many {
				all.Go(func() { requireEchoed(t, direct, fmt.Sprintf("/%d", i)) })
			}
			all.Wait()
		}
		direct.(interface{ CloseIdleConnections() }).CloseIdleConnections()
	})
}

// requireEchoed requires that the answer is the path.
func requireEchoed(t *testing.T, transport http.RoundTripper, path string) {
	resp, err := transport.RoundTrip(httptest.NewRequest("GET", "http://service"+path, nil))
	if err != nil {
		t.Error(err)
		return
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || string(text) != path {
		t.Errorf("%q, %v; expected %q", text, err, path)
	}
}

func BenchmarkTransports(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id": "`+strings.Repeat("a", 200)+`"}`)
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	for name, transport := range map[string]http.RoundTripper{"socket": NewTransport(), "in-process": InProcess(handler)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			s := Session{World: "w1", Transport: transport, Timeout: time.Second}
			s.Begin(1)
			for b.Loop() {
				_, err := s.Send(b.Context(), Request{Method: "POST", URL: server.URL + "/a", Body: []byte(`{"a": 1}`)})
				require.NoError(b, err)
			}
		})
	}
}
