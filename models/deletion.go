package models

import "slices"

// Delete deletes a recording: it is gone for everybody and from every path.
type Delete struct{ OnRecording }

// Kind is "delete".
func (o Delete) Kind() Kind { return KindDelete }

// String is its line in a trace.
func (o Delete) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Delete) fields(f *fields) Operation { o.onRecording(f); return o }

func (o Delete) obstacle(s *State) obstacle { return s.keepsFrom(o.OnRecording) }

func (o Delete) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Delete) step(s *State, _ int, r Response) {
	s.noteRefusal(o.OnRecording, o.Kind(), r)
	if r.Outcome != OK {
		return
	}
	if b, n := o.split(s); b != nil && !slices.Contains(b.gone, n) {
		b.gone = append(slices.Clip(b.gone), n)
	}
}
