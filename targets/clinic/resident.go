package clinic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A resident is a [Service] that is asked in this process, by its handler. Unlike a [Server] it keeps the store open over a
// restart, so that a database in memory outlives it. It is safe for concurrent use.
type resident struct {
	cfg   Config
	store *store.Store

	mu      sync.RWMutex // read while a request is handled, so that a restart waits for those in flight
	service *Service     // nil once it is closed
	closing error        // what Close returned
}

// reside opens a service. ctx bounds the opening alone; the service is there until Close.
func reside(ctx context.Context, cfg Config) (*resident, error) {
	r := &resident{cfg: cfg.withDefaults()}
	var err error
	if r.store, err = cfg.open(ctx); err != nil {
		return nil, err
	}
	if r.service, err = newOn(ctx, r.store, r.store.Existed(), r.cfg); err != nil {
		return nil, errors.Join(err, r.store.Close())
	}
	return r, nil
}

// ServeHTTP hands a request to the service. Whoever comes during a restart waits.
func (r *resident) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.service == nil {
		panic(http.ErrAbortHandler)
	}
	r.service.Handler().ServeHTTP(w, req)
}

// Restart puts another service in the place of the one there is. Whatever is not in the database is gone.
func (r *resident) Restart(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.service == nil {
		return errors.New("restart: the service was closed")
	}
	service, err := newOn(ctx, r.store, true, r.cfg)
	if err != nil {
		r.closing = fmt.Errorf("restart: %w", errors.Join(err, r.store.Close()))
		r.service = nil
		return r.closing
	}
	r.service = service
	return nil
}

// Close waits for the requests in flight and closes the store. It returns what went wrong; when it is called again, the
// same.
func (r *resident) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.service != nil {
		r.closing, r.service = r.store.Close(), nil
	}
	return r.closing
}
