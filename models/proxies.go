package models

import "slices"

// Proxying is what a patient does about somebody who may see their recordings and
// change their appointments for them.
type Proxying struct {
	User  Handle
	Proxy Handle
}

// Actor is the user.
func (o Proxying) Actor() Handle { return o.User }

// Defines is nothing.
func (o Proxying) Defines() Handle { return "" }

// Uses is nothing.
func (o Proxying) Uses() Handle { return "" }

// Whom is the proxy.
func (o Proxying) Whom() Handle { return o.Proxy }

func (o *Proxying) proxying(f *fields) {
	f.actor(&o.User)
	f.peer(&o.Proxy)
}

func (o Proxying) known(*State) bool { return true }

func (o Proxying) obstacle(s *State) obstacle {
	if s.user(o.User).clinician {
		return namedByClinician
	}
	return s.unfit(o.User, o.Proxy)
}

func (o Proxying) expect(*State, int) Response { return Response{Outcome: OK} }

// unfit is what keeps a patient from naming somebody as proxy or for sharing who is
// not another patient with an open account.
func (s *State) unfit(patient, peer Handle) obstacle {
	u := s.user(peer)
	switch {
	case u.closed:
		return closedPeer
	case u.clinician || peer == patient:
		return clinicianOrSelf
	}
	return nothing
}

// isProxy reports whether a user is a proxy of a patient.
func (s *State) isProxy(u, patient Handle) bool {
	p := s.user(patient)
	return p != nil && slices.Contains(p.proxies, u)
}

// Appoint makes another patient a proxy; a clinician, where the service lets a
// patient name one. To appoint them again, or oneself, changes nothing.
type Appoint struct{ Proxying }

// Kind is "appoint".
func (o Appoint) Kind() Kind { return KindAppoint }

// String is its line in a trace.
func (o Appoint) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Appoint) fields(f *fields) Operation { o.proxying(f); return o }

func (o Appoint) step(s *State, _ int, r Response) {
	if s.user(o.User) == nil || r.Outcome != OK || o.Proxy == o.User {
		return
	}
	u := s.editUser(o.User)
	u.proxies = append(without(u.proxies, o.Proxy), o.Proxy)
	u.dismissed = without(u.dismissed, o.Proxy)
}

// Dismiss ends the appointment of a proxy. To dismiss somebody who is none
// changes nothing.
type Dismiss struct{ Proxying }

// Kind is "dismiss".
func (o Dismiss) Kind() Kind { return KindDismiss }

// String is its line in a trace.
func (o Dismiss) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Dismiss) fields(f *fields) Operation { o.proxying(f); return o }

func (o Dismiss) step(s *State, _ int, r Response) {
	if s.user(o.User) != nil && r.Outcome == OK {
		s.dismiss(o.User, o.Proxy)
	}
}

// dismiss ends what a proxy may see of a patient's, if they were one.
func (s *State) dismiss(patient, proxy Handle) {
	if !s.isProxy(proxy, patient) {
		return
	}
	u := s.editUser(patient)
	u.proxies = without(u.proxies, proxy)
	u.dismissed = append(without(u.dismissed, proxy), proxy)
	s.lapseLinks(proxy)
}

// without is a copy of a list without a handle.
func without(list []Handle, h Handle) []Handle {
	return slices.DeleteFunc(slices.Clone(list), func(other Handle) bool { return other == h })
}

// drawProxying draws operations of each user with each user.
func drawProxying(op func(Proxying) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		out := make([]Operation, 0, len(s.users)*len(s.users))
		for _, u := range s.users {
			for _, proxy := range s.users {
				out = append(out, op(Proxying{u.handle, proxy.handle}))
			}
		}
		return out
	}
}
