// Package exchange sends requests over HTTP and says in the terms of the model
// what became of them. The targets that speak HTTP share it.
package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

const (
	// maxBody is the number of bytes that are read of one body.
	maxBody = 64 << 20
	// maxKept is the capacity of a world's buffer that is kept between requests.
	maxKept = 1 << 20
	// maxDetail is the number of characters of evidence that are kept, and maxRead
	// that of a body in which evidence is looked for.
	maxDetail = 200
	maxRead   = 8 << 10
)

// A Session sends the requests of one world, one at a time, each with an id of
// its own. Its methods must not be called concurrently.
type Session struct {
	// World is the namespace that request ids begin with.
	World models.Namespace
	// Transport sends the requests.
	Transport http.RoundTripper
	// Timeout is how long one exchange may take.
	Timeout time.Duration
	// Known are the secrets that the target was given, and Told what the service
	// has told lately in any of its worlds. They may be nil.
	Known *secret.Net
	Told  *secret.Recent

	step    int               // the operation being performed
	done    []models.Exchange // the requests for it
	buffer  bytes.Buffer
	kept    map[string]targets.Secret // the secrets of the world, by their values
	secrets secret.Set                // of these, those that Told does not know
	into    *targets.ExchangeLog      // the one that was asked for, or nil
}

// Begin notes that the requests from now on are for a step of the trace.
func (s *Session) Begin(step int) { s.step, s.done = step, nil }

// Report adds the requests that were sent for the step to what was answered, and
// takes every secret out of it.
func (s *Session) Report(r *models.Response) {
	r.Requests, r.Exchanges = len(s.done), s.done
	s.conceal(r)
	if s.into != nil {
		s.into.Keep(s.Known.Secrets()...)
		for _, value := range sorted(s.kept) {
			s.into.Keep(s.kept[value])
		}
	}
}

// Request is what is asked of the service.
type Request struct {
	Method, URL string
	// Header is sent as it is, besides what the other fields say; it may be nil.
	Header        http.Header
	Authorization string // the header's value, or empty for a caller without token
	Range         string // the Range header's value, or empty for the whole
	ContentType   string
	Body          []byte // nil for none
	// IDs are what the request names. A refusal that repeats them gives no other
	// reason than one that does not.
	IDs [2]string
}

// Answer is what came back to one request.
type Answer struct {
	Outcome models.Outcome
	Status  int // 0 where nothing came back
	Header  http.Header
	// Authentication is how a GET or HEAD was authenticated.
	Authentication models.Authentication
	Length         int64  // Content-Length, or -1 if not told
	Body           []byte // valid until the next request of the session
	Detail         string // evidence for people
	Reason         string // what the service said of a refusal, without the request's ids
}

// Response is the answer without what was in it.
func (a *Answer) Response() models.Response {
	return models.Response{Outcome: a.Outcome, Status: a.Status, Caching: a.Caching(), Reason: a.Reason, Detail: a.Detail}
}

// Doubt makes the outcome unknown, and says why.
func (a *Answer) Doubt(why string) {
	a.Outcome, a.Detail = models.Unknown, why
}

// breakOff notes that the body was not received whole. A refusal stays one.
func (a *Answer) breakOff(why string) {
	a.Detail = "the answer broke off: " + why
	if a.Outcome == models.OK {
		a.Outcome = models.Unknown
	}
}

// Send performs one request and reads the answer whole. The error is that of a
// context that is done; what the service did is in the answer.
func (s *Session) Send(ctx context.Context, r Request) (Answer, error) {
	timed, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	req, err := s.build(timed, r)
	if err != nil {
		return Answer{}, fmt.Errorf("build a request: %w", err)
	}
	record := beginRecord(ctx, s.step, req, r.Body)
	if record != nil {
		s.into = record.into
	}
	resp, err := s.Transport.RoundTrip(req)
	if err != nil {
		record.fail(err)
		return s.unanswered(ctx, err)
	}
	defer resp.Body.Close()
	s.done[len(s.done)-1].Status = resp.StatusCode
	s.keepCookies(resp.Header)
	a := Answer{Outcome: OutcomeOf(resp.StatusCode), Status: resp.StatusCode, Header: resp.Header, Length: resp.ContentLength,
		Authentication: authentication(req)}
	err = s.receive(&a, resp.Body)
	record.end(s.done[len(s.done)-1], resp.Header, a.Body, err)
	if err != nil {
		if ctx.Err() != nil {
			return Answer{}, context.Cause(ctx)
		}
		a.breakOff(s.reason(err))
		return a, nil
	}
	if a.Outcome != models.OK {
		a.explain(&r.IDs, s.Conceal)
	}
	return a, nil
}

func (s *Session) build(ctx context.Context, r Request) (*http.Request, error) {
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, body)
	if err != nil {
		return nil, err
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	s.identify(req)
	if r.Authorization != "" {
		req.Header["Authorization"] = []string{r.Authorization}
	}
	if r.Range != "" {
		req.Header["Range"] = []string{r.Range}
	}
	if r.ContentType != "" {
		req.Header["Content-Type"] = []string{r.ContentType}
	}
	return req, nil
}

// unanswered is the answer where none came back.
func (s *Session) unanswered(ctx context.Context, err error) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, context.Cause(ctx)
	}
	return Answer{Outcome: models.Unknown, Length: -1, Detail: s.reason(err)}, nil
}

// reason says in a line why an exchange failed.
func (s *Session) reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer within " + s.Timeout.String()
	}
	return err.Error()
}

// receive reads the body into the world's buffer. A body that is too long is
// cut off, and its connection given up.
func (s *Session) receive(a *Answer, body io.Reader) error {
	if s.buffer.Cap() > maxKept {
		s.buffer = bytes.Buffer{}
	}
	s.buffer.Reset()
	_, err := s.buffer.ReadFrom(io.LimitReader(body, maxBody+1))
	a.Body = s.buffer.Bytes()
	if len(a.Body) > maxBody {
		a.Body = a.Body[:maxBody]
		return errTooLong
	}
	return err
}

var errTooLong = errors.New("more than 64 MiB")

// Drain reads a body that nobody looks at, so that its connection can be used
// again.
func Drain(body io.Reader) { _, _ = io.CopyN(io.Discard, body, maxKept) }

// OutcomeOf is the outcome that a status code stands for.
func OutcomeOf(status int) models.Outcome {
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
// the body where the outcome is unknown. Secrets are taken out before anything is
// cut, so that no part of one is left.
func (a *Answer) explain(ids *[2]string, conceal func(string) string) {
	var p struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(a.Body, &p) != nil {
		p.Title, p.Detail = "", ""
	}
	if p.Detail == "" && a.Outcome == models.Unknown {
		p.Detail = string(a.Body[:min(len(a.Body), maxRead)])
	}
	p.Title, p.Detail = conceal(p.Title), conceal(p.Detail)
	a.Detail = cut(p.Detail)
	if a.Outcome.Refused() {
		a.Reason = cut(WithoutIDs(p.Title+" "+p.Detail, ids))
	}
}

// WithoutIDs puts ID for each id in a text, and for what the service told and is
// secret, as its own ids may be: who asks for a link that never was is given no other
// reason.
func WithoutIDs(text string, ids *[2]string) string {
	for _, id := range ids {
		if id != "" {
			text = strings.ReplaceAll(text, id, "ID")
		}
	}
	return strings.ReplaceAll(text, secret.Placeholder(""), "ID")
}

// cut returns the beginning of a text as one line of valid UTF-8.
func cut(text string) string {
	text = text[:min(len(text), maxDetail)]
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
}

// Decode reads a body of JSON into v and reports whether it is one. The answer
// to a request that succeeded is in doubt where it is not.
func (a *Answer) Decode(v any) bool {
	if a.Outcome != models.OK {
		return false
	}
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.Doubt("the body is not what the document says: " + err.Error())
		return false
	}
	return true
}

// Lacks puts the answer in doubt for a part that the document requires.
func (a *Answer) Lacks(part string) {
	a.Doubt("the body is not what the document says: no valid " + part)
}
