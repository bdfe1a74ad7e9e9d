package faults

import (
	"bytes"
	"net/http"
	"sync"
	"time"
)

// How long what is remembered is kept, and how much of it.
const (
	keepFor  = time.Minute
	keepMost = 1000
)

// answers remembers what was answered at which URL, whoever asked.
type answers struct {
	now func() time.Time

	mu   sync.Mutex
	kept map[string]keptAnswer
}

type keptAnswer struct {
	contentType string
	body        []byte
	until       time.Time
}

func newAnswers(now func() time.Time) *answers {
	return &answers{now: now, kept: map[string]keptAnswer{}}
}

// serve answers from memory if it can. Else it asks the origin, and remembers an answer that succeeds and whose header says
// that it may be.
func (a *answers) serve(w http.ResponseWriter, r *http.Request, origin http.Handler, mayKeep func(http.Header) bool) {
	if hit, ok := a.lookUp(r.URL.RequestURI()); ok {
		w.Header().Set("Content-Type", hit.contentType)
		_, _ = w.Write(hit.body)
		return
	}
	copied := &copyingWriter{ResponseWriter: w, status: http.StatusOK}
	origin.ServeHTTP(copied, r)
	if copied.status == http.StatusOK && mayKeep(w.Header()) {
		a.keep(r.URL.RequestURI(), w.Header().Get("Content-Type"), copied.body.Bytes())
	}
}

func (a *answers) lookUp(url string) (keptAnswer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	hit, ok := a.kept[url]
	return hit, ok && a.now().Before(hit.until)
}

func (a *answers) keep(url, contentType string, body []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.kept) >= keepMost {
		clear(a.kept)
	}
	a.kept[url] = keptAnswer{contentType: contentType, body: body, until: a.now().Add(keepFor)}
}

func (a *answers) empty() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.kept)
}

// A copyingWriter keeps what it passes on.
type copyingWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copyingWriter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copyingWriter) Write(p []byte) (int, error) {
	c.body.Write(p)
	return c.ResponseWriter.Write(p)
}
