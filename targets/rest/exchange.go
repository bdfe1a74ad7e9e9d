package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

const (
	// maxBody is the number of bytes that are read of one body.
	maxBody = 64 << 20
	// maxKept is the capacity of a world's buffer that is kept between requests.
	maxKept = 1 << 20
	// maxDetail is the number of characters of evidence that are kept.
	maxDetail = 200
)

// request is what is asked of the service.
type request struct {
	route
	query         string // with its question mark, or empty
	authorization string // the header's value, or empty for a caller without token
	byteRange     string // the Range header's value, or empty for the whole
	contentType   string
	body          []byte // nil for none
	// ids are what the request names. A refusal that repeats them gives no other
	// reason than one that does not.
	ids [2]string
}

// answer is what came back to one request.
type answer struct {
	outcome models.Outcome
	status  int // 0 where nothing came back
	header  http.Header
	length  int64  // Content-Length, or -1 if not told
	body    []byte // valid until the next request of the world
	detail  string
	reason  string
}

// response is the answer without what was in it.
func (a *answer) response() models.Response {
	return models.Response{Outcome: a.outcome, Status: a.status, CacheControl: a.cacheControl(), Reason: a.reason, Detail: a.detail}
}

// cacheControl is the Cache-Control header, whose lines are one list (RFC 9110
// section 5.3).
func (a *answer) cacheControl() string {
	lines := a.header["Cache-Control"]
	if len(lines) == 1 {
		return lines[0]
	}
	return strings.Join(lines, ", ")
}

// keptPrivate reports whether a Cache-Control header keeps shared caches from
// keeping an answer (RFC 9111 sections 5.2.2.5 and 5.2.2.7).
func keptPrivate(header string) bool {
	for directive := range strings.SplitSeq(header, ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if strings.EqualFold(name, "no-store") || strings.EqualFold(name, "private") {
			return true
		}
	}
	return false
}

// doubt makes the outcome unknown, and says why.
func (a *answer) doubt(why string) {
	a.outcome, a.detail = models.Unknown, why
}

// breakOff notes that the body was not received whole. A refusal stays one.
func (a *answer) breakOff(why string) {
	a.detail = "the answer broke off: " + why
	if a.outcome == models.OK {
		a.outcome = models.Unknown
	}
}

// tell performs a request whose answer says nothing but what became of it.
func (w *World) tell(ctx context.Context, r request) (models.Response, error) {
	a, err := w.send(ctx, r)
	if err != nil {
		return models.Response{}, err
	}
	return a.response(), nil
}

// tellAs is tell for somebody who may be unknown, and a route that names ids, two
// at most.
func (w *World) tellAs(ctx context.Context, who models.Handle, to route, ids ...string) (models.Response, error) {
	authorization, ok := w.caller(who)
	if !ok {
		return unbound()
	}
	r := request{route: to, authorization: authorization}
	copy(r.ids[:], ids)
	return w.tell(ctx, r)
}

// send performs one request and reads the answer whole. The error is that of a
// context that is done; what the service did is in the answer.
func (w *World) send(ctx context.Context, r request) (answer, error) {
	timed, cancel := context.WithTimeout(ctx, w.target.timeout)
	defer cancel()
	req, err := w.build(timed, r)
	if err != nil {
		return answer{}, fmt.Errorf("build a request: %w", err)
	}
	resp, err := w.target.transport.RoundTrip(req)
	if err != nil {
		return w.unanswered(ctx, err)
	}
	defer resp.Body.Close()
	a := answer{outcome: outcomeOf(resp.StatusCode), status: resp.StatusCode, header: resp.Header, length: resp.ContentLength}
	if err := w.receive(&a, resp.Body); err != nil {
		if ctx.Err() != nil {
			return answer{}, context.Cause(ctx)
		}
		a.breakOff(w.reason(err))
		return a, nil
	}
	if a.outcome != models.OK {
		a.explain(&r.ids)
	}
	return a, nil
}

func (w *World) build(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, w.target.URL()+r.path+r.query, body)
	if err != nil {
		return nil, err
	}
	w.sent++
	req.Header["X-Request-Id"] = []string{w.requestID()}
	if r.authorization != "" {
		req.Header["Authorization"] = []string{r.authorization}
	}
	if r.contentType != "" {
		req.Header["Content-Type"] = []string{r.contentType}
	}
	if r.byteRange != "" {
		req.Header["Range"] = []string{r.byteRange}
	}
	return req, nil
}

// requestID is for example "ab12-17-2": the second request of step 17 in world
// ab12.
func (w *World) requestID() string {
	var room [40]byte
	id := append(room[:0], w.namespace...)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(w.step), 10)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(w.sent), 10)
	return string(id)
}

// unanswered is the answer where none came back.
func (w *World) unanswered(ctx context.Context, err error) (answer, error) {
	if ctx.Err() != nil {
		return answer{}, context.Cause(ctx)
	}
	return answer{outcome: models.Unknown, length: -1, detail: w.reason(err)}, nil
}

// reason says in a line why an exchange failed.
func (w *World) reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer within " + w.target.timeout.String()
	}
	return err.Error()
}

// receive reads the body into the world's buffer. A body that is too long is
// cut off, and its connection given up.
func (w *World) receive(a *answer, body io.Reader) error {
	if w.buffer.Cap() > maxKept {
		w.buffer = bytes.Buffer{}
	}
	w.buffer.Reset()
	_, err := w.buffer.ReadFrom(io.LimitReader(body, maxBody+1))
	a.body = w.buffer.Bytes()
	if len(a.body) > maxBody {
		a.body = a.body[:maxBody]
		return errTooLong
	}
	return err
}

var errTooLong = errors.New("more than 64 MiB")

// drain reads a body that nobody looks at, so that its connection can be used
// again.
func drain(body io.Reader) { _, _ = io.CopyN(io.Discard, body, maxKept) }

// outcomeOf is the outcome that a status code stands for.
func outcomeOf(status int) models.Outcome {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return models.Denied
	case http.StatusNotFound, http.StatusGone:
		return models.Missing
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity:
		return models.Invalid
	case http.StatusConflict, http.StatusPreconditionFailed:
		return models.Conflict
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return models.Unavailable
	}
	if status >= 200 && status < 300 {
		return models.OK
	}
	return models.Unknown
}

// explain keeps what the service says of a request that failed: the detail of an
// RFC 9457 problem, and where it refuses the title, too; else the beginning of
// the body where the outcome is unknown.
func (a *answer) explain(ids *[2]string) {
	var p struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(a.body, &p) != nil {
		p.Title, p.Detail = "", ""
	}
	if p.Detail == "" && a.outcome == models.Unknown {
		p.Detail = string(a.body[:min(len(a.body), maxDetail)])
	}
	a.detail = cut(p.Detail)
	if a.outcome.Refused() {
		a.reason = cut(withoutIDs(p.Title+" "+p.Detail, ids))
	}
}

// withoutIDs puts ID for each id in a text.
func withoutIDs(text string, ids *[2]string) string {
	for _, id := range ids {
		if id != "" {
			text = strings.ReplaceAll(text, id, "ID")
		}
	}
	return text
}

// cut returns the beginning of a text as one line of valid UTF-8.
func cut(text string) string {
	text = text[:min(len(text), maxDetail)]
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
}

// decode reads a body of JSON into v and reports whether it is one. The answer
// to a request that succeeded is in doubt where it is not.
func (a *answer) decode(v any) bool {
	if a.outcome != models.OK {
		return false
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		a.doubt("the body is not what the document says: " + err.Error())
		return false
	}
	return true
}

// lacks puts the answer in doubt for a part that the document requires.
func (a *answer) lacks(part string) {
	a.doubt("the body is not what the document says: no valid " + part)
}

// asJSON is the body of a request. Every type that is sent can be encoded.
func asJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return body
}
