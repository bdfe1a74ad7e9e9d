package models

import "strings"

// A service may refuse what a correct one accepts. Nobody is exposed by that, and no
// rule but those of reading what is one's own forbids it, so that it is told apart
// from an answer that shows what cannot be: it changes nothing, and it explains
// nothing that others did.

// unauthorized is the status of a request without valid credentials (RFC 9110
// section 15.5.2).
const unauthorized = 401

// Unauthenticated reports whether a denial says of itself that it is of the caller's
// credentials: by the status 401, or in words where a service answers everything with
// one status ("unauthenticated" is gRPC's code for it).
func (r *Response) Unauthenticated() bool {
	if r.Outcome != Denied || r.Status == unauthorized {
		return r.Outcome == Denied
	}
	said := strings.ToLower(r.Reason)
	return strings.Contains(said, "unauthenticated") ||
		strings.Contains(said, "expired") && (strings.Contains(said, "token") || strings.Contains(said, "session"))
}

// refuses reports whether an answer that no state allows refuses what a correct
// service accepts in every one.
func refuses(readings []reading, got Outcome) bool {
	if !got.Refused() {
		return false
	}
	for i := range readings {
		if readings[i].expected.Outcome != OK || readings[i].agrees {
			return false
		}
	}
	return true
}

// repeats reports whether somebody asks for what is so already, as to dismiss one who
// is no proxy: that is refused by some services, and either answer leaves all as it is.
func (o *Observation) repeats() bool {
	if r := o.row(); !r.changes() || r.sent != UserCredentials || o.Call.Op.Defines() != "" {
		return false
	}
	return o.Before.Step(o.Call, Response{Outcome: OK}).equal(o.Before)
}

// disputes reports whether the service has refused before the ith answer, in a
// consultation that it is about, what a correct service accepts: then it had other
// reasons to answer than the operations tell.
func (s *States) disputes(i int, at func(i int) Answer) bool {
	booking := at(i).Call.Op.Uses()
	for _, j := range s.refused {
		if j < i && at(j).Call.Op.Uses() == booking {
			return true
		}
	}
	return false
}

// unheard goes by an answer that refuses a caller's valid token: nothing was done,
// and all that the rules would have said is inconclusive.
func (s *States) unheard(a *Answer, f *Findings) Step {
	step := s.overlook(a, f)
	step.Unheard = true
	did := Response{Outcome: Unavailable}
	if s.supposed.effectOf(a.Call.Step) == tookEffect {
		did.Outcome = OK
	}
	next := make([]*State, len(s.list))
	for i, before := range s.list {
		next[i] = before.Step(a.Call, did)
	}
	s.keep(next)
	return step
}

// overlook notes that what the rules would have said of an answer is inconclusive.
func (s *States) overlook(a *Answer, f *Findings) Step {
	before := s.list[0]
	o := Observation{World: s.world, Before: before, Call: a.Call, Expected: before.Expect(a.Call), Got: a.Got}
	found := s.finding(0, f)
	found.Observe(&o)
	for i, t := range found.tallies {
		if t != (Tally{}) {
			f.tallies[i].Inconclusive++
		}
	}
	return Step{Before: []*State{before}, Expected: o.Expected}
}
