package models

import "slices"

// sight is how somebody may see a recording.
type sight uint8

const (
	unseen sight = iota
	apart        // not in the list of replays
	inList
)

// sightOf is what a word that is declared means, where the strict choice is that
// they see.
func sightOf(word string) sight {
	switch word {
	case seesNothing:
		return unseen
	case seesApart:
		return apart
	}
	return inList
}

// sight is how a user may see the nth recording of a booking, deleted or not, or with
// n 0 any of them: as its patient, clinician or guest, as a proxy of its patient,
// because it is shared with them, or as a clinician of those who see all.
func (s *State) sight(u Handle, b *booking, n int) sight {
	part := s.partSight(u, b)
	if part == inList || !slices.ContainsFunc(b.shares, func(sh share) bool { return sh.with == u && (n == 0 || sh.number == n) }) {
		return part
	}
	return max(part, sightOf(s.policy.Access.of(seesRecipient)))
}

// partSight is [State.sight] by what a user is to a booking, whatever is shared with
// them.
func (s *State) partSight(u Handle, b *booking) sight {
	out := unseen
	switch b.role(u) {
	case asPatient:
		return inList
	case asClinician:
		out = sightOf(s.policy.Access.of(seesClinician))
	case asGuest:
		out = sightOf(s.policy.Access.of(seesGuest))
	}
	if out != inList && s.isProxy(u, b.patient) {
		out = max(out, sightOf(s.policy.Access.of(seesProxy)))
	}
	if s.seesAll(u) {
		out = max(out, sightOf(s.policy.Access.of(seesStaff)))
	}
	return out
}

// seesAll reports whether a user is a clinician who sees the recordings of all, other
// worlds' included.
func (s *State) seesAll(u Handle) bool {
	return s.policy.Access.of(seesStaff) != "" && s.isClinician(u)
}

// isClinician reports whether a handle names a registered clinician.
func (s *State) isClinician(h Handle) bool {
	u := s.user(h)
	return u != nil && u.clinician
}

// hiddenFrom reports whether the nth recording of a booking is deleted for a user,
// and not for everybody: the clinicians and a guest keep what its patient deletes.
func (s *State) hiddenFrom(u Handle, b *booking, n int) bool {
	return slices.Contains(b.hidden, n) && b.role(u) != asClinician && b.role(u) != asGuest && !s.isClinician(u)
}

// goneTo reports whether a recording is deleted for a user.
func (s *State) goneTo(u, h Handle) bool {
	name, n, ok := h.Recording()
	if !ok {
		return false
	}
	b := s.booking(name)
	return b != nil && (slices.Contains(b.gone, n) || s.hiddenFrom(u, b, n))
}

// lingers reports whether a recording that is deleted may still be shown to a user,
// who may find it in a bin.
func (s *State) lingers(u, h Handle) bool {
	b := s.booking(h.Booking())
	return b != nil && b.patient == u && s.policy.Access.of(deletion) == inBin && !s.user(u).closed
}
