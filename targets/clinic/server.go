package clinic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A Server is a [Service] that listens.
type Server struct {
	// URL is where it is reached, without a slash at the end. It stays the same over a restart.
	URL string

	cfg      Config
	listener *net.TCPListener // outlives the runs: were the port given up, another process could get it

	last atomic.Bool   // the run will not be followed by another
	done chan struct{} // closed when the server has stopped listening for good
	end  func()        // closes done, once

	mu      sync.Mutex // held while the run is changed
	run     *run
	closing error // what Close returned
}

// A run is a service from its start to its stop.
type run struct {
	service *Service
	http    *http.Server
	stopped chan struct{} // closed when it no longer listens
	failure error         // why, if nobody asked it to; set before stopped is closed

	mu   sync.Mutex
	idle map[net.Conn]struct{} // connections on which nothing has been asked yet
}

// Start opens a service and serves it at addr, as in net.Listen ("127.0.0.1:0" is any free port of this host). ctx bounds
// the opening alone; the server runs until Close.
func Start(ctx context.Context, addr string, cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{URL: "http://" + listener.Addr().String(), cfg: cfg, listener: listener.(*net.TCPListener), done: make(chan struct{})}
	s.end = sync.OnceFunc(func() { close(s.done) })
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return s, nil
}

// begin opens the service and serves it.
func (s *Server) begin(ctx context.Context) error {
	service, err := New(ctx, s.cfg)
	if err != nil {
		return err
	}
	if err := s.listener.SetDeadline(time.Time{}); err != nil {
		return errors.Join(err, service.Close())
	}
	r := &run{service: service, stopped: make(chan struct{}), idle: map[net.Conn]struct{}{}}
	r.http = &http.Server{
		Handler:           service.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ConnState:         r.track,
		ErrorLog:          slog.NewLogLogger(s.cfg.Logger.Handler(), slog.LevelWarn),
	}
	s.run = r
	go s.serve(r)
	return nil
}

// Done is closed when the server no longer listens, because it was closed or because it failed; Close tells which. A
// restart that succeeds does not close it.
func (s *Server) Done() <-chan struct{} { return s.done }

// Close stops listening, waits for the requests in flight no longer than the configured time, breaks off those that are
// left, and closes the store. It returns what went wrong, then or since the start; when it is called again, the same.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last.CompareAndSwap(false, true) {
		s.closing = errors.Join(s.run.stop(s.cfg.ShutdownTimeout), s.hangUp())
	}
	return s.closing
}

// hangUp stops listening for good.
func (s *Server) hangUp() error {
	if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Restart stops the server as Close does and starts it again on its database, at the same address. Whatever is not in the
// database is gone; a database in memory is, too. Who connects in between waits.
func (s *Server) Restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last.Load() {
		return errors.New("restart: the server was closed")
	}
	err := s.run.stop(s.cfg.ShutdownTimeout)
	if err == nil {
		err = s.begin(ctx)
	}
	if err != nil {
		s.last.Store(true)
		s.closing = fmt.Errorf("restart: %w", errors.Join(err, s.hangUp()))
		s.end()
	}
	return s.closing
}

// lent is a listener for the time of a run. To close it ends what waits for
// connections, and leaves the listener open: who connects then waits for the next
// run.
type lent struct{ *net.TCPListener }

func (l lent) Close() error { return l.SetDeadline(time.Unix(1, 0)) }

func (s *Server) serve(r *run) {
	if err := r.http.Serve(lent{s.listener}); !errors.Is(err, http.ErrServerClosed) {
		r.failure = errors.Join(fmt.Errorf("serve: %w", err), s.hangUp())
		s.end()
	}
	if s.last.Load() {
		s.end()
	}
	close(r.stopped)
}

// stop ends a run. It returns what went wrong, then or since its beginning.
func (r *run) stop(timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	r.hangUpIdle()
	err := r.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("shut down: %w", err), r.http.Close())
	}
	<-r.stopped
	return errors.Join(err, r.failure, r.service.Close())
}

// track keeps account of connections on which nothing has been asked yet. Shutdown takes each for a request about to
// come and would wait five seconds for it, and a client that dials ahead of need leaves some behind.
func (r *run) track(conn net.Conn, state http.ConnState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if state == http.StateNew {
		r.idle[conn] = struct{}{}
		return
	}
	delete(r.idle, conn)
}

func (r *run) hangUpIdle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.idle {
		conn.Close() // the client learns what it would have learnt a moment later
	}
}
