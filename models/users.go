package models

import "strconv"

// user is a registered patient or clinician.
type user struct {
	handle    Handle
	clinician bool
	loggedIn  bool
	// uncertain says that the last login or logout had an unknown outcome.
	uncertain bool
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

// Patient registers a patient and logs him in.
type Patient struct {
	Name Handle
	Age  int  // in years; 0 for an adult
	Plan Plan // empty for nhs
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

// Actor is nobody.
func (o Patient) Actor() Handle { return "" }

// Defines is the patient.
func (o Patient) Defines() Handle { return o.Name }

// Uses is nothing.
func (o Patient) Uses() Handle { return "" }

// Rename renames the patient.
func (o Patient) Rename(f func(Handle) Handle) Operation {
	o.Name = o.Name.rename(f)
	return o
}

// String is for example "alice = patient(age=15)".
func (o Patient) String() string {
	args := make([]string, 0, 2)
	if o.Age != 0 {
		args = append(args, "age="+strconv.Itoa(o.Age))
	}
	if o.Plan != "" {
		args = append(args, "plan="+string(o.Plan))
	}
	return define(o.Name, string(KindPatient), args...)
}

func (o Patient) expect(s *State, _ int) Response {
	if o.Years() < s.policy.MinAge {
		return Response{Outcome: Invalid}
	}
	return Response{Outcome: OK}
}

func (o Patient) step(s *State, _ int, r Response) {
	s.patients++
	s.register(user{handle: o.Name}, r)
}

// register adds a user whom the service took in, logged in.
func (s *State) register(u user, r Response) {
	if r.Outcome != OK {
		return
	}
	u.loggedIn = true
	s.users = append(s.users, u)
}

func parsePatient(r *reader) Operation {
	return Patient{
		Name: r.defines(),
		Age:  r.option("age", 1, 150),
		Plan: Plan(r.choice("plan", string(PlanNHS), string(PlanBupa), string(PlanPrivate))),
	}
}

func drawPatients(s *State, p Population) []Operation {
	if s.patients >= p.Patients {
		return nil
	}
	name := PatientHandle(s.patients + 1)
	return []Operation{
		Patient{Name: name},
		Patient{Name: name, Plan: PlanBupa},
		Patient{Name: name, Plan: PlanPrivate},
		Patient{Name: name, Age: 15},
		Patient{Name: name, Age: 16},
	}
}

// Clinician registers a clinician and logs him in.
type Clinician struct {
	Name Handle
}

// Kind is "clinician".
func (o Clinician) Kind() Kind { return KindClinician }

// Actor is nobody.
func (o Clinician) Actor() Handle { return "" }

// Defines is the clinician.
func (o Clinician) Defines() Handle { return o.Name }

// Uses is nothing.
func (o Clinician) Uses() Handle { return "" }

// Rename renames the clinician.
func (o Clinician) Rename(f func(Handle) Handle) Operation { return Clinician{o.Name.rename(f)} }

// String is for example "dr1 = clinician()".
func (o Clinician) String() string { return define(o.Name, string(KindClinician)) }

func (o Clinician) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Clinician) step(s *State, _ int, r Response) {
	s.clinicians++
	s.register(user{handle: o.Name, clinician: true}, r)
}

func parseClinician(r *reader) Operation { return Clinician{r.defines()} }

func drawClinicians(s *State, p Population) []Operation {
	if s.clinicians >= p.Clinicians {
		return nil
	}
	return []Operation{Clinician{ClinicianHandle(s.clinicians + 1)}}
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

func (o ByUser) rename(f func(Handle) Handle) ByUser { return ByUser{o.User.rename(f)} }

// Login issues the user a new token, which he uses from then on.
type Login struct{ ByUser }

// Kind is "login".
func (o Login) Kind() Kind { return KindLogin }

// Rename renames the user.
func (o Login) Rename(f func(Handle) Handle) Operation { return Login{o.rename(f)} }

// String is for example "alice.login()".
func (o Login) String() string { return invoke(o.User, string(KindLogin)) }

func (o Login) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Login) step(s *State, _ int, r Response) { s.setLogin(o.User, r, true) }

func parseLogin(r *reader) Operation { return Login{ByUser{r.actor()}} }

func drawLogins(s *State, _ Population) []Operation {
	return s.eachUser(func(u Handle) Operation { return Login{ByUser{u}} })
}

// Logout revokes the user's token. What he does afterwards he does with the
// revoked token.
type Logout struct{ ByUser }

// Kind is "logout".
func (o Logout) Kind() Kind { return KindLogout }

// Rename renames the user.
func (o Logout) Rename(f func(Handle) Handle) Operation { return Logout{o.rename(f)} }

// String is for example "alice.logout()".
func (o Logout) String() string { return invoke(o.User, string(KindLogout)) }

func (o Logout) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Logout) step(s *State, _ int, r Response) { s.setLogin(o.User, r, false) }

func parseLogout(r *reader) Operation { return Logout{ByUser{r.actor()}} }

func drawLogouts(s *State, _ Population) []Operation {
	return s.eachUser(func(u Handle) Operation { return Logout{ByUser{u}} })
}

// setLogin records the answer to a login (in) or a logout (!in).
func (s *State) setLogin(h Handle, r Response, in bool) {
	u := s.user(h)
	if u == nil {
		return
	}
	switch r.Outcome {
	case OK:
		u.loggedIn, u.uncertain = in, false
	case Unknown:
		u.uncertain = true
	}
}

func (s *State) eachUser(op func(Handle) Operation) []Operation {
	out := make([]Operation, 0, len(s.users))
	for _, u := range s.users {
		out = append(out, op(u.handle))
	}
	return out
}
