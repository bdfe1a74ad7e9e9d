package faults

import (
	"net/http"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func linkCacheable() Fault {
	return Fault{
		Slug: "link-cacheable",
		Mechanism: "Playback links have secret addresses, and so what they lead to was taken for something that anybody may keep for " +
			"five minutes: whoever has the address may see it. A cache does not ask whether the link still opens; nothing here does.",
		Trigger: "Alice makes a link and opens it without a token, and looks at the answer's headers.",
		Class:   []Effect{Metadata},
		CWE:     524,
		Rules:   []string{"CACHE-2"},
		Source:  "RFC 9111 section 3.5, which protects answers to requests with Authorization and no others (model)",
		Apply: func(c *clinic.Config) {
			c.Front = func(_ clinic.Parts, next http.Handler) http.Handler { return keepLinks{next} }
		},
	}
}

type keepLinks struct{ next http.Handler }

func (k keepLinks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/links/") {
		w = &keptWriter{w}
	}
	k.next.ServeHTTP(w, r)
}
