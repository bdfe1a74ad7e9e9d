package models

import "slices"

// user is a registered patient or clinician.
type user struct {
	handle    Handle
	clinician bool
	email     Handle // who first had this e-mail address; empty for the user
	loggedIn  bool
	// shaken says that the service was restarted since they logged in.
	shaken bool
	// closed says that the account was closed; what it had is gone.
	closed bool
	// proxies are those whom a patient has appointed and not dismissed, and
	// dismissed those whom the patient has dismissed and not appointed again.
	proxies, dismissed []Handle
}

// Plan is the membership under which a patient registers.
type Plan string

// The plans. The empty plan is nhs.
const (
	PlanNHS     Plan = "nhs"
	PlanBupa    Plan = "bupa"
	PlanPrivate Plan = "private"
)

// adult is the age in years of a patient whose age a trace does not give.
const adult = 40

// Patient registers a patient and logs them in.
type Patient struct {
	unnamed
	Name Handle
	Age  int  // in years; 0 for an adult
	Plan Plan // empty for nhs
	// Email is the patient with whose e-mail address they register; empty for one
	// of their own.
	Email Handle
	// Like is the patient whose name and birth date they have; empty for their own.
	Like Handle
}

// Years is the patient's age in years.
func (o Patient) Years() int {
	if o.Age == 0 {
		return adult
	}
	return o.Age
}

// Kind is "patient".
func (o Patient) Kind() Kind { return KindPatient }

// String is its line in a trace.
func (o Patient) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Patient) fields(f *fields) Operation {
	f.defines(&o.Name, APatient)
	f.option("age", &o.Age, 1, 150)
	f.choice("plan", (*string)(&o.Plan), string(PlanNHS), string(PlanBupa), string(PlanPrivate))
	f.other("email", &o.Email)
	f.other("like", &o.Like)
	return o
}

// Defines is the patient.
func (o Patient) Defines() Handle { return o.Name }

// Whom is the patient whose address, or name, is used.
func (o Patient) Whom() Handle {
	if o.Email != "" {
		return o.Email
	}
	return o.Like
}

func (o Patient) obstacle(s *State) obstacle {
	switch {
	case o.Years() < s.policy.MinAge:
		return underAge
	case o.Email != "" && s.addressTaken(o.Email):
		return addressInUse
	}
	return nothing
}

func (o Patient) expect(*State, int) Response { return Response{Outcome: OK} }

// addressTaken reports whether the e-mail address of a patient belongs to an
// open account: their own, or that of one who registered with it later.
func (s *State) addressTaken(h Handle) bool {
	address := s.addressOf(h)
	for i := range s.users {
		if u := &s.users[i]; !u.closed && u.address() == address {
			return true
		}
	}
	return false
}

func (s *State) addressOf(h Handle) Handle {
	if u := s.user(h); u != nil {
		return u.address()
	}
	return h
}

// address names the user's e-mail address by who first had it.
func (u *user) address() Handle {
	if u.email != "" {
		return u.email
	}
	return u.handle
}

func (o Patient) step(s *State, _ int, r Response) {
	s.patients++
	u := user{handle: o.Name}
	if o.Email != "" {
		u.email = s.addressOf(o.Email)
	}
	s.register(u, r)
}

// register adds a user whom the service took in, logged in.
func (s *State) register(u user, r Response) {
	if r.Outcome != OK {
		return
	}
	u.loggedIn = true
	s.users = append(slices.Clip(s.users), u)
}

func drawPatients(s *State, p Population) []Operation {
	if s.patients-s.closedAccounts() >= p.Patients {
		return nil
	}
	name := PatientHandle(s.patients + 1)
	out := []Operation{
		Patient{Name: name},
		Patient{Name: name, Plan: PlanBupa},
		Patient{Name: name, Plan: PlanPrivate},
		Patient{Name: name, Age: 15},
		Patient{Name: name, Age: 16},
	}
	for i := range s.users {
		if u := &s.users[i]; !u.clinician {
			out = append(out, Patient{Name: name, Email: u.handle}, Patient{Name: name, Like: u.handle},
				Patient{Name: name, Email: u.handle, Like: u.handle})
		}
	}
	return out
}

// closedAccounts counts the patients who are no longer there.
func (s *State) closedAccounts() int {
	n := 0
	for i := range s.users {
		if u := &s.users[i]; u.closed && !u.clinician {
			n++
		}
	}
	return n
}

// Clinician registers a clinician and logs them in.
type Clinician struct {
	unnamed
	Name Handle
}

// Kind is "clinician".
func (o Clinician) Kind() Kind { return KindClinician }

// String is its line in a trace.
func (o Clinician) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Clinician) fields(f *fields) Operation { f.defines(&o.Name, AClinician); return o }

// Defines is the clinician.
func (o Clinician) Defines() Handle { return o.Name }

func (o Clinician) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Clinician) step(s *State, _ int, r Response) {
	s.clinicians++
	s.register(user{handle: o.Name, clinician: true}, r)
}

func drawClinicians(s *State, p Population) []Operation {
	if s.clinicians >= p.Clinicians {
		return nil
	}
	return []Operation{Clinician{Name: ClinicianHandle(s.clinicians + 1)}}
}

// ByUser is an operation that a user performs and that names nothing else.
type ByUser struct {
	User Handle
}

// Actor is the user.
func (o ByUser) Actor() Handle { return o.User }

// Defines is nothing.
func (o ByUser) Defines() Handle { return "" }

// Uses is nothing.
func (o ByUser) Uses() Handle { return "" }

// Whom is nobody.
func (o ByUser) Whom() Handle { return "" }

func (o *ByUser) byUser(f *fields) { f.actor(&o.User) }

func (o ByUser) known(*State) bool { return true }

func (o ByUser) obstacle(*State) obstacle { return nothing }

// Login issues the user a new token, which they use from then on.
type Login struct{ ByUser }

// Kind is "login".
func (o Login) Kind() Kind { return KindLogin }

// String is its line in a trace.
func (o Login) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Login) fields(f *fields) Operation { o.byUser(f); return o }

func (o Login) obstacle(s *State) obstacle {
	u := s.user(o.User)
	switch {
	case !u.closed:
		return nothing
	case s.policy.Access.of(reopening) == "":
		return accountClosed
	case s.addressTaken(u.handle):
		return accountTaken
	}
	return accountBack
}

func (o Login) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Login) step(s *State, _ int, r Response) {
	s.setLogin(o.User, r, true)
	if u := s.user(o.User); u != nil && u.closed && r.Outcome == OK && s.policy.Access.of(reopening) != "" {
		s.reopen(o.User)
	}
}

// Logout revokes the user's token, unless it is declared that it is good until it
// expires. What they do afterwards they do with the same token.
type Logout struct{ ByUser }

// Kind is "logout".
func (o Logout) Kind() Kind { return KindLogout }

// String is its line in a trace.
func (o Logout) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Logout) fields(f *fields) Operation { o.byUser(f); return o }

func (o Logout) ended(s *State) bool { return !s.loggedIn(o.User) }

func (o Logout) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Logout) step(s *State, _ int, r Response) {
	if r.Outcome == OK && s.policy.Access.of(logout) == keepsToken {
		s.editLinks(o.User, func(l *link) { l.lapsed = true })
		return
	}
	s.setLogin(o.User, r, false)
	if r.Outcome == OK {
		s.revokeLinks(o.User)
	}
}

// setLogin records the answer to a login (in) or a logout (!in).
func (s *State) setLogin(h Handle, r Response, in bool) {
	if s.user(h) != nil && r.Outcome == OK {
		u := s.editUser(h)
		u.loggedIn, u.shaken = in, false
	}
}

// LoggedIn lists the users who hold a valid token, in order of registration.
func (s *State) LoggedIn() []Handle {
	var out []Handle
	for _, u := range s.users {
		if s.loggedIn(u.handle) {
			out = append(out, u.handle)
		}
	}
	return out
}

// IsLoggedIn reports whether a user holds a valid token.
func (s *State) IsLoggedIn(h Handle) bool { return s.loggedIn(h) }

// IsPatient reports whether a handle names a registered patient.
func (s *State) IsPatient(h Handle) bool {
	u := s.user(h)
	return u != nil && !u.clinician
}

// drawByUser draws operations that name nobody but the user who performs them.
func drawByUser(op func(ByUser) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		out := make([]Operation, 0, len(s.users))
		for i := range s.users {
			out = append(out, op(ByUser{s.users[i].handle}))
		}
		return out
	}
}
