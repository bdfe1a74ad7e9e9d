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
	person               // as which he registered
	authorization string // the token last issued, revoked or not
}

// person is what somebody says of himself.
type person struct {
	name      PersonName
	email     Email
	password  Password
	birthDate time.Time // of a patient
}

// passwordOf is not the same for two users, who may have the same e-mail
// address one after the other. It protects nothing: whoever is registered here
// is made up.
func passwordOf(h models.Handle) Password { return "only-for-conformance-tests-" + string(h) }

const jsonType = "application/json"

// person is somebody of a handle. Name and e-mail address are unique on the
// service, because the namespace is.
func (w *World) person(h models.Handle) person {
	return person{
		name:     string(h) + " " + string(w.namespace),
		email:    string(h) + "." + string(w.namespace) + "@crosstalk.example",
		password: passwordOf(h),
	}
}

// caller is the Authorization header of who acts, which is empty for anyone, and
// reports whether the service has registered him.
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
	p, ok := w.newPatient(op)
	if !ok {
		return unbound()
	}
	body := NewPatient{
		Name: p.name, Email: p.email, Password: p.password, BirthDate: openapi.Date{Time: p.birthDate}, Plan: Nhs,
	}
	if op.Plan != "" {
		body.Plan = Plan(op.Plan)
	}
	if op.Plan == models.PlanBupa {
		body.MemberNumber = w.memberNumber(op.Name)
	}
	return w.register(ctx, op.Name, p, request{route: createPatient(), body: asJSON(body)})
}

// newPatient is what a patient says of himself who registers, with another's
// e-mail address or as another's namesake. An age that is given counts more than
// the namesake's. It reports whether the service has registered those others.
func (w *World) newPatient(op models.Patient) (p person, ok bool) {
	p = w.person(op.Name)
	p.birthDate = birthDate(time.Now(), op.Years())
	if op.Email != "" {
		other := w.users[op.Email]
		if other == nil {
			return p, false
		}
		p.email = other.email
	}
	if op.Like != "" {
		other := w.users[op.Like]
		if other == nil {
			return p, false
		}
		p.name = other.name
		if op.Age == 0 && !other.birthDate.IsZero() {
			p.birthDate = other.birthDate
		}
	}
	return p, true
}

// birthDate is that of somebody who has turned so many years old yesterday.
func birthDate(now time.Time, years int) time.Time { return now.UTC().AddDate(-years, 0, -1) }

// memberNumber is unique in the world; the document allows 32 characters.
func (w *World) memberNumber(h models.Handle) string {
	n := string(w.namespace) + "-" + string(h)
	return n[:min(len(n), 32)]
}

func (w *World) clinician(ctx context.Context, op models.Clinician) (models.Response, error) {
	p := w.person(op.Name)
	body := NewPractitioner{Name: p.name, Email: p.email, Password: p.password}
	return w.register(ctx, op.Name, p, request{route: createPractitioner(), authorization: w.target.operator, body: asJSON(body)})
}

// register sends a registration and learns who was registered.
func (w *World) register(ctx context.Context, name models.Handle, p person, r request) (models.Response, error) {
	r.contentType = jsonType
	a, err := w.send(ctx, r)
	if err != nil {
		return models.Response{}, err
	}
	if c, ok := a.credentials(); ok {
		w.users[name] = &user{id: c.Id, person: p, authorization: bearer(c.Token)}
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
		body: asJSON(NewSession{Email: u.email, Password: u.password})})
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
	return w.tellAs(ctx, op.User, deleteCurrentSession())
}
