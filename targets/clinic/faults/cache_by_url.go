package faults

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func cacheByURL() Fault {
	return Fault{
		Slug: "cache-by-url",
		Mechanism: "A shared cache in front keeps listings by their URL alone and heeds neither Authorization nor " +
			"no-store. Any write empties it, so that one user alone sees nothing wrong.",
		Trigger: "Alice lists; Bob lists.",
		Class:   []Effect{Presented},
		CWE:     524,
		Rules:   []string{"LIST-1", "LIST-2", "LIST-3", "AUTH-1"},
		Source:  "Steam, December 2015; Klarna, May 2021",
		Apply: func(c *clinic.Config) {
			c.Front = func(parts clinic.Parts, next http.Handler) http.Handler {
				return &sharedCache{next: next, now: parts.Now, kept: map[string]keptAnswer{}}
			}
		},
	}
}

const (
	keepFor  = time.Minute
	keepMost = 1000 // listings
)

type sharedCache struct {
	next http.Handler
	now  func() time.Time
	mu   sync.Mutex
	kept map[string]keptAnswer
}

type keptAnswer struct {
	contentType string
	body        []byte
	until       time.Time
}

func (c *sharedCache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/recordings":
		c.list(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		c.next.ServeHTTP(w, r)
	default:
		c.next.ServeHTTP(w, r)
		c.empty()
	}
}

// list answers from memory if it can, and remembers the answer if it cannot.
func (c *sharedCache) list(w http.ResponseWriter, r *http.Request) {
	if hit, ok := c.lookUp(r.URL.RequestURI()); ok {
		w.Header().Set("Content-Type", hit.contentType)
		_, _ = w.Write(hit.body)
		return
	}
	copied := &copyingWriter{ResponseWriter: w, status: http.StatusOK}
	c.next.ServeHTTP(copied, r)
	if copied.status == http.StatusOK {
		c.keep(r.URL.RequestURI(), w.Header().Get("Content-Type"), copied.body.Bytes())
	}
}

func (c *sharedCache) lookUp(url string) (keptAnswer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	hit, ok := c.kept[url]
	return hit, ok && c.now().Before(hit.until)
}

func (c *sharedCache) keep(url, contentType string, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= keepMost {
		clear(c.kept)
	}
	c.kept[url] = keptAnswer{contentType: contentType, body: body, until: c.now().Add(keepFor)}
}

func (c *sharedCache) empty() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.kept)
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
