package mapping

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Secrets are secrets that were given, which have their own names, and those that
// the section auth has besides. Of a text with a known secret in it the rest is
// none, but credentials in base64 are one whole.
func (a *Auth) Secrets(given ...targets.Secret) []targets.Secret {
	var known secret.Net
	known.Add(given...)
	for _, one := range a.written() {
		whole := strings.HasSuffix(one.Name, "BASIC")
		if whole || known.Text(one.Value) == one.Value {
			known.Add(one)
		}
	}
	return known.Secrets()
}

// written are the values of the section that are written there, as they are sent.
// They are named after their places: CROSSTALK_OPERATOR_X_API_KEY is the operator's
// header X-Api-Key.
func (a *Auth) written() []targets.Secret {
	operator := &gatherer{prefix: operatorPrefix}
	operator.credentials(&a.Operator)
	if o := a.Operator.OAuth2; o != nil {
		operator.add(o.ClientID, "CLIENT_ID", targets.Place{In: targets.InBody, Name: "client_id"})
		operator.add(o.ClientSecret, "CLIENT_SECRET", targets.Place{In: targets.InBody, Name: "client_secret"})
		operator.pair(url.QueryEscape(o.ClientID.Value), url.QueryEscape(o.ClientSecret.Value), "CLIENT_BASIC")
	}
	if s := a.Operator.Login; s != nil {
		operator.login(s)
	}
	user := &gatherer{prefix: "CROSSTALK_USER_"}
	user.credentials(&a.User)
	if s := a.Renew.Request; s != nil {
		user.login(s)
	}
	return slices.Concat(operator.all, user.all)
}

// operatorPrefix begins the names of the operator's secrets.
const operatorPrefix = "CROSSTALK_OPERATOR_"

// gatherer collects secrets of somebody.
type gatherer struct {
	prefix string
	all    []targets.Secret
}

// add takes up a text of the file. What is in a template is known by itself.
func (g *gatherer) add(t Text, name string, at targets.Place) {
	if t.Value != "" && !strings.Contains(t.Value, "{{") {
		g.all = append(g.all, targets.Secret{Value: t.Value, Name: g.prefix + nameOf(name), Place: at})
	}
}

// credentials takes up what requests carry.
func (g *gatherer) credentials(c *Credentials) {
	authorization := targets.Place{In: targets.InHeader, Name: "Authorization"}
	g.add(c.Bearer, "TOKEN", authorization)
	if c.Basic != nil {
		g.add(c.Basic.Username, "USERNAME", targets.Place{})
		g.add(c.Basic.Password, "PASSWORD", targets.Place{})
		if !strings.Contains(c.Basic.Username.Value+c.Basic.Password.Value, "{{") {
			g.pair(c.Basic.Username.Value, c.Basic.Password.Value, "BASIC")
		}
	}
	g.fields(c.Cookies.Fields, "COOKIE_", targets.InCookie)
	g.fields(c.Headers, "", targets.InHeader)
}

// pair takes up credentials as the scheme Basic writes them.
func (g *gatherer) pair(name, password, as string) {
	text := base64.StdEncoding.EncodeToString([]byte(name + ":" + password))
	g.add(Text{Value: text}, as, targets.Place{In: targets.InHeader, Name: "Authorization"})
}

func (g *gatherer) fields(all Fields, before, in string) {
	for _, f := range all {
		if t, err := f.text(); err == nil && !negotiates(in, f.Name) {
			g.add(t, before+f.Name, targets.Place{In: in, Name: f.Name})
		}
	}
}

// negotiates reports whether a header says what can be understood, and not who
// asks.
func negotiates(in, name string) bool {
	return in == targets.InHeader && slices.Contains([]string{"Accept", "Accept-Language", "Content-Type", "Origin", "Referer", "User-Agent"},
		http.CanonicalHeaderKey(name))
}

// login takes up what the operator logs in with.
func (g *gatherer) login(s *Step) {
	g.fields(s.Query, "LOGIN_", targets.InQuery)
	g.fields(s.Headers, "LOGIN_", targets.InHeader)
	g.fields(s.Form, "LOGIN_", targets.InBody)
	g.fields(s.Multipart, "LOGIN_", targets.InBody)
	g.node(&s.JSON, "", 0)
	g.add(s.Raw, "LOGIN", targets.Place{})
}

// node takes up the texts of a JSON body.
func (g *gatherer) node(n *yaml.Node, name string, depth int) {
	n = resolve(n)
	if n == nil || depth > maxDepth {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		for _, p := range pairs(n) {
			g.node(p.value, p.key.Value, depth+1)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			g.node(item, name, depth+1)
		}
	case yaml.ScalarNode:
		if n.Tag == "!!str" || n.Tag == "!!int" {
			g.add(Text{Value: n.Value}, "LOGIN_"+name, targets.Place{In: targets.InBody, Name: name})
		}
	}
}

// nameOf is a name as one of the environment has it.
func nameOf(words string) string {
	return strings.ToUpper(strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return '_'
	}, words))
}

// told notes a secret that the operator was told, for all worlds.
func (t *Target) told(one targets.Secret) {
	if one.Value == "" || t.Known.Has(one.Value) {
		return
	}
	t.Known.Add(one)
	if t.learn != nil {
		t.learn(one)
	}
}

// secret notes what credentials have put into a request. What is made with a known
// secret is none itself.
func (c *credentials) secret(s *bindings, value, name string, at targets.Place) {
	if s.world == nil || value == "" || s.world.target.Known.Text(value) != value {
		return
	}
	if c.operator {
		s.world.target.told(targets.Secret{Value: value, Name: operatorPrefix + nameOf(name), Place: at})
		return
	}
	if s.world.session.Conceal(value) == value {
		s.world.session.Keep(targets.Secret{Value: value, Place: at})
	}
}

// markSecrets marks the captures that are secrets: those that credentials are made
// of, cookies, what is named like one, and all that the operator's login gives.
func (c *compiler) markSecrets() {
	carried := make(map[ref]bool)
	for _, who := range []*credentials{c.user, c.operator} {
		if who == nil {
			continue
		}
		for _, t := range who.templates() {
			for _, r := range t.refs {
				carried[r] = true
			}
		}
	}
	for _, o := range c.operations {
		for _, step := range o.steps {
			step.markSecrets(carried, o.form.bound)
		}
	}
	if c.renewal != nil && c.renewal.request != nil {
		c.renewal.request.markSecrets(carried, roleActor)
	}
}

// markSecrets marks the captures of a request that are secrets, bound to a role.
func (r *request) markSecrets(carried map[ref]bool, bound string) {
	for i := range r.captures {
		one := &r.captures[i]
		one.secret = carried[ref{bound, one.name}] || one.cookie != "" || exchange.SecretName(one.name)
	}
}

// keepCaptured notes a captured value that is a secret, or a URL with a signature.
func (w *World) keepCaptured(c *capture, s *bindings, v any) {
	text, isText := v.(string)
	switch {
	case s.logsIn:
		w.target.told(targets.Secret{Value: textOf(v), Name: operatorPrefix + nameOf(c.name)})
	case c.secret:
		w.session.Keep(targets.Secret{Value: textOf(v), Place: c.place()})
	case isText && strings.Contains(text, "?"):
		w.session.KeepSigned(text)
	}
}

// place is where a capture stands in the answer, as far as it is known.
func (c *capture) place() targets.Place {
	switch {
	case c.cookie != "":
		return targets.Place{In: targets.InCookie, Name: c.cookie}
	case c.header != "":
		return targets.Place{In: targets.InHeader, Name: c.header}
	}
	return targets.Place{In: targets.InBody, Name: c.name}
}
