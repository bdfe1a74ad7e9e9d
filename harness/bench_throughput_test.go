package harness_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// The throughput is that of exploring so many traces with so many workers. Each
// iteration measures it, and that of the bare clients, in so many pairs.
const (
	throughputTraces  = 200
	throughputWorkers = 2
	throughputPairs   = 15
)

// BenchmarkThroughput explores the correct clinic without restarts, rules checked
// and histories logged to a file, and compares its pace with that of bare net/http clients
// that send the same requests to clinics of their own, as many at once. Both
// times include starting and stopping the clinics. The two alternate, so that
// whatever else the machine does meets both.
func BenchmarkThroughput(b *testing.B) {
	tapes, operations := recordExploration(b)
	var ours, bare, ratios []float64
	for b.Loop() {
		for n := range throughputPairs {
			var took [2]time.Duration
			for i := range took {
				switch which := (n + i) % 2; which {
				case 0:
					took[which] = timeExploration(b, operations)
				case 1:
					took[which] = timeBareClients(b, tapes)
				}
			}
			ours = append(ours, float64(operations)/took[0].Seconds())
			bare = append(bare, float64(operations)/took[1].Seconds())
			ratios = append(ratios, took[1].Seconds()/took[0].Seconds())
		}
	}
	b.ReportMetric(median(ours), "operations/s")
	b.ReportMetric(median(bare), "bare-operations/s")
	b.ReportMetric(median(ratios), "of-bare")
	b.ReportMetric(slices.Min(ratios), "of-bare-min")
	b.ReportMetric(slices.Max(ratios), "of-bare-max")
}

// repeatable makes a clinic give out the same ids and tokens each time, so that
// requests that were recorded can be sent again.
func repeatable(c *clinic.Config) {
	c.OperatorToken = "operator"
	c.Rand = rand.NewChaCha8([32]byte{})
}

// timeExploration returns the time of one exploration, from its start to its
// end.
func timeExploration(b *testing.B, operations int) time.Duration {
	b.Helper()
	began := time.Now()
	require.Equal(b, operations, exploreClinic(b, repeatable), "the same seed performs the same operations")
	return time.Since(began)
}

// exploreClinic explores the correct clinic and returns the number of
// operations performed.
func exploreClinic(b *testing.B, configure func(*clinic.Config)) int {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "history.jsonl"))
	require.NoError(b, err)
	defer file.Close()
	l := clinic.Launcher{Configure: configure, Listen: true}
	r, err := harness.Explore(b.Context(), l, harness.Options{Traces: throughputTraces, Seed: 1, Workers: throughputWorkers,
		Mix: scenarios.Consultations().Only(targets.Without(l.Capabilities(), models.KindRestart)), Log: file})
	require.NoError(b, err)
	require.Nil(b, r.Found)
	return r.Operations
}

// recordExploration explores the clinic once and returns the requests that each
// service was sent, and the number of operations that they were.
func recordExploration(b *testing.B) (tapes []*tape, operations int) {
	var mu sync.Mutex
	operations = exploreClinic(b, func(c *clinic.Config) {
		repeatable(c)
		c.Front = func(_ clinic.Parts, next http.Handler) http.Handler {
			mu.Lock()
			defer mu.Unlock()
			t := &tape{next: next}
			tapes = append(tapes, t)
			return t
		}
	})
	require.Len(b, tapes, throughputWorkers)
	return tapes, operations
}

// tape stands in front of a service and records what it is asked. It is for
// services with one client.
type tape struct {
	next     http.Handler
	recorded []recorded
}

// recorded is a request, and the status code it was answered with.
type recorded struct {
	method, uri string
	header      http.Header
	body        []byte
	status      int
}

func (t *tape) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	note := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	asked := recorded{method: r.Method, uri: r.URL.RequestURI(), header: r.Header.Clone(), body: body}
	t.next.ServeHTTP(note, r)
	asked.status = note.status
	t.recorded = append(t.recorded, asked)
}

// statusWriter notes the status code of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// timeBareClients sends what is on each tape to a clinic of its own, all at
// once, and returns the time it took. An answer with another status code than
// the recorded one is fatal: then the clinic did not do the same work.
func timeBareClients(b *testing.B, tapes []*tape) time.Duration {
	b.Helper()
	began := time.Now()
	different := make([]int, len(tapes))
	errs := make([]error, len(tapes))
	var wg sync.WaitGroup
	for i, t := range tapes {
		wg.Go(func() { different[i], errs[i] = t.play(b) })
	}
	wg.Wait()
	took := time.Since(began)
	for i := range tapes {
		require.NoError(b, errs[i])
		require.Zero(b, different[i], "answers with another status than recorded")
	}
	return took
}

// play starts a clinic, sends it the requests one after another, and returns the
// number of those that were answered with another status code.
func (t *tape) play(b *testing.B) (different int, err error) {
	cfg := clinic.Config{PasswordParams: clinic.FastPasswords(), Database: filepath.Join(b.TempDir(), "clinic.db"), Unsynced: true}
	repeatable(&cfg)
	server, err := clinic.Start(b.Context(), "127.0.0.1:0", cfg)
	if err != nil {
		return 0, err
	}
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for i := range t.recorded {
		status, err := t.recorded[i].send(client, server.URL)
		if err != nil {
			return different, err
		}
		if status != t.recorded[i].status {
			different++
		}
	}
	return different, nil
}

// send sends the request and reads the answer whole.
func (r *recorded) send(client *http.Client, url string) (status int, err error) {
	req, err := http.NewRequest(r.method, url+r.uri, bytes.NewReader(r.body))
	if err != nil {
		return 0, err
	}
	req.Header = r.header
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// median is the middle value, or the mean of the two in the middle.
func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}
