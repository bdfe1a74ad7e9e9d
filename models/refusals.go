package models

import "slices"

// refusal is how a kind of operation was last refused on a recording that never
// existed, and on one that is another's. Status 0 is for never.
type refusal struct {
	kind               Kind
	nowhere, elsewhere said
}

// said is what a service says of a refusal.
type said struct {
	status int
	reason string
}

// refusal returns what is known of how a kind of operation is refused.
func (s *State) refusal(k Kind) refusal {
	for _, r := range s.refusals {
		if r.kind == k {
			return r
		}
	}
	return refusal{kind: k}
}

// noteRefusal notes how an operation was refused on a recording that the user
// may not see, whether or not it exists.
func (s *State) noteRefusal(o OnRecording, k Kind, r Response) {
	if !r.Outcome.Refused() || r.Status == 0 || !s.loggedIn(o.User) {
		return
	}
	known := s.refusal(k)
	what := said{r.Status, r.Reason}
	switch {
	case o.Recording.Phantom():
		known.nowhere = what
	case !s.MaySee(o.User, o.Recording):
		known.elsewhere = what
	default:
		return
	}
	s.refusals = append(slices.DeleteFunc(slices.Clone(s.refusals), func(r refusal) bool { return r.kind == k }), known)
}
