package faults

import (
	"net/http"

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
				return &sharedCache{next: next, kept: newAnswers(parts.Now)}
			}
		},
	}
}

type sharedCache struct {
	next http.Handler
	kept *answers
}

func (c *sharedCache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/recordings":
		c.kept.serve(w, r, c.next, func(http.Header) bool { return true })
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		c.next.ServeHTTP(w, r)
	default:
		c.next.ServeHTTP(w, r)
		c.kept.empty()
	}
}
