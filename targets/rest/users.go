package rest

import (
	"context"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/telehealth-conformance/crosstalk/models"
)

// user is somebody whom the service has registered.
type user struct {
	id            string
	email         string
	authorization string // the token last issued, revoked or not
}

// password is that of every user. It protects nothing: whoever is registered
// here is made up.
const password = "only-for-conformance-tests"

const jsonType = "application/json"

// email is unique on the service, because the namespace is.
func (w *World) email(h models.Handle) Email {
	return string(h) + "." + string(w.namespace) + "@crosstalk.example"
}

func (w *World) personName(h models.Handle) PersonName { return string(h) + " " + string(w.namespace) }

func (w *World) patient(ctx context.Context, op models.Patient) (models.Response, error) {
	body := NewPatient{
		Name: w.personName(op.Name), Email: w.email(op.Name), Password: password,
		BirthDate: openapi.Date{Time: birthDate(time.Now(), op.Years())}, Plan: Nhs,
	}
	if op.Plan != "" {
		body.Plan = Plan(op.Plan)
	}
	if op.Plan == models.PlanBupa {
		body.MemberNumber = w.memberNumber(op.Name)
	}
	return w.register(ctx, op.Name, request{route: createPatient(), body: asJSON(body)})
}

// birthDate is that of somebody who has turned so many years old yesterday.
func birthDate(now time.Time, years int) time.Time { return now.UTC().AddDate(-years, 0, -1) }

// memberNumber is unique in the world; the document allows 32 characters.
func (w *World) memberNumber(h models.Handle) string {
	n := string(w.namespace) + "-" + string(h)
	return n[:min(len(n), 32)]
}

func (w *World) clinician(ctx context.Context, op models.Clinician) (models.Response, error) {
	body := NewPractitioner{Name: w.personName(op.Name), Email: w.email(op.Name), Password: password}
	return w.register(ctx, op.Name, request{route: createPractitioner(), authorization: w.target.operator, body: asJSON(body)})
}

// register sends a registration and learns who was registered.
func (w *World) register(ctx context.Context, name models.Handle, r request) (models.Response, error) {
	r.contentType = jsonType
	a, err := w.send(ctx, r)
	if err != nil {
		return models.Response{}, err
	}
	if c, ok := a.credentials(); ok {
		w.users[name] = &user{id: c.Id, email: w.email(name), authorization: bearer(c.Token)}
		if _, known := w.handles[c.Id]; !known {
			w.handles[c.Id] = name
		}
	}
	return a.response(), nil
}

// credentials reads the answer to a registration or a login.
func (a *answer) credentials() (c Credentials, ok bool) {
	if !a.decode(&c) {
		return c, false
	}
	if c.Id == "" || c.Token == "" {
		a.lacks("id or token")
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
		body: asJSON(NewSession{Email: u.email, Password: password})})
	if err != nil {
		return models.Response{}, err
	}
	if c, ok := a.credentials(); ok {
		u.authorization = bearer(c.Token)
	}
	return a.response(), nil
}

// logout revokes the user's token, which he keeps using.
func (w *World) logout(ctx context.Context, op models.Logout) (models.Response, error) {
	u := w.users[op.User]
	if u == nil {
		return unbound()
	}
	a, err := w.send(ctx, request{route: deleteCurrentSession(), authorization: u.authorization})
	if err != nil {
		return models.Response{}, err
	}
	return a.response(), nil
}
