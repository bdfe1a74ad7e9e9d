package targets

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// LoggedExchange is a request over HTTP and its answer as they were sent, secrets
// included: it must be redacted before it is written anywhere.
type LoggedExchange struct {
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

// ExchangeLog keeps exchanges. It is safe for concurrent use.
type ExchangeLog struct {
	mu      sync.Mutex
	all     []LoggedExchange
	secrets []Secret
}

// Keep notes secrets that are in the exchanges.
func (r *ExchangeLog) Keep(all ...Secret) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range all {
		if !slices.Contains(r.secrets, s) {
			r.secrets = append(r.secrets, s)
		}
	}
}

// Secrets are those noted so far, in order.
func (r *ExchangeLog) Secrets() []Secret {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.secrets)
}

// Add keeps an exchange.
func (r *ExchangeLog) Add(e LoggedExchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, e)
}

// Exchanges are those kept so far, in order.
func (r *ExchangeLog) Exchanges() []LoggedExchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

type exchangeLogKey struct{}

// WithExchangeLog returns a context under which targets that speak HTTP keep what
// they send and receive.
func WithExchangeLog(ctx context.Context, r *ExchangeLog) context.Context {
	return context.WithValue(ctx, exchangeLogKey{}, r)
}

// ExchangeLogOf is the log that a context asks for, or nil.
func ExchangeLogOf(ctx context.Context) *ExchangeLog {
	r, _ := ctx.Value(exchangeLogKey{}).(*ExchangeLog)
	return r
}

// Logged is a [Target] whose service writes a log that can be read.
type Logged interface {
	// Logs is what the service has written between two times, as it is; where
	// the service gives no times, all of it.
	Logs(ctx context.Context, from, to time.Time) ([]byte, error)
}
