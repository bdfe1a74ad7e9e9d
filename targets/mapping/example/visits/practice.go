package main

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// minAge is the age in years from which somebody may sign up.
const minAge = 18

// practice is everything that the service knows.
type practice struct {
	mu           sync.Mutex
	password     string // the administrator's
	leak         bool
	adminSession string

	last         int // number that was given
	people       map[string]*person
	sessions     map[string]*person
	appointments map[int]*appointment
	recordings   map[int]*recording
}

type person struct {
	no             int
	name, password string
	doctor         bool
	seesAll        bool // the mistake of -leak
}

func newPractice(password string, leak bool) *practice {
	p := &practice{password: password, leak: leak}
	p.forget()
	return p
}

func (p *practice) forget() {
	p.people, p.sessions = make(map[string]*person), make(map[string]*person)
	p.appointments, p.recordings = make(map[int]*appointment), make(map[int]*recording)
}

// number gives everything a number of its own, whatever it is.
func (p *practice) number() int {
	p.last++
	return p.last
}

func (p *practice) signUp(r *request) any {
	form, wrong := r.form("full_name", "mail", "password", "born")
	if wrong != nil {
		return *wrong
	}
	born, err := time.Parse("02.01.2006", form["born"])
	switch {
	case err != nil:
		return refusal{http.StatusBadRequest, "born is no date like 31.12.1999"}
	case born.AddDate(minAge, 0, 0).After(time.Now()):
		return refusal{http.StatusUnprocessableEntity, "too young to sign up"}
	case p.people[form["mail"]] != nil:
		return refusal{http.StatusConflict, "this address is taken"}
	}
	who := &person{no: p.number(), name: form["full_name"], password: form["password"]}
	p.people[form["mail"]] = who
	p.open(r, who)
	return fields{"member": fields{"no": who.no, "full_name": who.name}}
}

// open signs somebody in.
func (p *practice) open(r *request, who *person) {
	session := rand.Text()
	p.sessions[session] = who
	http.SetCookie(r.answer, &http.Cookie{Name: "visit_session", Value: session, Path: "/", HttpOnly: true})
}

func (p *practice) signIn(r *request) any {
	form, wrong := r.form("mail", "password")
	if wrong != nil {
		return *wrong
	}
	who := p.people[form["mail"]]
	if who == nil || who.password != form["password"] {
		return refusal{http.StatusUnauthorized, "wrong address or password"}
	}
	p.open(r, who)
	return fields{"member": fields{"no": who.no, "full_name": who.name}}
}

func (p *practice) signOut(r *request) any {
	cookie, _ := r.Cookie("visit_session")
	delete(p.sessions, cookie.Value)
	return nil
}

// leaveForGood erases an account with all that is its own.
func (p *practice) leaveForGood(r *request) any {
	if r.person.doctor {
		return refusal{http.StatusForbidden, "doctors are removed by the administrator"}
	}
	for _, a := range p.appointments {
		if a.phase == running && a.takesPart(r.person) {
			return refusal{http.StatusConflict, "a visit of yours is running"}
		}
	}
	for session, who := range p.sessions {
		if who == r.person {
			delete(p.sessions, session)
		}
	}
	for mail, who := range p.people {
		if who == r.person {
			delete(p.people, mail)
		}
	}
	for no, rec := range p.recordings {
		if rec.appointment.patient == r.person {
			delete(p.recordings, no)
		}
	}
	return nil
}

func (p *practice) adminSignIn(r *request) any {
	form, wrong := r.form("user", "password")
	if wrong != nil {
		return *wrong
	}
	if form["user"] != "admin" || form["password"] != p.password {
		return refusal{http.StatusUnauthorized, "wrong user or password"}
	}
	if p.adminSession == "" {
		p.adminSession = rand.Text()
	}
	http.SetCookie(r.answer, &http.Cookie{Name: "visit_admin", Value: p.adminSession, Path: "/v3/admin", HttpOnly: true})
	return nil
}

func (p *practice) addDoctor(r *request) any {
	form, wrong := r.form("full_name", "mail", "password")
	if wrong != nil {
		return *wrong
	}
	if p.people[form["mail"]] != nil {
		return refusal{http.StatusConflict, "this address is taken"}
	}
	who := &person{no: p.number(), name: form["full_name"], password: form["password"], doctor: true}
	p.people[form["mail"]] = who
	return fields{"doctor": fields{"no": who.no, "full_name": who.name}}
}

func (p *practice) wipe(*request) any {
	p.forget()
	return nil
}
