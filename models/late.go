package models

import "slices"

// An operation that got no answer may take effect later, until the service is
// restarted.

// waiting is the state behind an operation without an answer in which it had no
// effect, and may still have one unless the service said that it failed.
func (s *State) waiting(a *Answer) *State {
	if a.Got.Status == 0 || a.Got.Status == gatewayTimeout {
		s.late = append(slices.Clip(s.late), a.Call)
	}
	return s
}

// gatewayTimeout is the status with which somebody on the way says that the service
// has not answered (RFC 9110 section 15.6.5).
const gatewayTimeout = 504

// land adds the states in which an operation that got no answer takes effect only
// now: until the service is restarted it may.
func (s *States) land() {
	if !slices.ContainsFunc(s.list, func(st *State) bool { return len(st.late) > 0 }) {
		return
	}
	all := slices.Clone(s.list)
	for i := 0; i < len(all) && len(all) <= MaxStates; i++ { // all grows
		for j := range all[i].late {
			for _, landed := range all[i].inEach(nil, func(st *State) *State { return st.landed(j) }) {
				all = mergeInto(all, landed, 1)
			}
		}
	}
	s.keep(all)
}

// landed is the state after the jth late operation took effect, or nil where a
// correct service refuses it now.
func (s *State) landed(j int) *State {
	c := s.late[j]
	if !s.Accepts(c.Op) {
		return nil
	}
	out := s.Step(c, Response{Outcome: OK})
	out.named = s.named // it was counted when it was sent
	out.late = slices.Delete(slices.Clone(s.late), j, j+1)
	return out
}
