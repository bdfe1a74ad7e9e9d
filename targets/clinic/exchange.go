package clinic

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// maxRequestID is the longest X-Request-Id that is taken over from a client, in bytes.
const maxRequestID = 64

// An exchange is one request and its answer: the response writer, and what the log will say.
type exchange struct {
	http.ResponseWriter
	id     string      // of the request
	caller care.Caller // zero until authenticated
	token  string      // what the caller authenticated with; never logged
	status int         // 0 until the header is written
}

type exchangeKey struct{}

// exchangeOf returns the exchange that a request belongs to. Every request that reaches a handler of this package has one.
func exchangeOf(r *http.Request) *exchange {
	return r.Context().Value(exchangeKey{}).(*exchange)
}

func (e *exchange) WriteHeader(status int) {
	if e.status == 0 {
		e.status = status
	}
	e.ResponseWriter.WriteHeader(status)
}

func (e *exchange) Write(p []byte) (int, error) {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	return e.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// observe gives each request an id, logs it when it is done, and turns a panic into a problem. It also forbids every
// cache to keep the answer: there is nothing here that is anybody else's business.
func (s *Service) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.now()
		e := &exchange{ResponseWriter: w, id: s.requestID(r)}
		w.Header().Set("X-Request-Id", e.id)
		w.Header().Set("Cache-Control", "no-store")
		r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, e))
		defer s.finish(e, r, began)
		next.ServeHTTP(e, r)
	})
}

// requestID returns the client's id for the request, if it is one that can be logged as it stands, or a new one.
func (s *Service) requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= maxRequestID && isPlain(id) {
		return id
	}
	return s.boot + "-" + strconv.FormatInt(s.requests.Add(1), 10)
}

func isPlain(s string) bool {
	for _, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// finish is deferred around each request.
func (s *Service) finish(e *exchange, r *http.Request, began time.Time) {
	if cause := recover(); cause != nil {
		if cause == http.ErrAbortHandler {
			panic(cause) // net/http's own way to break off an answer
		}
		s.log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request", e.id),
			slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
		if e.status != 0 {
			panic(http.ErrAbortHandler) // half an answer is out: better none than one that looks whole
		}
		writeProblem(e, problemOf(errPanic))
	}
	if !s.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("request", e.id),
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", e.status),
		slog.Duration("duration", s.now().Sub(began)), slog.String("user", e.caller.ID))
}
