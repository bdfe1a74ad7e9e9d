package clinic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Server is a [Service] that listens.
type Server struct {
	// URL is where it is reached, without a slash at the end.
	URL string

	service *Service
	http    *http.Server
	timeout time.Duration
	done    chan struct{} // closed when the server has stopped listening
	failure error         // why, if nobody asked it to; set before done is closed

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
	service, err := New(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{
		URL:     "http://" + listener.Addr().String(),
		service: service,
		timeout: cfg.ShutdownTimeout,
		done:    make(chan struct{}),
		idle:    map[net.Conn]struct{}{},
	}
	s.http = &http.Server{
		Handler:           service.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ConnState:         s.track,
		ErrorLog:          slog.NewLogLogger(cfg.Logger.Handler(), slog.LevelWarn),
	}
	go s.serve(listener)
	return s, nil
}

// Done is closed when the server no longer listens, because it was closed or because it failed; Close tells which.
func (s *Server) Done() <-chan struct{} { return s.done }

// Close stops listening, waits for the requests in flight no longer than the configured time, breaks off those that are
// left, and closes the store. It returns what went wrong, then or since the start.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	s.hangUpIdle()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("shut down: %w", err), s.http.Close())
	}
	<-s.done
	return errors.Join(err, s.failure, s.service.Close())
}

func (s *Server) serve(listener net.Listener) {
	defer close(s.done)
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.failure = fmt.Errorf("serve: %w", err)
	}
}

// track keeps account of connections on which nothing has been asked yet. Shutdown takes each for a request about to
// come and would wait five seconds for it, and a client that dials ahead of need leaves some behind.
func (s *Server) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateNew {
		s.idle[conn] = struct{}{}
		return
	}
	delete(s.idle, conn)
}

func (s *Server) hangUpIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.idle {
		conn.Close() // the client learns what it would have learnt a moment later
	}
}
