package mapping

import (
	"context"
	"net/http"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// maxRedirects is how often a request is redirected.
const maxRedirects = 5

// send sends a request, and once more where the token that it carried had expired and
// was renewed.
func (w *World) send(ctx context.Context, r *request, s *bindings) (*reply, error) {
	a, err := w.sendOnce(ctx, r, s)
	if err != nil {
		return nil, err
	}
	r.judge(ctx, a)
	u := w.expired(r, s, a)
	if u == nil {
		return a, nil
	}
	if renewed, err := w.renewed(ctx, u, s, a); err != nil || !renewed {
		return a, err
	}
	return w.sendOnce(ctx, r, s)
}

// sendOnce sends a request once, and follows redirects where the file says so.
func (w *World) sendOnce(ctx context.Context, r *request, s *bindings) (*reply, error) {
	s.named, s.count = [2]string{}, 0
	out, err := w.build(r, s)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		a, err := w.sendAs(ctx, r, s, out)
		if err != nil {
			return nil, err
		}
		if a.redirected = n > 0; !r.redirects || n == maxRedirects {
			return a, nil
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
func (w *World) build(r *request, s *bindings) (exchange.Request, error) {
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

// sendAs sends a request as whom the file says. The operator logs in again where
// the service no longer knows them.
func (w *World) sendAs(ctx context.Context, r *request, s *bindings, out exchange.Request) (*reply, error) {
	out.Header = out.Header.Clone()
	if !w.ownOrigin(out.URL) {
		a, err := w.exchange(ctx, r, s, out, nil)
		if err == nil {
			a.withheld = r.as != asAnyone
		}
		return a, err
	}
	if r.as != asOperator {
		kept, err := w.asUser(r, s, &out)
		if err != nil {
			return nil, err
		}
		return w.exchange(ctx, r, s, out, kept)
	}
	plain := out
	plain.Header = out.Header.Clone()
	login, err := w.asOperator(ctx, &out, s)
	if err != nil {
		return nil, err
	}
	a, err := w.exchange(ctx, r, s, out, login.jar)
	if err != nil || a.Status != http.StatusUnauthorized || !w.renewOperator(login.generation) {
		return a, err
	}
	if login, err = w.asOperator(ctx, &plain, s); err != nil {
		return nil, err
	}
	return w.exchange(ctx, r, s, plain, login.jar)
}

// asUser writes the credentials of a user into a request, and says which jar takes
// the cookies of the answer. Who registers or logs in has the cookies of the
// requests before.
func (w *World) asUser(r *request, s *bindings, out *exchange.Request) (*jar, error) {
	c := w.target.mapping.user
	u := s.caller(r.as)
	switch {
	case r.as == asAnyone && s.jar != nil:
		return s.jar, (&credentials{kept: true, operator: s.logsIn}).put(out, s, s.jar)
	case r.as == asAnyone || r.as == asActor && s.op.Actor() == models.Anyone || c == nil:
		return nil, nil
	case u == nil:
		return nil, noValue{r.pos, "the " + r.as}
	}
	own := *s
	own.actor = u
	if u != s.actor || s.jar == nil {
		return u.jar, c.put(out, &own, u.jar)
	}
	if s.jar.holds() {
		return s.jar, c.put(out, &own, s.jar)
	}
	return s.jar, c.put(out, &own, u.jar)
}

// caller is the user in a role.
func (s *bindings) caller(as string) *user {
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

// exchange sends a request and notes what came back. The jar, if not nil, takes the
// cookies of the answer.
func (w *World) exchange(ctx context.Context, r *request, s *bindings, out exchange.Request, kept *jar) (*reply, error) {
	begun := time.Now()
	s.sent = true
	answer, err := w.session.Send(ctx, out)
	if err != nil {
		return nil, err
	}
	a := &reply{Answer: answer, request: r, url: out.URL, took: time.Since(begun), ids: out.IDs, session: &w.session}
	w.exchanges = append(w.exchanges, Exchange{Method: out.Method, URL: out.URL, Status: a.Status, Type: a.Header.Get("Content-Type"),
		Length: len(a.Body), Took: a.took})
	if s.rotates(a) {
		kept.keep(out.URL, a.Header)
	}
	return a, nil
}
