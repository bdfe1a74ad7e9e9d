package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/telehealth-conformance/crosstalk/models"
)

// identify gives a request the ids under which it can be found in the service's
// own logs and traces, and notes it.
func (s *Session) identify(req *http.Request) {
	e := models.Exchange{ID: s.NextID(), Method: req.Method, Path: req.URL.RequestURI()}
	e.Traceparent = s.traceparent()
	req.Header["X-Request-Id"] = []string{e.ID}
	req.Header["Traceparent"] = []string{e.Traceparent}
	s.done = append(s.done, e)
}

// NextID is the id of the next request, for example "ab12-17-2": the second
// request of step 17 in world ab12.
func (s *Session) NextID() string {
	var room [40]byte
	id := append(room[:0], s.World...)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(s.step), 10)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(len(s.done)+1), 10)
	return string(id)
}

// traceparent is the header of that name for the next request (W3C Trace Context,
// section 3.2.2). The trace is that of the step, and the span that of the
// request. Both are digests, so that they are the same wherever they are written
// down; a namespace is never used twice on one service.
func (s *Session) traceparent() string {
	var room [64]byte
	text := append(room[:0], s.World...)
	text = strconv.AppendInt(append(text, '-'), int64(s.step), 10)
	trace := sha256.Sum256(text)
	text = strconv.AppendInt(append(text, '-'), int64(len(s.done)+1), 10)
	span := sha256.Sum256(text)
	var header [55]byte
	out := append(header[:0], "00-"...)
	out = hex.AppendEncode(out, trace[:16])
	out = hex.AppendEncode(append(out, '-'), span[:8])
	return string(append(out, "-01"...))
}
