package mapping

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/telehealth-conformance/crosstalk/models"
)

// capture takes what an answer gives for later requests. Where something that
// they need is not there, the answer is in doubt.
func (w *World) capture(ctx context.Context, a *reply, s *bindings) {
	if a.Outcome != models.OK {
		return
	}
	for i := range a.request.captures {
		c := &a.request.captures[i]
		v, err := c.take(ctx, a)
		if err == nil && v != nil && v != "" {
			s.staged[c.name] = v
			w.keepCaptured(c, s, v)
			continue
		}
		if !w.target.mapping.needs(c.name, s) {
			continue
		}
		why := c.instead(a)
		if err != nil {
			why = err.Error()
		}
		w.doubt(a, c.key, fmt.Sprintf("capture %s (%s) found nothing: %s", c.name, w.target.mapping.at(c.pos), why))
		return
	}
}

// needs reports whether a later request needs a capture of this operation.
func (m *Mapping) needs(name string, s *bindings) bool {
	if s.op == nil {
		return m.needed[ref{roleOperator, name}]
	}
	bound := roleActor
	if o := m.operations[s.op.Kind()]; o != nil {
		bound = o.form.bound
	}
	return m.needed[ref{bound, name}]
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
		var err error
		if v, err = c.read(ctx, a); err != nil {
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

// read is what the jq expression gives. An answer without a body is null to it,
// so that an expression can say what no body does.
func (c *capture) read(ctx context.Context, a *reply) (any, error) {
	body, wrong := a.body()
	if wrong != nil && len(a.Body) > 0 {
		return nil, wrong
	}
	v, err := c.jq.one(ctx, body, a.Status)
	if v == nil && wrong != nil {
		err = wrong
	}
	return v, err
}

// capture takes a value from an answer, for later requests.
type capture struct {
	name   string
	pos    Pos
	key    string
	jq     *query
	header string
	cookie string
	match  *regexp.Regexp
	secret bool
}

// identifier matches the names that templates can write.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (c *compiler) captures(s *Step, key string, o *operation) []capture {
	var out []capture
	for _, f := range s.Capture {
		at := key + ".capture." + f.Name
		if !identifier.MatchString(f.Name) || f.Name == "handle" {
			c.problem(f.Pos, at, "%q cannot be named in a template; expected another name, of letters, digits and _", f.Name)
		}
		if o != nil && models.CredentialsFor(o.kind) == models.OperatorCredentials {
			c.problem(f.Pos, at, "replays has nobody to capture for; expected no capture")
		}
		out = append(out, c.capture(f, at))
	}
	return out
}

// capture compiles one capture: a jq expression, or a mapping with one source.
func (c *compiler) capture(f Field, key string) capture {
	out := capture{name: f.Name, key: key, pos: c.spec.Where(key)}
	if t, err := f.text(); err == nil {
		out.jq = c.query(t, key)
		return out
	}
	var long struct {
		JQ     Text `yaml:"jq"`
		Header Text `yaml:"header"`
		Cookie Text `yaml:"cookie"`
		Match  Text `yaml:"match"`
	}
	if err := f.Node.Decode(&long); err != nil {
		c.problem(out.pos, key, "expected a jq expression, or a mapping with header, cookie or jq")
		return out
	}
	sources := 0
	for _, t := range []Text{long.JQ, long.Header, long.Cookie} {
		if t.Given() {
			sources++
		}
	}
	if sources != 1 {
		c.problem(out.pos, key, "capture %s has %d sources; expected one of header, cookie and jq", f.Name, sources)
	}
	out.jq, out.header, out.cookie = c.query(long.JQ, key+".jq"), long.Header.Value, long.Cookie.Value
	out.match = c.match(long.Match, key+".match")
	return out
}

// match compiles a regular expression with a group.
func (c *compiler) match(t Text, key string) *regexp.Regexp {
	if !t.Given() {
		return nil
	}
	m, err := regexp.Compile(t.Value)
	if err != nil {
		c.problem(t.Pos, key, "the regular expression %q cannot be read: %v", t.Value, err)
		return nil
	}
	if m.NumSubexp() < 1 {
		c.problem(t.Pos, key, "the regular expression %q has no group; expected parentheses around what is captured", t.Value)
		return nil
	}
	return m
}
