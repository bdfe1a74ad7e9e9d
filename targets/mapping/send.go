package mapping

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// reply is what came back to a request.
type reply struct {
	exchange.Answer
	request *request
	url     string // as it was sent in the end
	took    time.Duration
	ids     [2]string // what the request named

	parsed bool
	json   any
	err    error // why the body is no JSON
}

// body is the JSON of the body. The error says what it is instead.
func (a *reply) body() (any, error) {
	if a.parsed {
		return a.json, a.err
	}
	a.parsed = true
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	if err := d.Decode(&a.json); err != nil {
		a.err = fmt.Errorf("the body is no JSON but %s", a.bodyKind())
		return nil, a.err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		a.json, a.err = nil, errors.New("the body is more than one JSON value")
	}
	return a.json, a.err
}

// bodyKind says in words what the body is.
func (a *reply) bodyKind() string {
	if len(a.Body) == 0 {
		return "empty"
	}
	kind := a.Header.Get("Content-Type")
	if kind == "" {
		return "without a content type"
	}
	return kind
}

// ask sends a request, again where it is polled, says what the answer stands for,
// and captures what it gives.
func (w *World) ask(ctx context.Context, r *request, s *scope) (*reply, error) {
	begun := time.Now()
	if r.operators {
		if err := w.logOperatorIn(ctx, s); err != nil {
			return nil, err
		}
	}
	for {
		a, err := w.send(ctx, r, s)
		if err != nil {
			return nil, err
		}
		r.judge(ctx, a)
		if r.poll == nil || a.Outcome != models.OK || r.poll.done(ctx, a) {
			w.blame(a)
			w.capture(ctx, a, s)
			return a, nil
		}
		if time.Since(begun) > r.poll.within {
			w.doubt(a, r.key+".poll", fmt.Sprintf("the answer was not there within %s", r.poll.within))
			return a, nil
		}
		if err := wait(ctx, r.poll.every); err != nil {
			return nil, err
		}
	}
}

// done reports whether an answer is there.
func (p *poll) done(ctx context.Context, a *reply) bool {
	body, err := a.body()
	if err != nil {
		body = nil
	}
	v, err := p.until.one(ctx, body, a.Status)
	return err == nil && truthy(v)
}

// judge says what an answer stands for, where the file says it. An answer that
// broke off stays in doubt.
func (r *request) judge(ctx context.Context, a *reply) {
	if a.Status == 0 || a.Outcome != exchange.OutcomeOf(a.Status) {
		return
	}
	for i := range r.outcomes {
		if r.outcomes[i].fits(ctx, a) {
			a.Outcome = r.outcomes[i].is
			break
		}
	}
	if a.Outcome.Refused() && strings.TrimSpace(a.Reason) == "" {
		a.Reason = a.said()
	}
}

func (o *outcomeRule) fits(ctx context.Context, a *reply) bool {
	if len(o.statuses) > 0 && !slices.Contains(o.statuses, a.Status) {
		return false
	}
	if o.when == nil {
		return true
	}
	body, err := a.body()
	if err != nil {
		return false
	}
	v, err := o.when.one(ctx, body, a.Status)
	return err == nil && truthy(v)
}

// reasons are the fields in which services say why they refuse, besides those of
// RFC 9457.
var reasons = []string{"error", "code", "message", "reason"}

// said is what a refusal says in such fields, without what the request named.
func (a *reply) said() string {
	body, _ := a.body()
	fields, _ := body.(map[string]any)
	if inner, ok := fields["error"].(map[string]any); ok {
		fields = inner
	}
	var out []string
	for _, name := range reasons {
		if text, ok := fields[name].(string); ok {
			out = append(out, text)
		}
	}
	text := strings.Join(strings.Fields(strings.Join(out, " ")), " ")
	for _, id := range a.ids {
		if id != "" {
			text = strings.ReplaceAll(text, id, "ID")
		}
	}
	return text[:min(len(text), maxSaid)]
}

const maxSaid = 200

// maxRedirects is how often a request is redirected.
const maxRedirects = 5

// send sends a request once, and follows redirects where the file says so.
func (w *World) send(ctx context.Context, r *request, s *scope) (*reply, error) {
	s.named, s.count = [2]string{}, 0
	out, err := w.build(r, s)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		a, err := w.sendAs(ctx, r, s, out)
		if err != nil || !r.redirects || n == maxRedirects {
			return a, err
		}
		if to, ok := a.redirect(); !ok || !w.ownOrigin(to) {
			return a, nil
		} else if out.URL = to; a.Status != http.StatusTemporaryRedirect && a.Status != http.StatusPermanentRedirect && out.Method != http.MethodHead {
			out.Method, out.Body, out.ContentType = http.MethodGet, nil, ""
		}
	}
}

// redirect is where an answer leads instead.
func (a *reply) redirect() (string, bool) {
	switch a.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", false
	}
	location := a.Header.Get("Location")
	to, err := resolveURL(a.url, location)
	return to, err == nil && location != ""
}

// build fills a request in, all but the credentials.
func (w *World) build(r *request, s *scope) (exchange.Request, error) {
	out := exchange.Request{Method: r.method}
	var err error
	if out.URL, err = w.address(r, s); err != nil {
		return out, err
	}
	for _, h := range r.headers {
		text, err := h.value.render(s)
		if err != nil {
			return out, err
		}
		if text != "" {
			setHeader(&out, h.name, text)
		}
	}
	if r.body != nil {
		content, kind, err := r.body.encode(s)
		if err != nil {
			return out, err
		}
		out.Body, out.ContentType = content, orWord(kind, r.kind)
	}
	if s.op != nil && s.op.Kind() == models.KindPlay && !s.byteRange.Whole() && w.target.mapping.operations[models.KindPlay].ranges {
		out.Range = "bytes=" + s.byteRange.String()
	}
	out.IDs = s.named
	return out, nil
}

// address is the URL of a request.
func (w *World) address(r *request, s *scope) (string, error) {
	if s.next != "" {
		return s.next, nil
	}
	m, base := w.target.mapping, w.target.URL()
	var out string
	if r.url != nil {
		text, err := r.url.render(s)
		if err != nil {
			return "", err
		}
		if out, err = resolveURL(base+m.base+"/", text); err != nil {
			return "", noValue{r.url.text.Pos, fmt.Sprintf("the URL %q", text)}
		}
	} else {
		path, err := r.path.render(s)
		if err != nil {
			return "", err
		}
		if out, err = w.below(r, path); err != nil {
			return "", err
		}
	}
	query, err := r.queryText(s)
	if err != nil || query == "" {
		return out, err
	}
	if strings.Contains(out, "?") {
		return out + "&" + query, nil
	}
	return out + "?" + query, nil
}

// below is the URL of a path. One that the service gave may have the base of all
// paths already, or be a URL itself.
func (w *World) below(r *request, path string) (string, error) {
	m, base := w.target.mapping, w.target.URL()
	if !r.wholePath {
		return base + m.base + path, nil
	}
	prefix := m.base
	if u, err := url.Parse(base); err == nil {
		prefix = u.Path + m.base
	}
	if !strings.HasPrefix(path, "/") || prefix != "" && strings.HasPrefix(path, prefix+"/") {
		out, err := resolveURL(base+m.base+"/", path)
		if err != nil {
			return "", noValue{r.path.text.Pos, fmt.Sprintf("the path %q", path)}
		}
		return out, nil
	}
	return base + m.base + path, nil
}

func resolveURL(base, text string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	u, err := b.Parse(text)
	if err != nil {
		return "", err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("%q is no URL of a service", text)
	}
	u.Fragment = ""
	return u.String(), nil
}

// queryText is the query of a URL. What has no value is left out.
func (r *request) queryText(s *scope) (string, error) {
	var b strings.Builder
	for _, q := range r.query {
		text, err := q.value.render(s)
		if _, missing := errors.AsType[noValue](err); missing || err == nil && text == "" {
			continue
		}
		if err != nil {
			return "", err
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(q.name) + "=" + url.QueryEscape(text))
	}
	return b.String(), nil
}

// ownOrigin reports whether a URL is at the service's own origin, to which
// credentials may be sent.
func (w *World) ownOrigin(text string) bool {
	if rest, ok := strings.CutPrefix(text, w.target.URL()); ok && strings.HasPrefix(rest, "/") {
		return true
	}
	a, err1 := url.Parse(text)
	b, err2 := url.Parse(w.target.URL())
	return err1 == nil && err2 == nil && a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// sendAs sends a request as whom the file says. The operator logs in again where
// the service no longer knows him.
func (w *World) sendAs(ctx context.Context, r *request, s *scope, out exchange.Request) (*reply, error) {
	out.Header = out.Header.Clone()
	if !w.ownOrigin(out.URL) {
		return w.exchange(ctx, r, s, out)
	}
	if r.as != asOperator {
		if err := w.asUser(r, s, &out); err != nil {
			return nil, err
		}
		return w.exchange(ctx, r, s, out)
	}
	plain := out
	plain.Header = out.Header.Clone()
	generation, err := w.asOperator(ctx, &out, s)
	if err != nil {
		return nil, err
	}
	a, err := w.exchange(ctx, r, s, out)
	if err != nil || a.Status != http.StatusUnauthorized || !w.renewOperator(generation) {
		return a, err
	}
	if _, err := w.asOperator(ctx, &plain, s); err != nil {
		return nil, err
	}
	return w.exchange(ctx, r, s, plain)
}

// asUser writes the credentials of a user into a request. Who registers or logs
// in has the cookies of the requests before.
func (w *World) asUser(r *request, s *scope, out *exchange.Request) error {
	c := w.target.mapping.user
	u := s.caller(r.as)
	switch {
	case r.as == asAnyone && len(s.jar) > 0 && c != nil && c.kept:
		return (&credentials{kept: true}).put(out, s, s.jar)
	case r.as == asAnyone || r.as == asActor && s.op.Actor() == models.Anyone || c == nil:
		return nil
	case u == nil:
		return noValue{r.pos, "the " + r.as}
	}
	own := *s
	own.actor = u
	if u == s.actor && len(s.jar) > 0 {
		return c.put(out, &own, s.jar)
	}
	return c.put(out, &own, u.jar)
}

// caller is the user in a role.
func (s *scope) caller(as string) *user {
	switch as {
	case rolePatient:
		return s.patient
	case roleClinician:
		return s.clinician
	case roleGuest:
		return s.guest
	case rolePeer:
		return s.peer
	}
	return s.actor
}

// exchange sends a request and notes what came back.
func (w *World) exchange(ctx context.Context, r *request, s *scope, out exchange.Request) (*reply, error) {
	begun := time.Now()
	s.sent = true
	answer, err := w.session.Send(ctx, out)
	if err != nil {
		return nil, err
	}
	a := &reply{Answer: answer, request: r, url: out.URL, took: time.Since(begun), ids: out.IDs}
	w.exchanges = append(w.exchanges, Exchange{Method: out.Method, URL: out.URL, Status: a.Status, Type: a.Header.Get("Content-Type"),
		Length: len(a.Body), Took: a.took})
	if s.keepsCookies() {
		keepCookies(s.cookieJar(), a.Header)
	}
	return a, nil
}

// keepsCookies reports whether the cookies of an answer are kept: of those to
// patient, clinician and login, and to the operator's login.
func (s *scope) keepsCookies() bool {
	return s.jar != nil || s.op != nil && s.op.Kind() == models.KindLogin
}

func (s *scope) cookieJar() map[string]string {
	if s.jar == nil {
		s.jar = make(map[string]string)
	}
	return s.jar
}

// capture takes what an answer gives for later requests. Where something that
// they need is not there, the answer is in doubt.
func (w *World) capture(ctx context.Context, a *reply, s *scope) {
	if a.Outcome != models.OK {
		return
	}
	for i := range a.request.captures {
		c := &a.request.captures[i]
		v, err := c.take(ctx, a)
		if err == nil && v != nil && v != "" {
			s.staged[c.name] = v
			continue
		}
		if !w.target.mapping.needs(c.name, s) {
			continue
		}
		why := "it is not there"
		if err != nil {
			why = err.Error()
		}
		w.doubt(a, c.key, fmt.Sprintf("capture %s (%s) found nothing: %s", c.name, w.target.mapping.at(c.pos), why))
		return
	}
}

// needs reports whether a later request needs a capture of this operation.
func (m *Mapping) needs(name string, s *scope) bool {
	if s.op == nil {
		return m.needed[ref{roleOperator, name}]
	}
	return m.needed[ref{m.operations[s.op.Kind()].form.bound, name}]
}

// take is the value of a capture, nil for none.
func (c *capture) take(ctx context.Context, a *reply) (any, error) {
	var v any
	switch {
	case c.header != "":
		v = a.Header.Get(c.header)
	case c.cookie != "":
		for _, k := range (&http.Response{Header: a.Header}).Cookies() {
			if k.Name == c.cookie {
				v = k.Value
			}
		}
	default:
		body, err := a.body()
		if err != nil {
			return nil, err
		}
		if v, err = c.jq.one(ctx, body, a.Status); err != nil {
			return nil, err
		}
	}
	if c.match == nil || v == nil {
		return v, nil
	}
	m := c.match.FindStringSubmatch(textOf(v))
	if m == nil {
		return nil, fmt.Errorf("%s does not match %s", describe(v), c.match)
	}
	return m[1], nil
}
