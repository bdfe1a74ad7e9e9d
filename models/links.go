package models

import "slices"

// link is a playback link that a service has given.
type link struct {
	handle    Handle
	recording Handle
	maker     Handle
	// revoked says that its maker has logged out or closed the account since.
	revoked bool
	// lapsed says that its maker lost the right to the recording at some time:
	// whether the link opens again with the right is the service's affair.
	lapsed bool
	// shaken says that the service was restarted since: if that ended the session in
	// which it was made, it may stay closed.
	shaken bool
}

func (s *State) link(h Handle) *link {
	for i := range s.links {
		if s.links[i].handle == h {
			return &s.links[i]
		}
	}
	return nil
}

// editLinks lets change see each link of a maker, to be changed.
func (s *State) editLinks(maker Handle, change func(*link)) {
	if len(s.links) == 0 {
		return
	}
	s.links = slices.Clone(s.links)
	for i := range s.links {
		if s.links[i].maker == maker {
			change(&s.links[i])
		}
	}
}

// revokeLinks revokes a user's links.
func (s *State) revokeLinks(maker Handle) {
	s.editLinks(maker, func(l *link) { l.revoked = true })
}

// lapseLinks notes that a user lost a right: those of their links that no longer
// open may stay closed.
func (s *State) lapseLinks(maker Handle) {
	s.editLinks(maker, func(l *link) { l.lapsed = l.lapsed || !s.MaySee(maker, l.recording) })
}

// ternary is what may be said to a question: yes, no, or either.
type ternary uint8

const (
	no ternary = iota
	either
	yes
)

// opens says whether a link opens for somebody. A link that needs no token may
// open or not for one whose token is revoked.
func (s *State) opens(l *link, who Handle) ternary {
	switch {
	case s.Gone(l.recording) || !s.knows(l.recording) || s.policy.Links == PersonalLinks && who != l.maker:
		return no
	case l.revoked || !s.MaySee(l.maker, l.recording):
		if s.policy.Access.of(linkingEnds) == untilExpiry {
			return either // when it expires is not known
		}
		return no
	case l.lapsed || l.shaken && s.choice(sessions) == sessionsEnd || who != Anyone && !s.loggedIn(who):
		return either
	}
	return yes
}

// Link makes a playback link to a recording.
type Link struct {
	OnRecording
	Name Handle
}

// Kind is "link".
func (o Link) Kind() Kind { return KindLink }

// String is its line in a trace.
func (o Link) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Link) fields(f *fields) Operation {
	f.defines(&o.Name, ALink)
	o.ofUser(f)
	return o
}

// Defines is the link.
func (o Link) Defines() Handle { return o.Name }

func (o Link) obstacle(s *State) obstacle {
	b := o.OnRecording.obstacle(s)
	if b == nothing && s.policy.Access.of(linkingMakers) == patientAlone && s.Owner(o.Recording) != o.User {
		return linkNotByPatient
	}
	return b
}

func (o Link) expect(s *State, _ int) Response {
	return o.read(s, func(recording) Response { return Response{Outcome: OK} })
}

func (o Link) step(s *State, _ int, r Response) {
	s.linked++
	if r.Outcome == OK && !o.Recording.Phantom() {
		s.links = append(slices.Clip(s.links), link{handle: o.Name, recording: o.Recording, maker: o.User})
	}
	s.noteRefusal(o.OnRecording, o.Kind(), r)
}

func drawLinks(s *State, _ Population) []Operation {
	name := LinkHandle(s.linked + 1)
	return s.eachRecording(func(o OnRecording) Operation { return Link{o, name} })
}

// Open follows a playback link, whole.
type Open struct {
	unnamed
	User Handle // a user or [Anyone]
	Link Handle
}

// Kind is "open".
func (o Open) Kind() Kind { return KindOpen }

// String is its line in a trace.
func (o Open) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Open) fields(f *fields) Operation {
	f.caller(&o.User)
	f.link(&o.Link)
	return o
}

// Actor is who follows the link.
func (o Open) Actor() Handle { return o.User }

// Uses is the link.
func (o Open) Uses() Handle { return o.Link }

func (o Open) known(s *State) bool { return s.link(o.Link) != nil }

func (o Open) obstacle(s *State) obstacle {
	l := s.link(o.Link)
	opens, revoked := s.opens(l, o.User), o.User != Anyone && !s.loggedIn(o.User)
	switch {
	case opens == no && o.User == Anyone && s.policy.Links == PersonalLinks:
		return linkNeedsToken
	case opens == no && revoked:
		return linkClosedToo
	case opens == no:
		return linkClosed
	case revoked:
		return linkOfLoggedOut
	case opens == either:
		return linkUncertain
	}
	return nothing
}

func (o Open) expect(s *State, _ int) Response {
	rec, _ := s.recording(s.link(o.Link).recording)
	return Response{Outcome: OK, Content: &Content{Length: rec.size(), Total: rec.size()}}
}

func (o Open) step(s *State, _ int, r Response) {
	if l := s.link(o.Link); l != nil {
		OnRecording{o.User, l.recording}.noteAccess(s, r, Viewed)
		s.noteHeld(l.recording, &r)
	}
}

func drawOpens(s *State, _ Population) []Operation {
	out := make([]Operation, 0, len(s.links)*(len(s.users)+1))
	for i := range s.links {
		out = append(out, Open{User: Anyone, Link: s.links[i].handle})
		for _, u := range s.users {
			out = append(out, Open{User: u.handle, Link: s.links[i].handle})
		}
	}
	return out
}
