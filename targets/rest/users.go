package rest

import (
	"context"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// user is somebody whom the service has registered.
type user struct {
	id            string
	naming.Person        // as which they registered
	authorization string // the token last issued, revoked or not
}

const jsonType = "application/json"

// caller is the Authorization header of who acts, which is empty for anyone, and
// reports whether the service has registered them.
func (w *World) caller(h models.Handle) (authorization string, ok bool) {
	if h == models.Anyone {
		return "", true
	}
	u := w.users[h]
	if u == nil {
		return "", false
	}
	return u.authorization, true
}

func (w *World) patient(ctx context.Context, op models.Patient) (models.Response, error) {
	p, ok := naming.PatientOf(w.namespace, op, time.Now(), w.known)
	if !ok {
		return unbound()
	}
	body := NewPatient{
		Name: p.Name, Email: p.Email, Password: p.Password, BirthDate: openapi.Date{Time: p.BirthDate}, Plan: Nhs,
	}
	if op.Plan != "" {
		body.Plan = Plan(op.Plan)
	}
	if op.Plan == models.PlanBupa {
		body.MemberNumber = naming.MemberNumber(w.namespace, op.Name)
	}
	return w.register(ctx, op.Name, p, request{route: createPatient(), body: asJSON(body)})
}

// known is what a user says of themselves, and whether the service has registered
// them.
func (w *World) known(h models.Handle) (naming.Person, bool) {
	if u := w.users[h]; u != nil {
		return u.Person, true
	}
	return naming.Person{}, false
}

func (w *World) clinician(ctx context.Context, op models.Clinician) (models.Response, error) {
	p := naming.PersonOf(w.namespace, op.Name)
	body := NewPractitioner{Name: p.Name, Email: p.Email, Password: p.Password}
	return w.register(ctx, op.Name, p, request{route: createPractitioner(), authorization: w.target.operator, body: asJSON(body)})
}

// register sends a registration and learns who was registered.
func (w *World) register(ctx context.Context, name models.Handle, p naming.Person, r request) (models.Response, error) {
	r.contentType = jsonType
	a, err := w.send(ctx, r)
	if err != nil {
		return models.Response{}, err
	}
	if c, ok := a.credentials(); ok {
		w.users[name] = &user{id: c.Id, Person: p, authorization: w.hold(c.Token)}
		if _, known := w.handles[c.Id]; !known {
			w.handles[c.Id] = name
		}
	}
	return a.Response(), nil
}

// hold is the Authorization header with a token, which the world keeps secret.
func (w *World) hold(token string) string {
	w.session.Keep(targets.Secret{Value: token, Place: targets.Place{In: targets.InBody, Name: "token"}})
	return bearer(token)
}

// credentials reads the answer to a registration or a login.
func (a *answer) credentials() (c Credentials, ok bool) {
	if !a.Decode(&c) {
		return c, false
	}
	if c.Id == "" || c.Token == "" {
		a.Lacks("id or token")
		return c, false
	}
	return c, true
}

// login replaces the user's token by a new one.
func (w *World) login(ctx context.Context, op models.Login) (models.Response, error) {
	u := w.users[op.User]
	if u == nil {
		return unbound()
	}
	a, err := w.send(ctx, request{route: createSession(), contentType: jsonType,
		body: asJSON(NewSession{Email: u.Email, Password: u.Password})})
	if err != nil {
		return models.Response{}, err
	}
	if c, ok := a.credentials(); ok {
		u.authorization = w.hold(c.Token)
	}
	return a.Response(), nil
}

// logout revokes the user's token, which they keep using.
func (w *World) logout(ctx context.Context, op models.Logout) (models.Response, error) {
	return w.tellAs(ctx, op.User, deleteCurrentSession())
}
