package judge

import "github.com/telehealth-conformance/crosstalk/models"

// Sighting is a violation as an exploration comes upon it.
type Sighting struct {
	Index     int // of the trace that showed it, from 0
	Violation models.Violation
}

// Counts reports whether a violation counts against the service, and so ends the
// exploration: one of a SHOULD rule only where strict.
func (s *Sighting) Counts(strict bool) bool { return strict || s.Violation.Must() }

// Precedes reports whether a violation is pursued rather than another: one that
// counts before one that does not, else that of the earlier trace.
func (s *Sighting) Precedes(other *Sighting, strict bool) bool {
	if counts := s.Counts(strict); counts != other.Counts(strict) {
		return counts
	}
	return s.Index < other.Index
}
