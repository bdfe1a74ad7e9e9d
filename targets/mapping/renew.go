package mapping

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Renew says how a user whose token has expired logs in again. Operation is login or
// none, and goes without Request.
type Renew struct {
	On        Statuses `yaml:"on"`
	Match     Text     `yaml:"match"`
	Operation Text     `yaml:"operation"`
	Request   *Step    `yaml:"request"`

	given bool
}

// UnmarshalYAML reads the section and notes that it is there.
func (r *Renew) UnmarshalYAML(n *yaml.Node) error {
	type plain Renew
	if n.Kind != yaml.MappingNode {
		return expected(n, "a mapping like {on: 401, match: expired, operation: login}")
	}
	r.given = true
	return n.Decode((*plain)(r))
}

// renewNone turns renewing off.
const renewNone = "none"

// renewal is how a token is renewed: by an operation or by a request.
type renewal struct {
	statuses  []int  // none where the file does not say
	match     []byte // in small letters; empty for any answer
	operation *operation
	request   *request
}

// renewing compiles how tokens are renewed, nil where they are not: by login, if that
// gives something that requests carry, unless the file says otherwise.
func (c *compiler) renewing() *renewal {
	s := &c.spec.Auth.Renew
	out := &renewal{statuses: c.renewedOn(s), match: bytes.ToLower([]byte(s.Match.Value)), operation: c.operations[models.KindLogin]}
	switch {
	case s.Request != nil && s.Operation.Given():
		c.problem(s.Operation.Pos, "auth.renew.operation", "found operation and request; expected one of the two")
	case s.Request != nil:
		out.operation = nil
		v := &vocabulary{roles: map[string][]string{roleActor: c.names(roleActor)}, top: []string{"request_id", "world"}}
		out.request = c.request(s.Request, nil, v, "auth.renew.request")
		if out.request.as == asOperator {
			c.problem(s.Request.As.Pos, "auth.renew.request.as", "a user's token is renewed by the user; expected actor or anyone")
		}
		return out
	case s.Operation.Value == renewNone:
		return nil
	case s.Operation.Given() && s.Operation.Value != string(models.KindLogin):
		c.problem(s.Operation.Pos, "auth.renew.operation", "unknown operation %q; expected login or none", s.Operation.Value)
	case s.given && c.forms[models.KindLogin] == nil:
		c.problem(c.spec.Where("auth.renew"), "auth.renew", "nothing says how to log in again; expected operations.login, or auth.renew.request")
	case out.operation == nil || !s.given && !c.loginGives():
		return nil
	}
	return out
}

// renewedOn are the statuses by which an expired token is told.
func (c *compiler) renewedOn(s *Renew) []int {
	var out []int
	for _, t := range s.On {
		n, err := strconv.Atoi(t.Value)
		if err != nil || n < 100 || n > 599 {
			c.problem(t.Pos, "auth.renew.on", "expected an HTTP status code from 100 to 599, found %q", t.Value)
		}
		if n >= 200 && n < 300 && !s.Match.Given() {
			c.problem(t.Pos, "auth.renew.on", "%d is also what succeeds; expected match besides, a text that only an expired token is answered with", n)
		}
		out = append(out, n)
	}
	return out
}

// loginGives reports whether logging in gives something that requests of users carry.
func (c *compiler) loginGives() bool {
	if c.user == nil {
		return false
	}
	return c.user.kept || slices.ContainsFunc(c.user.templates(), func(t *template) bool {
		return slices.ContainsFunc(t.refs, func(r ref) bool { return r.role == roleActor && c.capturedBy(models.KindLogin, r) })
	})
}

// tells reports whether an answer says that a token has expired.
// Where the file does not say by which status, that is 401, or a denial in such words.
func (r *renewal) tells(a *reply) bool {
	told := slices.Contains(r.statuses, a.Status)
	if len(r.statuses) == 0 {
		said := models.Response{Outcome: a.Outcome, Status: a.Status, Reason: a.Reason}
		told = a.Status == http.StatusUnauthorized || said.Unauthenticated()
	}
	return told && bytes.Contains(bytes.ToLower(a.Body), r.match)
}

// expired is the user as whom a request was made and whose token is to be renewed
// after an answer, or nil. Whoever has logged out, or may have, keeps the token that
// they had: whether it is still good is what is tried.
func (w *World) expired(r *request, s *bindings, a *reply) *user {
	how := w.target.mapping.renewal
	if how == nil || w.renewing || !w.ownOrigin(a.url) || !how.tells(a) || w.target.mapping.user == nil {
		return nil
	}
	if r.as == asAnyone || r.as == asOperator || r.as == asActor && (s.op == nil || s.op.Actor() == models.Anyone) {
		return nil
	}
	if u := s.caller(r.as); u != nil && u.loggedIn {
		return u
	}
	return nil
}

// renew logs a user in again, and reports whether that was successful.
func (w *World) renew(ctx context.Context, u *user, step int) (bool, error) {
	w.renewing = true
	defer func() { w.renewing = false }()
	how, call := w.target.mapping.renewal, models.Call{Step: step, Op: models.Login{ByUser: models.ByUser{User: u.handle}}}
	s := &bindings{world: w, op: call.Op, step: step, staged: map[string]any{}, actor: u, bound: &u.thing, jar: w.target.mapping.user.newJar()}
	outcome, err := models.Unbound, error(nil)
	if how.operation != nil {
		outcome, err = w.loginAgain(ctx, how.operation, call, &s)
	} else if a, asked := w.ask(ctx, how.request, s); asked != nil {
		err = asked
	} else {
		outcome = a.Outcome
	}
	if err != nil || outcome != models.OK || !s.jar.holds() && !s.gives() {
		return false, unlessMissing(err)
	}
	maps.Copy(u.values, s.staged)
	w.indexUser(u)
	if s.jar.holds() {
		u.jar = s.jar
	}
	return true, nil
}

// loginAgain performs the operation by which users log in, with bindings of its own.
func (w *World) loginAgain(ctx context.Context, o *operation, call models.Call, s **bindings) (models.Outcome, error) {
	own, ok := w.bindings(call, o)
	if !ok {
		return models.Unbound, nil
	}
	*s = own
	r, err := w.run(ctx, o, own)
	return r.Outcome, err
}

// gives reports whether anything was captured that is not known already.
func (s *bindings) gives() bool {
	for name, v := range s.staged {
		if textOf(v) != textOf(s.actor.values[name]) {
			return true
		}
	}
	return false
}

// unlessMissing is an error, unless it says that something was not there that a
// request needs: then nothing is renewed.
func unlessMissing(err error) error {
	if _, missing := errors.AsType[noValue](err); missing {
		return nil
	}
	return err
}

// renewed logs a user in again and notes it.
func (w *World) renewed(ctx context.Context, u *user, s *bindings, a *reply) (bool, error) {
	before := len(w.notes)
	done, err := w.renew(ctx, u, s.step)
	if err != nil {
		return false, fmt.Errorf("log %s in again: %w", u.handle, err)
	}
	if done {
		w.notes = w.notes[:before]
		w.renewals++
		return true, nil
	}
	w.note(Note{Pos: w.target.mapping.spec.Where("auth.renew"), Key: "auth.renew", Status: a.Status,
		Text: "the token of " + string(u.handle) + " seems to have expired, and logging in again was not successful"})
	return false, nil
}

// keepsToken says whether a user holds a token after an operation by which it is
// given or given up.
func (u *user) keepsToken(k models.Kind, o models.Outcome) {
	switch {
	case u == nil:
	case (models.Registers(k) || k == models.KindLogin) && o == models.OK:
		u.loggedIn = true
	case (k == models.KindLogout || k == models.KindClose) && !o.Refused() && o != models.Unbound:
		u.loggedIn = false
	}
}
