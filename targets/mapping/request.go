package mapping

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// request is one request, ready to be filled in.
type request struct {
	key       string // in the file
	pos       Pos
	condition *template
	as        string
	method    string
	path      *template
	wholePath bool // the path is one {{…}}: a path that the service gave
	url       *template
	query     []namedTemplate
	headers   []namedTemplate
	body      body
	kind      string // the content type
	captures  []capture
	outcomes  []outcomeRule
	poll      *poll
	redirects bool
	// operators says that the operator has to be logged in.
	operators bool
}

// namedTemplate is a template under a name.
type namedTemplate struct {
	name  string
	value *template
}

// outcomeRule says what an answer stands for.
type outcomeRule struct {
	statuses []int
	when     *query
	is       models.Outcome
}

// poll says that a request is repeated.
type poll struct {
	until         *query
	every, within time.Duration
}

// Who a request is made as.
const (
	asActor    = "actor"
	asAnyone   = "anyone"
	asOperator = "operator"
)

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions}

// request compiles a step. The operation is nil for the operator's login.
func (c *compiler) request(s *Step, o *operation, v *vocabulary, key string) *request {
	r := &request{key: key, pos: c.spec.Where(key), redirects: s.Redirects.Value}
	if s.If.Given() {
		r.condition = c.template(s.If, asText, v, key+".if")
	}
	r.as = c.caller(s, o, key)
	r.method = c.method(s, o, key)
	c.address(r, s, v, key)
	r.query = c.named(s.Query, asText, v, key+".query")
	r.headers = c.named(s.Headers, asText, v, key+".headers")
	c.body(r, s, v, key)
	r.captures = c.captures(s, key, o)
	for i := range s.Outcome {
		r.outcomes = append(r.outcomes, c.outcome(&s.Outcome[i], fmt.Sprintf("%s.outcome.%d", key, i)))
	}
	r.poll = c.polling(s.Poll, key+".poll")
	r.operators = r.as == asOperator || r.namesRole(roleOperator)
	return r
}

// caller is who the request is made as. Whoever registers or logs in has nothing
// to show yet.
func (c *compiler) caller(s *Step, o *operation, key string) string {
	as := s.As.Value
	if !s.As.Given() {
		switch {
		case o == nil, models.CredentialsFor(o.kind) == models.Uncredentialed:
			return asAnyone
		case models.CredentialsFor(o.kind) == models.OperatorCredentials:
			as = asOperator
		default:
			return asActor
		}
	}
	known := []string{asActor, asAnyone, asOperator}
	if o != nil {
		for _, role := range []string{rolePatient, roleClinician, roleGuest, rolePeer} {
			if o.form.has(role) {
				known = append(known, role)
			}
		}
	}
	if !slices.Contains(known, as) {
		c.problem(s.As.Pos, key+".as", "nobody is %q here%s; expected %s", as, perhaps(as, known), either(known...))
	}
	if as == asOperator && !c.spec.Auth.Operator.given {
		at := s.As.Pos
		if !at.Known() {
			at = c.spec.Where(key)
		}
		c.problem(at, key+".as", "the request is the operator's; expected auth.operator to say how it is made")
	}
	return as
}

// method is GET where none is given, and HEAD for head.
func (c *compiler) method(s *Step, o *operation, key string) string {
	switch {
	case s.Method.Given() && !slices.Contains(methods, s.Method.Value):
		c.problem(s.Method.Pos, key+".method", "unknown method %q%s; expected %s", s.Method.Value, perhaps(s.Method.Value, methods), either(methods...))
	case s.Method.Given():
		return s.Method.Value
	case o != nil && models.PathOf(o.kind) == models.PathHead:
		return http.MethodHead
	}
	return http.MethodGet
}

// address compiles where the request goes.
func (c *compiler) address(r *request, s *Step, v *vocabulary, key string) {
	switch {
	case s.Path.Given() && s.URL.Given():
		c.problem(s.URL.Pos, key+".url", "found path and url; expected one of the two")
	case s.URL.Given():
		r.url = c.template(s.URL, asText, v, key+".url")
	case !s.Path.Given():
		c.problem(c.spec.Where(key), key, "the request has neither path nor url; expected one of the two")
	case !strings.HasPrefix(s.Path.Value, "/") && !strings.HasPrefix(s.Path.Value, "{{"):
		c.problem(s.Path.Pos, key+".path", "expected a path that begins with /, found %q", s.Path.Value)
	default:
		r.path, r.wholePath = c.pathTemplate(s.Path, v, key+".path")
	}
}

// pathTemplate compiles a path. One that is a single {{…}} is a path that the
// service gave, and is not escaped.
func (c *compiler) pathTemplate(t Text, v *vocabulary, key string) (*template, bool) {
	if plain, err := parseTemplate(t, asText); err == nil && plain.single {
		return c.template(t, asText, v, key), true
	}
	return c.template(t, asPath, v, key), false
}

// named compiles named templates.
func (c *compiler) named(fields Fields, as escaping, v *vocabulary, key string) []namedTemplate {
	var out []namedTemplate
	for _, f := range fields {
		at := key + "." + f.Name
		t, err := f.text()
		if err != nil {
			c.problem(posOf(f.Node), at, "expected a text for %s, found %s", f.Name, found(f.Node))
			continue
		}
		out = append(out, namedTemplate{f.Name, c.template(t, as, v, at)})
	}
	return out
}

// outcomes are the words for what an answer stands for.
var outcomes = []string{string(models.OK), string(models.Denied), string(models.Missing), string(models.Invalid),
	string(models.Conflict), string(models.Unavailable), string(models.Unknown)}

func (c *compiler) outcome(o *Outcome, key string) outcomeRule {
	r := outcomeRule{is: models.Outcome(o.Is.Value), when: c.query(o.When, key+".when")}
	at := o.Is.Pos
	if !at.Known() {
		at = o.pos
	}
	if !slices.Contains(outcomes, o.Is.Value) {
		c.problem(at, key+".is", "unknown outcome %q%s; expected %s", o.Is.Value, perhaps(o.Is.Value, outcomes), either(outcomes...))
	}
	if len(o.Status) == 0 && !o.When.Given() {
		c.problem(o.pos, key, "the outcome has neither status nor when; expected one of them")
	}
	for _, t := range o.Status {
		n, err := strconv.Atoi(t.Value)
		if err != nil || n < 100 || n > 599 {
			c.problem(t.Pos, key+".status", "expected an HTTP status code from 100 to 599, found %q", t.Value)
		}
		r.statuses = append(r.statuses, n)
	}
	return r
}

// The defaults of polling.
const (
	pollEvery  = 200 * time.Millisecond
	pollWithin = 10 * time.Second
)

// polling compiles a poll. Where nothing else is said, it ends when the answer is
// another than 202 (RFC 9110 section 15.3.3).
func (c *compiler) polling(p *Poll, key string) *poll {
	if p == nil {
		return nil
	}
	out := &poll{every: pollEvery, within: pollWithin}
	until := p.Until
	if !until.Given() {
		until = Text{"$status != 202", c.spec.Where(key)}
	}
	out.until = c.query(until, key+".until")
	if p.Every.Value > 0 {
		out.every = p.Every.Value
	}
	if p.Within.Value > 0 {
		out.within = p.Within.Value
	}
	return out
}

// templates are all that the request consists of.
func (r *request) templates() []*template {
	out := []*template{r.condition, r.path, r.url}
	for _, n := range slices.Concat(r.query, r.headers) {
		out = append(out, n.value)
	}
	if r.body != nil {
		out = append(out, r.body.templates()...)
	}
	return slices.DeleteFunc(out, func(t *template) bool { return t == nil })
}

// names reports whether a template names something.
func (r *request) names(what ref) bool {
	return slices.ContainsFunc(r.templates(), func(t *template) bool { return slices.Contains(t.refs, what) })
}

// namesRole reports whether a template names something of a role.
func (r *request) namesRole(role string) bool {
	return slices.ContainsFunc(r.templates(), func(t *template) bool {
		return slices.ContainsFunc(t.refs, func(r ref) bool { return r.role == role })
	})
}
