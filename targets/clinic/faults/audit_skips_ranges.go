package faults

import (
	"net/http"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func auditSkipsRanges() Fault {
	return Fault{
		Slug: "audit-skips-ranges",
		Mechanism: "Ranges are served by a streaming server in front, which asks the service by HEAD if it may and reads " +
			"the media itself: the audit trail has a look at the headers, and no play.",
		Trigger: "Alice has a recording; their practitioner plays a range of it; Alice reads the audit trail.",
		Class:   []Effect{Integrity},
		CWE:     778,
		Rules:   []string{"AUDIT-1"},
		Source:  "a second way to the same bytes that was forgotten in the trail (model)",
		Apply: func(c *clinic.Config) {
			c.Front = func(parts clinic.Parts, next http.Handler) http.Handler { return &streaming{next: next, parts: parts} }
		},
	}
}

type streaming struct {
	next  http.Handler
	parts clinic.Parts
}

func (s *streaming) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, ok := contentOf(r.URL.Path)
	if !ok || r.Method != http.MethodGet || r.Header.Get("Range") == "" || !s.mayStream(r) {
		s.next.ServeHTTP(w, r)
		return
	}
	serveUnguarded(w, r, s.parts, id, s.next)
}

// mayStream asks the service whether the caller may have the content.
func (s *streaming) mayStream(r *http.Request) bool {
	ask := r.Clone(r.Context())
	ask.Method = http.MethodHead
	answer := &statusWriter{header: http.Header{}}
	s.next.ServeHTTP(answer, ask)
	return answer.status == http.StatusOK
}

// A statusWriter keeps nothing of an answer but its status.
type statusWriter struct {
	header http.Header
	status int
}

func (s *statusWriter) Header() http.Header { return s.header }

func (s *statusWriter) Write(p []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	return len(p), nil
}

func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
}
