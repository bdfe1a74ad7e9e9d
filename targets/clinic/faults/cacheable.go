package faults

import (
	"net/http"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func cacheable() Fault {
	return Fault{
		Slug: "cacheable",
		Mechanism: "To make replays quick, answers about recordings say that anybody may keep them for five minutes; " +
			"nothing here does.",
		Trigger: "Alice lists, and looks at the answer's headers.",
		Class:   []Effect{Metadata},
		CWE:     525,
		Rules:   []string{"CACHE-1"},
		Source:  "the precondition of what happened to Steam's customers in December 2015, without the cache",
		Apply: func(c *clinic.Config) {
			c.Front = func(_ clinic.Parts, next http.Handler) http.Handler { return keepReplays{next} }
		},
	}
}

type keepReplays struct{ next http.Handler }

func (k keepReplays) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/recordings") {
		w = &keptWriter{w}
	}
	k.next.ServeHTTP(w, r)
}

// A keptWriter lets answers be kept that are not refusals.
type keptWriter struct{ http.ResponseWriter }

func (k *keptWriter) WriteHeader(status int) {
	if status < http.StatusBadRequest {
		k.Header().Set("Cache-Control", "public, max-age=300")
	}
	k.ResponseWriter.WriteHeader(status)
}
