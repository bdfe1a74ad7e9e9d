package models

import "slices"

// Delete deletes a recording: it is gone for everybody and from every path.
type Delete struct{ OnRecording }

// Kind is "delete".
func (o Delete) Kind() Kind { return KindDelete }

// Rename renames the user and the recording.
func (o Delete) Rename(f func(Handle) Handle) Operation { return Delete{o.rename(f)} }

// String is for example "alice.delete(b1.r1)".
func (o Delete) String() string { return invoke(o.User, string(KindDelete), string(o.Recording)) }

func (o Delete) expect(s *State, _ int) Response { return Response{Outcome: s.disposes(o.OnRecording)} }

func (o Delete) step(s *State, _ int, r Response) {
	s.noteRefusal(o.OnRecording, o.Kind(), r)
	if r.Outcome != OK && r.Outcome != Unknown {
		return
	}
	b, n := o.split(s)
	switch {
	case b == nil || slices.Contains(b.gone, n):
	case r.Outcome == Unknown:
		b.uncertain = true
	default:
		b.gone = append(slices.Clip(b.gone), n)
	}
}
