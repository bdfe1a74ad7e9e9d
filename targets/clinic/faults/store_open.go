package faults

import (
	"net/http"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func storeOpen() Fault {
	return Fault{
		Slug: "store-open",
		Mechanism: "A video element in a browser sends no token, so requests for content without one go straight to " +
			"the store, which asks for none.",
		Trigger: "Alice has a recording; anybody opens the address of its content.",
		Class:   []Effect{Viewed},
		CWE:     862,
		Rules:   []string{"AUTH-1", "KILL-1", "AUDIT-1"},
		Source:  "1177 Vårdguiden, Sweden, February 2019: 2.7 million recorded calls",
		Apply: func(c *clinic.Config) {
			c.Front = func(parts clinic.Parts, next http.Handler) http.Handler { return &openStore{next: next, parts: parts} }
		},
	}
}

type openStore struct {
	next  http.Handler
	parts clinic.Parts
}

func (s *openStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, ok := contentOf(r.URL.Path)
	if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead || r.Header.Get("Authorization") != "" {
		s.next.ServeHTTP(w, r)
		return
	}
	serveUnguarded(w, r, s.parts, id, s.next)
}

// serveUnguarded answers with the content of a recording, whosever it is; where there is none, next answers.
func serveUnguarded(w http.ResponseWriter, r *http.Request, parts clinic.Parts, id string, next http.Handler) {
	_, media, err := unguarded(r.Context(), parts, id)
	if err != nil {
		next.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, media)
}

// contentOf returns the id of the recording whose content is at a path.
func contentOf(path string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/recordings/")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "/content")
}
