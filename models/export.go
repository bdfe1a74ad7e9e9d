package models

// Export reads everything that the service keeps of a patient's own
// consultations (GDPR Article 20): the rows, and all their media in one piece.
type Export struct{ ByUser }

// Kind is "export".
func (o Export) Kind() Kind { return KindExport }

// String is its line in a trace.
func (o Export) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Export) fields(f *fields) Operation { o.byUser(f); return o }

func (o Export) obstacle(s *State) obstacle { return s.forPatients(o.User) }

// forPatients is what keeps a clinician from what patients have.
func (s *State) forPatients(u Handle) obstacle {
	if s.user(u).clinician {
		return askedByClinician
	}
	return nothing
}

func (o Export) expect(s *State, _ int) Response {
	all := s.ownRecordings(o.User)
	c := &Content{}
	for _, r := range all {
		c.Length += r.size()
	}
	c.Total = c.Length
	return Response{Outcome: OK, Listing: listingOf(all), Content: c}
}

func (o Export) step(s *State, _ int, r Response) { s.noteRows(o.User, r) }

// Inbox reads a user's notifications: one for each replay that is ready.
type Inbox struct{ ByUser }

// Kind is "inbox".
func (o Inbox) Kind() Kind { return KindInbox }

// String is its line in a trace.
func (o Inbox) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Inbox) fields(f *fields) Operation { o.byUser(f); return o }

func (o Inbox) expect(s *State, _ int) Response {
	return Response{Outcome: OK, Listing: listingOf(s.ownRecordings(o.User))}
}

func (o Inbox) step(*State, int, Response) {}
