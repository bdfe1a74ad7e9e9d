package clinic

import (
	"context"
	"net/http"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// endpoints are the operations of openapi.yaml: each reads a request, asks a use case and writes the answer. None of
// them decides what anybody may do.
type endpoints struct{ *Service }

func (s endpoints) GetHealth(w http.ResponseWriter, r *http.Request) {
	if err := s.store.Ping(r.Context()); err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, api.Health{Status: api.HealthOk})
}

func (s endpoints) CreatePatient(w http.ResponseWriter, r *http.Request) {
	body, err := decode[api.NewPatient](w, r)
	if err == nil {
		err = s.checkPatient(body)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.register(w, r, care.User{
		Role:         care.Patient,
		Name:         body.Name,
		Email:        body.Email,
		BirthDate:    body.BirthDate.String(),
		Plan:         care.Plan(body.Plan),
		MemberNumber: body.MemberNumber,
	}, body.Password)
}

func (s endpoints) checkPatient(p api.NewPatient) error {
	if err := checkPerson(p.Name, p.Email, p.Password); err != nil {
		return err
	}
	if p.BirthDate.IsZero() {
		return invalid("birthDate is missing")
	}
	if !s.oldEnough(p.BirthDate.Time) {
		return invalid("patients must be at least %d years old", s.age)
	}
	return checkPlan(p.Plan, p.MemberNumber)
}

// oldEnough tells whether somebody born on that date has the minimum age today. Who was born on 29 February has it on
// 1 March of a common year.
func (s endpoints) oldEnough(birth time.Time) bool { return !birth.AddDate(s.age, 0, 0).After(s.now()) }

func (s endpoints) CreatePractitioner(w http.ResponseWriter, r *http.Request) {
	body, err := decode[api.NewPractitioner](w, r)
	if err == nil {
		err = checkPerson(body.Name, body.Email, body.Password)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.register(w, r, care.User{Role: care.Practitioner, Name: body.Name, Email: body.Email}, body.Password)
}

func (s endpoints) register(w http.ResponseWriter, r *http.Request, u care.User, password string) {
	c, err := s.accounts.Register(r.Context(), u, password)
	s.answerCredentials(w, r, c, err)
}

func (s endpoints) CreateSession(w http.ResponseWriter, r *http.Request) {
	body, err := decode[api.NewSession](w, r)
	if err == nil && (body.Email == "" || body.Password == "") {
		err = invalid("email and password are needed")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.accounts.Login(r.Context(), body.Email, body.Password)
	s.answerCredentials(w, r, c, err)
}

func (s endpoints) answerCredentials(w http.ResponseWriter, r *http.Request, c Credentials, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, api.Credentials{Id: c.ID, Token: c.Token})
}

func (s endpoints) DeleteCurrentSession(w http.ResponseWriter, r *http.Request) {
	s.answerNothing(w, r, s.accounts.Logout(r.Context(), exchangeOf(r).token))
}

func (s endpoints) CloseAccount(w http.ResponseWriter, r *http.Request) {
	s.answerNothing(w, r, s.accounts.Close(r.Context(), exchangeOf(r).caller))
}

// answerNothing answers a request after which there is nothing to say.
func (s endpoints) answerNothing(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s endpoints) CreateAppointment(w http.ResponseWriter, r *http.Request) {
	body, err := decode[api.NewAppointment](w, r)
	if err == nil {
		err = checkBooking(body)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.consults.Book(r.Context(), exchangeOf(r).caller, Booking{
		Practitioner: body.Practitioner,
		Slot:         body.Slot,
		Mode:         care.Mode(body.Mode),
		Description:  body.Description,
		Guest:        body.Guest,
	})
	s.answerAppointment(w, r, http.StatusCreated, c, err)
}

func (s endpoints) GetAppointment(w http.ResponseWriter, r *http.Request, id api.Id) {
	c, err := s.consults.Appointment(r.Context(), exchangeOf(r).caller, id)
	s.answerAppointment(w, r, http.StatusOK, c, err)
}

func (s endpoints) CancelAppointment(w http.ResponseWriter, r *http.Request, id api.Id) {
	c, err := s.consults.Cancel(r.Context(), exchangeOf(r).caller, id)
	s.answerAppointment(w, r, http.StatusOK, c, err)
}

func (s endpoints) RescheduleAppointment(w http.ResponseWriter, r *http.Request, id api.Id) {
	body, err := decode[api.NewSlot](w, r)
	if err == nil {
		err = checkSlot(body.Slot)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.consults.Reschedule(r.Context(), exchangeOf(r).caller, id, body.Slot)
	s.answerAppointment(w, r, http.StatusOK, c, err)
}

func (s endpoints) answerAppointment(w http.ResponseWriter, r *http.Request, status int, c care.Consultation, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, status, appointmentOf(c))
}

func (s endpoints) JoinEncounter(w http.ResponseWriter, r *http.Request, id api.Id) {
	s.step(w, r, id, s.consults.Join)
}

func (s endpoints) DropEncounter(w http.ResponseWriter, r *http.Request, id api.Id) {
	s.step(w, r, id, s.consults.Drop)
}

func (s endpoints) LeaveEncounter(w http.ResponseWriter, r *http.Request, id api.Id) {
	s.step(w, r, id, s.consults.Leave)
}

func (s endpoints) EndEncounter(w http.ResponseWriter, r *http.Request, id api.Id) {
	s.step(w, r, id, s.consults.End)
}

// step answers a request that does one thing to an encounter and says no more.
func (s endpoints) step(w http.ResponseWriter, r *http.Request, id string,
	do func(context.Context, care.Caller, string) (Encounter, error)) {
	e, err := do(r.Context(), exchangeOf(r).caller, id)
	s.answerEncounter(w, r, e, err)
}

func (s endpoints) SetEncounterMode(w http.ResponseWriter, r *http.Request, id api.Id) {
	body, err := decode[api.NewMode](w, r)
	if err == nil {
		err = checkMode(body.Mode)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	e, err := s.consults.Switch(r.Context(), exchangeOf(r).caller, id, care.Mode(body.Mode))
	s.answerEncounter(w, r, e, err)
}

func (s endpoints) SendEncounterMedia(w http.ResponseWriter, r *http.Request, id api.Id) {
	media, err := mediaOf(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	e, err := s.consults.Capture(r.Context(), exchangeOf(r).caller, id, media)
	s.answerEncounter(w, r, e, err)
}

func (s endpoints) answerEncounter(w http.ResponseWriter, r *http.Request, e Encounter, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, s.encounterOf(e))
}

func (s endpoints) AppointProxy(w http.ResponseWriter, r *http.Request, user api.User) {
	s.answerNothing(w, r, s.grants.Appoint(r.Context(), exchangeOf(r).caller, user))
}

func (s endpoints) DismissProxy(w http.ResponseWriter, r *http.Request, user api.User) {
	s.answerNothing(w, r, s.grants.Dismiss(r.Context(), exchangeOf(r).caller, user))
}

func (s endpoints) ShareRecording(w http.ResponseWriter, r *http.Request, id api.Id, user api.User) {
	s.answerNothing(w, r, s.grants.Share(r.Context(), exchangeOf(r).caller, id, user))
}

func (s endpoints) UnshareRecording(w http.ResponseWriter, r *http.Request, id api.Id, user api.User) {
	s.answerNothing(w, r, s.grants.Unshare(r.Context(), exchangeOf(r).caller, id, user))
}

func (s endpoints) SetReplays(w http.ResponseWriter, r *http.Request) {
	body, err := decode[struct{ Enabled *bool }](w, r)
	if err == nil && body.Enabled == nil {
		err = invalid("enabled is missing")
	}
	if err == nil {
		err = s.gate.Set(r.Context(), *body.Enabled)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, api.Replays{Enabled: *body.Enabled})
}
