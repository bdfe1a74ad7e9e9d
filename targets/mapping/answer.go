package mapping

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	session *exchange.Session
	// withheld says that the request went without the credentials that it should have,
	// and redirected that another answer led to it.
	withheld, redirected bool

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
func (w *World) ask(ctx context.Context, r *request, s *bindings) (*reply, error) {
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
		if w.doubtWithheld(a, s) {
			return a, nil
		}
		if r.poll == nil || a.Outcome != models.OK || r.poll.done(ctx, a) {
			w.blame(ctx, a, s)
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
	if a.Outcome == exchange.OutcomeOf(a.Status) && r.as != asAnyone && a.leadsToLogin() {
		a.Outcome, a.Detail, a.Reason = models.Denied, toLogin, toLogin
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
	text := strings.Join(strings.Fields(a.session.Conceal(strings.Join(out, " "))), " ")
	text = exchange.WithoutIDs(text, &a.ids)
	return text[:min(len(text), maxSaid)]
}

const maxSaid = 200

// beginning is that of the body, without secrets.
func (a *reply) beginning() string {
	text := a.session.Conceal(strings.ToValidUTF8(string(a.Body[:min(len(a.Body), 40*maxSaid)]), ""))
	return strings.ToValidUTF8(text[:min(len(text), maxSaid)], "")
}
