package models

// Whoever asks for content that they may not see may be given what is no refusal by its
// status, and nothing of which anybody knows whose it is: a message in place of the
// content, or the content in another form. Nobody can tell which.

// untold reports whether an answer is such, where some state wants a refusal.
func (s *States) untold(a *Answer) bool {
	c := a.Got.Content
	if c == nil || c.Length == 0 || len(c.Pieces) > 0 || a.Got.Outcome.Refused() || a.Got.Row != nil {
		return false
	}
	if r := rowOf(a.Call.Op.Kind()); !r.shows.Has(ShowsContent) || r.rows != NoRows || r.path.row().carries == headers {
		return false
	}
	for _, before := range s.list {
		if before.Expect(a.Call).Outcome != OK {
			return !before.partly(a)
		}
	}
	return false
}

// partly reports whether an answer is the part of a recording that was asked for, as
// far as its length and the size of the whole tell: it may be too short for a tag.
func (s *State) partly(a *Answer) bool {
	part, ok := a.Call.Op.(Play)
	if !ok || part.Range.Whole() || a.Got.Content.Total == a.Got.Content.Length {
		return false
	}
	rec, ok := s.recording(part.Recording)
	return ok && part.delivers("", rec, a.Got.Content)
}

// pastUntold goes by such an answer: all that the rules would have said is
// inconclusive.
func (s *States) pastUntold(a *Answer, f *Findings) Step {
	step := s.overlook(a, f)
	step.Untold = true
	next := make([]*State, len(s.list))
	for i, before := range s.list {
		next[i] = before.Step(a.Call, Response{Outcome: Unavailable})
	}
	s.keep(next)
	return step
}
