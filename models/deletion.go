package models

import "slices"

// Delete deletes a recording: it is gone for everybody and from every path, where
// nothing else is declared.
type Delete struct{ OnRecording }

// Kind is "delete".
func (o Delete) Kind() Kind { return KindDelete }

// String is its line in a trace.
func (o Delete) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Delete) fields(f *fields) Operation { o.onRecording(f); return o }

func (o Delete) obstacle(s *State) obstacle {
	b := s.keepsFrom(o.OnRecording)
	if b == notTheirPatient && s.mayDelete(o.OnRecording) {
		return nothing
	}
	return b
}

// mayDelete reports whether one who may see a recording deletes it as is declared,
// though it is not theirs.
func (s *State) mayDelete(o OnRecording) bool {
	b := s.booking(o.Recording.Booking())
	return b.clinician == o.User && s.policy.Access.of(deleters) == byClinician || s.hidesFromThem(b, o)
}

// hidesFromThem reports whether deleting a recording hides it from the one who does,
// with whom it is shared, and from nobody else.
func (s *State) hidesFromThem(b *booking, o OnRecording) bool {
	way := s.policy.Access.of(recipients)
	_, n, _ := o.Recording.Recording()
	return (way == byDeleting || way == byEither) && s.role(o.User, b) == stranger && slices.Contains(b.shares, share{n, o.User})
}

func (o Delete) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Delete) step(s *State, _ int, r Response) {
	s.noteRefusal(o.OnRecording, o.Kind(), r)
	if r.Outcome != OK {
		return
	}
	b, n := o.split(s)
	switch {
	case b == nil:
	case s.hidesFromThem(b, o.OnRecording):
		b.shares = b.withoutShare(n, o.User)
		s.lapseLinks(o.User)
	case s.policy.Access.of(deletion) == hiddenFromThem && b.role(o.User) != asClinician:
		b.hidden = withNumber(b.hidden, n)
	default:
		b.gone = withNumber(b.gone, n)
	}
}

// withNumber is a list of numbers that has one, too.
func withNumber(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(slices.Clip(list), n)
}
