package mapping

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// credentials are what requests as somebody carry, ready to be filled in.
type credentials struct {
	key                string // in the file
	operator           bool   // they are the operator's
	pos                Pos
	bearer             *template
	username, password *template
	cookies            []namedTemplate
	kept               bool
	headers            []namedTemplate
	oauth2             *clientcredentials.Config
	login              *request
}

// auth compiles the credentials of users and of the operator.
func (c *compiler) auth() {
	a := &c.spec.Auth
	user := &vocabulary{roles: map[string][]string{roleActor: c.names(roleActor)}, top: []string{"request_id", "world"}}
	c.user = c.credentials(&a.User, user, "auth.user")
	if a.User.OAuth2 != nil {
		c.problem(c.spec.Where("auth.user.oauth2"), "auth.user.oauth2", "oauth2 is for the operator; expected bearer, cookies, basic or headers")
	}
	if a.User.Login != nil {
		c.problem(c.spec.Where("auth.user.login"), "auth.user.login", "login is for the operator; expected operations.login")
	}
	operator := &vocabulary{roles: map[string][]string{roleOperator: c.names(roleOperator)}, top: []string{"request_id", "world"}}
	c.operator = c.credentials(&a.Operator, operator, "auth.operator")
	if c.operator != nil {
		c.operator.operator = true
	}
	if a.Operator.Cookies.Kept && a.Operator.Login == nil {
		c.problem(c.spec.Where("auth.operator.cookies"), "auth.operator.cookies", "the operator's cookies are those of a login; expected auth.operator.login")
	}
	if c.operator == nil {
		return
	}
	if a.Operator.Login != nil {
		none := &vocabulary{roles: map[string][]string{}, top: []string{"request_id", "world"}}
		c.operator.login = c.request(a.Operator.Login, nil, none, "auth.operator.login")
	}
	if a.Operator.OAuth2 != nil {
		c.operator.oauth2 = c.clientCredentials(a.Operator.OAuth2)
	}
}

// credentials compiles what the file says of somebody's requests, nil for
// nothing.
func (c *compiler) credentials(s *Credentials, v *vocabulary, key string) *credentials {
	if !s.given {
		return nil
	}
	out := &credentials{key: key, pos: c.spec.Where(key), kept: s.Cookies.Kept,
		cookies: c.named(s.Cookies.Fields, asText, v, key+".cookies"), headers: c.named(s.Headers, asText, v, key+".headers")}
	var authorizations []string
	if s.Bearer.Given() {
		authorizations = append(authorizations, "bearer")
		out.bearer = c.template(s.Bearer, asText, v, key+".bearer")
	}
	if s.Basic != nil {
		authorizations = append(authorizations, "basic")
		out.username = c.template(s.Basic.Username, asText, v, key+".basic.username")
		out.password = c.template(s.Basic.Password, asText, v, key+".basic.password")
	}
	if s.OAuth2 != nil {
		authorizations = append(authorizations, "oauth2")
	}
	if len(authorizations) > 1 {
		c.problem(c.spec.Where(key+"."+authorizations[1]), key, "found %s; expected one, for a request has one Authorization header",
			strings.Join(authorizations, " and "))
	}
	if len(authorizations) == 0 && !out.kept && len(out.cookies) == 0 && len(out.headers) == 0 {
		c.problem(out.pos, key, "%s says nothing; expected bearer, cookies, basic or headers", key)
	}
	return out
}

func (c *compiler) clientCredentials(o *OAuth2) *clientcredentials.Config {
	for _, t := range []struct {
		Text
		name string
	}{{o.TokenURL, "token_url"}, {o.ClientID, "client_id"}, {o.ClientSecret, "client_secret"}} {
		if t.Value == "" {
			c.problem(c.spec.Where("auth.operator.oauth2"), "auth.operator.oauth2."+t.name, "oauth2 has no %s; expected token_url, client_id and client_secret", t.name)
		}
	}
	out := &clientcredentials.Config{ClientID: o.ClientID.Value, ClientSecret: o.ClientSecret.Value, TokenURL: o.TokenURL.Value}
	for _, s := range o.Scopes {
		out.Scopes = append(out.Scopes, s.Value)
	}
	return out
}

// templates are those that are filled in for each request.
func (c *credentials) templates() []*template {
	out := []*template{c.bearer, c.username, c.password}
	for _, n := range slices.Concat(c.cookies, c.headers) {
		out = append(out, n.value)
	}
	return slices.DeleteFunc(out, func(t *template) bool { return t == nil })
}

// put writes the credentials into a request. What they say is a secret.
func (c *credentials) put(r *exchange.Request, s *bindings, kept *jar) error {
	if err := c.putAuthorization(r, s); err != nil {
		return err
	}
	if err := c.putCookies(r, s, kept); err != nil {
		return err
	}
	for _, h := range c.headers {
		text, err := h.value.render(s)
		if err != nil {
			return err
		}
		if !negotiates(targets.InHeader, h.name) {
			c.secret(s, text, h.name, targets.Place{In: targets.InHeader, Name: h.name})
		}
		setHeader(r, h.name, text)
	}
	return nil
}

// putAuthorization writes the Authorization header.
func (c *credentials) putAuthorization(r *exchange.Request, s *bindings) error {
	switch {
	case c.bearer != nil:
		token, err := c.bearer.render(s)
		if err != nil {
			return err
		}
		c.secret(s, token, "TOKEN", targets.Place{In: targets.InHeader, Name: "Authorization"})
		r.Authorization = "Bearer " + token
	case c.username != nil:
		name, err := c.username.render(s)
		if err != nil {
			return err
		}
		password, err := c.password.render(s)
		if err != nil {
			return err
		}
		c.secret(s, password, "PASSWORD", targets.Place{})
		r.Authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
	}
	return nil
}

// putCookies writes the Cookie header: the cookies that are kept, and those of the
// file.
func (c *credentials) putCookies(r *exchange.Request, s *bindings, kept *jar) error {
	var all []string
	for _, cookie := range kept.carried(r.URL) {
		c.secret(s, cookie.Value, "COOKIE_"+cookie.Name, targets.Place{In: targets.InCookie, Name: cookie.Name})
		all = append(all, cookieText(cookie))
	}
	for _, cookie := range c.cookies {
		text, err := cookie.value.render(s)
		if err != nil {
			return err
		}
		c.secret(s, text, "COOKIE_"+cookie.name, targets.Place{In: targets.InCookie, Name: cookie.name})
		all = append(all, cookie.name+"="+text)
	}
	if len(all) > 0 {
		setHeader(r, "Cookie", strings.Join(all, "; "))
	}
	return nil
}

func setHeader(r *exchange.Request, name, value string) {
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set(name, value)
}

// operatorSession is what the operator got by logging in. All worlds of a target
// share it.
type operatorSession struct {
	mu     sync.Mutex
	begun  bool
	login  login
	values map[string]any
	tokens oauth2.TokenSource
}

// login is one login of the operator's, by its number, and the cookies since.
type login struct {
	generation int
	jar        *jar
}

// errLogin is wrapped where the operator cannot log in.
var errLogin = errors.New("the operator's login failed")

// logOperatorIn logs the operator in where that has not been done, and lets
// templates name what that gave.
func (w *World) logOperatorIn(ctx context.Context, s *bindings) error {
	o, c := &w.target.operator, w.target.mapping.operator
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.begun {
		if err := w.beginOperator(ctx, o, c, s); err != nil {
			return err
		}
	}
	s.operator = maps.Clone(o.values)
	return nil
}

// asOperator writes the operator's credentials into a request. It returns the login
// that they are of.
func (w *World) asOperator(ctx context.Context, r *exchange.Request, s *bindings) (login, error) {
	if err := w.logOperatorIn(ctx, s); err != nil {
		return login{}, err
	}
	o, c := &w.target.operator, w.target.mapping.operator
	o.mu.Lock()
	defer o.mu.Unlock()
	if c.oauth2 != nil {
		token, err := o.tokens.Token()
		if err != nil {
			w.note(Note{Pos: w.target.mapping.spec.Where("auth.operator.oauth2"), Key: "auth.operator.oauth2", Text: "no token: " + firstLine(err.Error())})
			return o.login, fmt.Errorf("%w: %s", errLogin, firstLine(err.Error()))
		}
		w.tellTokens(token)
		r.Authorization = "Bearer " + token.AccessToken
	}
	return o.login, c.put(r, s, o.login.jar)
}

// tellTokens notes what a token server gave.
func (w *World) tellTokens(token *oauth2.Token) {
	at := targets.Place{In: targets.InHeader, Name: "Authorization"}
	w.target.told(targets.Secret{Value: token.AccessToken, Name: operatorPrefix + "TOKEN", Place: at})
	w.target.told(targets.Secret{Value: token.RefreshToken, Name: operatorPrefix + "REFRESH_TOKEN"})
}

// beginOperator logs the operator in.
func (w *World) beginOperator(ctx context.Context, o *operatorSession, c *credentials, s *bindings) error {
	o.values, o.login.jar = map[string]any{}, c.newJar()
	if c.oauth2 != nil {
		client := &http.Client{Transport: w.target.Transport, Timeout: w.target.timeout, CheckRedirect: stay}
		o.tokens = c.oauth2.TokenSource(context.WithValue(context.WithoutCancel(ctx), oauth2.HTTPClient, client))
	}
	if c.login != nil {
		as := &bindings{world: w, op: s.op, step: s.step, staged: map[string]any{}, jar: o.login.jar, logsIn: true}
		a, err := w.ask(ctx, c.login, as)
		if err != nil {
			return err
		}
		if a.Outcome != models.OK {
			w.note(Note{Pos: c.login.pos, Key: c.login.key, Status: a.Status, Text: "the operator's login was not successful"})
			return fmt.Errorf("%w: %s", errLogin, orWord(a.Detail, string(a.Outcome)))
		}
		maps.Copy(o.values, as.staged)
	}
	o.begun = true
	o.login.generation++
	return nil
}

// stay follows redirects within the origin to which credentials are sent.
func stay(to *http.Request, before []*http.Request) error {
	if len(before) > maxRedirects || !sameOrigin(to.URL, before[0].URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// renewOperator forgets a login that the service no longer takes. It reports
// whether there is another to be had.
func (w *World) renewOperator(generation int) bool {
	o, c := &w.target.operator, w.target.mapping.operator
	if c.login == nil && c.oauth2 == nil {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.login.generation == generation {
		o.begun = false
	}
	return true
}

func orWord(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
