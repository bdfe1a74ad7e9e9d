package models

import "slices"

// refusal is how a kind of operation was last refused to patients, or to
// clinicians, on a recording that never existed, and on one that is another's.
type refusal struct {
	kind               Kind
	clinician          bool
	nowhere, elsewhere said
}

// said is what a service says of a refusal. Status 0 is for never.
type said struct {
	status int
	reason string
}

// of reports whether a refusal is that of a kind of operation to a kind of user.
func (r refusal) of(k Kind, clinician bool) bool { return r.kind == k && r.clinician == clinician }

// refusal returns what is known of how a kind of operation is refused to users
// like this one.
func (s *State) refusal(k Kind, u Handle) refusal {
	clinician := !s.IsPatient(u)
	for _, r := range s.refusals {
		if r.of(k, clinician) {
			return r
		}
	}
	return refusal{kind: k, clinician: clinician}
}

// tells reports whether an answer about a recording is a refusal that may tell
// if there is such a recording: to one whose token is valid, of one that never
// existed or that they never had a right to.
func (s *State) tells(u, recording Handle, r Response) bool {
	if !r.Outcome.Refused() || r.Status == 0 || !s.loggedIn(u) {
		return false
	}
	return recording.Phantom() || s.booking(recording.Booking()) != nil && !s.Entitled(u, recording)
}

// noteRefusal notes how an operation was refused on a recording that the user
// may not see, whether or not it exists.
func (s *State) noteRefusal(o OnRecording, k Kind, r Response) {
	if !s.tells(o.User, o.Recording, r) {
		return
	}
	known := s.refusal(k, o.User)
	what := said{r.Status, r.Reason}
	if o.Recording.Phantom() {
		known.nowhere = what
	} else {
		known.elsewhere = what
	}
	others := slices.DeleteFunc(slices.Clone(s.refusals), func(r refusal) bool { return r.of(k, known.clinician) })
	s.refusals = append(others, known)
}
