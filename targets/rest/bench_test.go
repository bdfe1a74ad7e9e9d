package rest_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// drawn are the traces that the benchmarks run. None restarts the service, which
// is nothing that a client does.
func drawn(n int) []models.Trace {
	caps := targets.Without(models.Capabilities{Policy: models.ReferencePolicy()}, models.KindRestart)
	traces := scenarios.Consultations().Only(caps).Traces(caps.Policy)
	out := make([]models.Trace, n)
	for i := range out {
		out[i] = scenarios.Draw(traces, i)
	}
	return out
}

// BenchmarkOnClinic performs drawn traces on an embedded clinic, and has a bare
// net/http client send the same requests to another clinic that gives out the
// same ids and tokens. An iteration is all traces once with each, in turn, so
// that what else the machine does slows both down alike.
func BenchmarkOnClinic(b *testing.B) {
	traces := drawn(100)
	c := comparison{requests: record(b, traces)}
	for b.Loop() {
		server := start(b)
		c.bare += c.sendBare(b, server.URL)
		require.NoError(b, server.Close())
		server = start(b)
		c.rest += perform(b, server.URL, traces)
		require.NoError(b, server.Close())
	}
	c.report(b)
}

// BenchmarkOnMemory is BenchmarkOnClinic with a server that answers from memory
// what the clinic had answered, so that hardly anything but the clients counts.
func BenchmarkOnMemory(b *testing.B) {
	traces := drawn(100)
	c := comparison{requests: record(b, traces)}
	url := newScript(c.requests).serve(b)
	for b.Loop() {
		c.bare += c.sendBare(b, url)
		c.rest += perform(b, url, traces)
	}
	c.report(b)
}

// comparison compares the time that clients take for the same requests.
type comparison struct {
	requests   [][]exchange // by trace
	bare, rest time.Duration
}

func (c *comparison) report(b *testing.B) {
	n := 0
	for _, trace := range c.requests {
		n += len(trace) * b.N
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(n)/c.bare.Seconds(), "bare-requests/s")
	b.ReportMetric(float64(n)/c.rest.Seconds(), "rest-requests/s")
	b.ReportMetric(c.bare.Seconds()/c.rest.Seconds(), "ratio")
}

// sendBare sends the requests with a bare client, which reads each answer and
// looks at its status alone.
func (c *comparison) sendBare(b *testing.B, url string) time.Duration {
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	begun := time.Now()
	for _, trace := range c.requests {
		for i := range trace {
			trace[i].send(b, client, url)
		}
	}
	return time.Since(begun)
}

// perform performs each trace in a world of its own.
func perform(b *testing.B, url string, traces []models.Trace) time.Duration {
	target, err := rest.New(rest.Config{URL: url, OperatorToken: "operator"})
	require.NoError(b, err)
	defer target.Close()
	begun := time.Now()
	for i, t := range traces {
		w, err := target.Open(b.Context(), namespace(i))
		require.NoError(b, err)
		for step, op := range t.Ops {
			if _, err := w.Apply(b.Context(), models.Call{Step: step + 1, Op: op}); err != nil {
				b.Fatal(err)
			}
		}
		require.NoError(b, w.Close())
	}
	return time.Since(begun)
}

// start starts a clinic that gives out the same ids and tokens each time.
func start(b *testing.B) *clinic.Server {
	server, err := clinic.Start(b.Context(), "127.0.0.1:0", clinic.Config{
		OperatorToken: "operator", PasswordParams: clinic.FastPasswords(), Rand: rand.NewChaCha8([32]byte{})})
	require.NoError(b, err)
	return server
}

// exchange is a request as it was sent, and its answer.
type exchange struct {
	method, path string
	header       http.Header
	body         []byte
	status       int
	answerHeader http.Header
	answer       []byte
}

// tape is a transport that notes what goes through it.
type tape struct {
	http.RoundTripper
	mu        sync.Mutex
	exchanges []exchange
}

func (t *tape) RoundTrip(req *http.Request) (*http.Response, error) {
	e := exchange{method: req.Method, path: req.URL.RequestURI(), header: req.Header.Clone()}
	if req.Body != nil {
		e.body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(e.body))
	}
	resp, err := t.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	e.answer, _ = io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(e.answer))
	e.status, e.answerHeader = resp.StatusCode, resp.Header.Clone()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.exchanges = append(t.exchanges, e)
	return resp, nil
}

// send sends the request as it was sent when it was recorded.
func (e *exchange) send(b *testing.B, client *http.Client, url string) {
	req, err := http.NewRequestWithContext(b.Context(), e.method, url+e.path, bytes.NewReader(e.body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header = e.header
	resp, err := client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != e.status {
		b.Fatalf("%s %s: status %d, recorded %d", e.method, e.path, resp.StatusCode, e.status)
	}
}

func namespace(i int) models.Namespace { return models.Namespace(fmt.Sprintf("t%d", i)) }

// record runs each trace in a world of its own and returns what was exchanged.
func record(b *testing.B, traces []models.Trace) [][]exchange {
	server := start(b)
	defer server.Close()
	out := make([][]exchange, len(traces))
	for i, t := range traces {
		recorder := &tape{RoundTripper: &http.Transport{DisableCompression: true}}
		target, err := rest.New(rest.Config{URL: server.URL, OperatorToken: "operator", Transport: recorder})
		require.NoError(b, err)
		_, err = harness.Run(b.Context(), target, namespace(i), t, nil)
		require.NoError(b, err)
		recorder.RoundTripper.(*http.Transport).CloseIdleConnections()
		out[i] = recorder.exchanges
	}
	return out
}

// script answers requests as they were answered when they were recorded, by
// their ids.
type script map[string]*exchange

func newScript(all [][]exchange) script {
	s := script{}
	for _, trace := range all {
		for i := range trace {
			s[trace[i].header.Get("X-Request-Id")] = &trace[i]
		}
	}
	return s
}

// serve starts a server that follows the script and returns its URL.
func (s script) serve(b *testing.B) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		e := s[r.Header.Get("X-Request-Id")]
		if e == nil || e.method != r.Method || !strings.HasPrefix(e.path, r.URL.Path) {
			w.WriteHeader(http.StatusTeapot)
			b.Errorf("unexpected request %s %s", r.Method, r.URL)
			return
		}
		for k, v := range e.answerHeader {
			w.Header()[k] = v
		}
		w.WriteHeader(e.status)
		_, _ = w.Write(e.answer)
	}))
	b.Cleanup(server.Close)
	return server.URL
}
