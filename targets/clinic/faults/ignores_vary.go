package faults

import (
	"net/http"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func ignoresVary() Fault {
	return Fault{
		Slug: "ignores-vary",
		Mechanism: "Media, thumbnails and transcripts were made cacheable for the delivery network in front, with " +
			"Vary: Authorization; it keeps what it may and does not know that Vary.",
		Trigger: "Alice plays their recording; Bob plays it by its id.",
		Class:   []Effect{Viewed, Metadata},
		CWE:     524,
		Rules:   []string{"READ-1", "AUTH-1", "PROXY-1", "GONE-1", "KILL-1", "AUDIT-1"},
		Source:  "GHSA-p77w-8qqv-26rm, a cache that takes no notice of Vary: Authorization",
		Apply: func(c *clinic.Config) {
			c.Front = func(parts clinic.Parts, next http.Handler) http.Handler {
				return &deliveryNetwork{origin: mayBeDelivered(next), kept: newAnswers(parts.Now)}
			}
		},
	}
}

// deliverable is the header by which an origin speaks to delivery networks alone (RFC 9213): browsers are still told
// no-store.
const deliverable = "CDN-Cache-Control"

// mayBeDelivered is the origin's side: what is whole and will not change may be kept, for whoever has the same token.
func mayBeDelivered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.Header.Get("Range") == "" && isOfMedia(r.URL.Path) {
			w.Header().Set(deliverable, "max-age=60")
			w.Header().Set("Vary", "Authorization")
		}
		next.ServeHTTP(w, r)
	})
}

// isOfMedia tells whether a path is that of a recording's content or of what derives from it.
func isOfMedia(path string) bool {
	rest, ok := strings.CutPrefix(path, "/recordings/")
	_, part, _ := strings.Cut(rest, "/")
	return ok && (part == "content" || part == "thumbnail" || part == "transcript")
}

type deliveryNetwork struct {
	origin http.Handler
	kept   *answers
}

func (d *deliveryNetwork) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.Header.Get("Range") != "" {
		d.origin.ServeHTTP(w, r)
		return
	}
	d.kept.serve(w, r, d.origin, func(h http.Header) bool { return h.Get(deliverable) != "" })
}
