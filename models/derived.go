package models

// Thumb reads a still from a recording.
type Thumb struct{ OnRecording }

// Kind is "thumb".
func (o Thumb) Kind() Kind { return KindThumb }

// Rename renames the user and the recording.
func (o Thumb) Rename(f func(Handle) Handle) Operation { return Thumb{o.rename(f)} }

// String is for example "alice.thumb(b1.r1)".
func (o Thumb) String() string { return invoke(o.User, string(KindThumb), string(o.Recording)) }

func (o Thumb) expect(s *State, _ int) Response { return o.read(s, derive) }

func (o Thumb) step(s *State, _ int, r Response) { o.note(s, o.Kind(), r, Previewed) }

// Transcript reads what was said in a recording.
type Transcript struct{ OnRecording }

// Kind is "transcript".
func (o Transcript) Kind() Kind { return KindTranscript }

// Rename renames the user and the recording.
func (o Transcript) Rename(f func(Handle) Handle) Operation { return Transcript{o.rename(f)} }

// String is for example "alice.transcript(b1.r1)".
func (o Transcript) String() string {
	return invoke(o.User, string(KindTranscript), string(o.Recording))
}

func (o Transcript) expect(s *State, _ int) Response { return o.read(s, derive) }

func (o Transcript) step(s *State, _ int, r Response) { o.note(s, o.Kind(), r, Previewed) }

// derive is what a correct service answers that delivers something derived from
// a recording: something of it, whose size is the service's affair.
func derive(recording) Response { return Response{Outcome: OK, Content: &Content{Total: -1}} }
