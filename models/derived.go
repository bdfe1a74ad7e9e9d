package models

// Thumb reads a still from a recording.
type Thumb struct{ OnRecording }

// Kind is "thumb".
func (o Thumb) Kind() Kind { return KindThumb }

// String is its line in a trace.
func (o Thumb) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Thumb) fields(f *fields) Operation { o.onRecording(f); return o }

func (o Thumb) expect(s *State, _ int) Response { return o.read(s, derive) }

func (o Thumb) step(s *State, _ int, r Response) { o.note(s, o.Kind(), r, Previewed) }

// Transcript reads what was said in a recording.
type Transcript struct{ OnRecording }

// Kind is "transcript".
func (o Transcript) Kind() Kind { return KindTranscript }

// String is its line in a trace.
func (o Transcript) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Transcript) fields(f *fields) Operation { o.onRecording(f); return o }

func (o Transcript) expect(s *State, _ int) Response { return o.read(s, derive) }

func (o Transcript) step(s *State, _ int, r Response) { o.note(s, o.Kind(), r, Previewed) }

// derive is what a correct service answers that delivers something derived from
// a recording: something of it, whose size is the service's affair.
func derive(recording) Response { return Response{Outcome: OK, Content: &Content{Total: -1}} }
