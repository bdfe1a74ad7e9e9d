package models

import "slices"

// share says that the recording of a booking with a number is shared with
// somebody.
type share struct {
	number int
	with   Handle
}

// Sharing is what a patient does about who else may see a recording.
type Sharing struct {
	OnRecording
	Peer Handle
}

// Whom is who may see it besides.
func (o Sharing) Whom() Handle { return o.Peer }

func (o *Sharing) sharing(f *fields) {
	o.ofUser(f)
	f.peer(&o.Peer)
}

func (o Sharing) obstacle(s *State) obstacle {
	if b := s.keepsFrom(o.OnRecording); b != nothing {
		return b
	}
	return s.unfit(s.booking(o.Recording.Booking()).patient, o.Peer)
}

func (o Sharing) expect(*State, int) Response { return Response{Outcome: OK} }

// keepsFrom is what keeps all but the patient whose recording it is, or a proxy where
// that is declared, from sharing and deleting it, and them where it is not there.
func (s *State) keepsFrom(o OnRecording) obstacle {
	b := s.booking(o.Recording.Booking())
	if b == nil {
		return nothingThere
	}
	theirs := b.patient == o.User || s.policy.Access.of(proxiesDispose) == allowed && s.isProxy(o.User, b.patient)
	switch {
	case theirs && s.goneTo(o.User, o.Recording):
		return deletedAlready
	case theirs:
		return nothing
	case s.MaySee(o.User, o.Recording):
		return notTheirPatient
	}
	return noRight
}

// split is the booking of the recording that is shared, to be changed, and the
// recording's number. The booking is nil where there is none.
func (o OnRecording) split(s *State) (*booking, int) {
	name, n, ok := o.Recording.Recording()
	if !ok || s.booking(name) == nil {
		return nil, 0
	}
	return s.editBooking(name), n
}

// Share lets another patient see a recording; a clinician, where the service lets a
// patient name one. To share it again, or with oneself, changes nothing.
type Share struct{ Sharing }

// Kind is "share".
func (o Share) Kind() Kind { return KindShare }

// String is its line in a trace.
func (o Share) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Share) fields(f *fields) Operation { o.sharing(f); return o }

func (o Share) step(s *State, _ int, r Response) {
	if r.Outcome != OK || o.Peer == o.User {
		return
	}
	if b, n := o.split(s); b != nil {
		b.shares = append(b.withoutShare(n, o.Peer), share{n, o.Peer})
	}
}

// Unshare takes back what [Share] allowed. To take back what was not shared
// changes nothing.
type Unshare struct{ Sharing }

// Kind is "unshare".
func (o Unshare) Kind() Kind { return KindUnshare }

// String is its line in a trace.
func (o Unshare) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Unshare) fields(f *fields) Operation { o.sharing(f); return o }

func (o Unshare) obstacle(s *State) obstacle {
	b, way := o.Sharing.obstacle(s), s.policy.Access.of(recipients)
	if b == notTheirPatient && (way == byUnsharing || way == byEither) && o.User == o.Peer {
		return nothing
	}
	return b
}

func (o Unshare) step(s *State, _ int, r Response) {
	if r.Outcome != OK {
		return
	}
	if b, n := o.split(s); b != nil {
		b.shares = b.withoutShare(n, o.Peer)
		s.lapseLinks(o.Peer)
	}
}

func (b *booking) withoutShare(n int, with Handle) []share {
	return slices.DeleteFunc(slices.Clone(b.shares), func(sh share) bool { return sh == share{n, with} })
}

// drawSharing draws operations of each user on each recording with each other.
func drawSharing(op func(Sharing) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		all := s.Recordings()
		out := make([]Operation, 0, len(s.users)*len(s.users)*len(all))
		for _, u := range s.users {
			for _, h := range all {
				for _, peer := range s.users {
					out = append(out, op(Sharing{OnRecording{u.handle, h}, peer.handle}))
				}
			}
		}
		return out
	}
}
