package targets

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Recorded is a request over HTTP and its answer as they were sent, secrets
// included: it must be redacted before it is written anywhere.
type Recorded struct {
	models.Exchange
	Step    int // of the trace
	URL     string
	Started time.Time
	Took    time.Duration
	// Headers by their canonical names; bodies whole, nil for none.
	RequestHeader, ResponseHeader map[string][]string
	RequestBody, ResponseBody     []byte
	// Failure says why no whole answer came back, or is empty.
	Failure string
}

// Recording takes down exchanges. It is safe for concurrent use.
type Recording struct {
	mu      sync.Mutex
	all     []Recorded
	secrets []Secret
}

// Keep notes secrets that are in the exchanges.
func (r *Recording) Keep(all ...Secret) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range all {
		if !slices.Contains(r.secrets, s) {
			r.secrets = append(r.secrets, s)
		}
	}
}

// Secrets are those noted so far, in order.
func (r *Recording) Secrets() []Secret {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.secrets)
}

// Add takes down an exchange.
func (r *Recording) Add(e Recorded) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, e)
}

// Exchanges are those taken down so far, in order.
func (r *Recording) Exchanges() []Recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

type recordingKey struct{}

// WithRecording returns a context under which targets that speak HTTP take down
// what they send and receive.
func WithRecording(ctx context.Context, r *Recording) context.Context {
	return context.WithValue(ctx, recordingKey{}, r)
}

// RecordingOf is the recording that a context asks for, or nil.
func RecordingOf(ctx context.Context) *Recording {
	r, _ := ctx.Value(recordingKey{}).(*Recording)
	return r
}

// Logged is a [Target] whose service writes a log that can be read.
type Logged interface {
	// Logs is what the service has written between two times, as it is; where
	// the service gives no times, all of it.
	Logs(ctx context.Context, from, to time.Time) ([]byte, error)
}
