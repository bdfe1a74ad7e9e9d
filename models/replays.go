package models

import (
	"fmt"
	"slices"
)

// List reads every page of the user's Consultation Replays.
type List struct {
	ByUser
	Limit int  // rows on a page; 0 for the service's default
	Mode  Mode // only recordings in this mode; empty for all
}

// maxLimit is the greatest number of rows that can be asked for on a page.
const maxLimit = 1000

// Kind is "list".
func (o List) Kind() Kind { return KindList }

// String is its line in a trace.
func (o List) String() string { var f fields; return f.line(o.fields(&f)) }

func (o List) fields(f *fields) Operation {
	f.caller(&o.User)
	f.option("limit", &o.Limit, 1, maxLimit)
	f.choice("mode", (*string)(&o.Mode), string(Audio), string(Video))
	return o
}

func (o List) expect(s *State, _ int) Response {
	all := s.visible(o.User)
	if o.Mode != "" {
		all = slices.DeleteFunc(all, func(r recording) bool { return r.mode != o.Mode })
	}
	return Response{Outcome: OK, Listing: listingOf(all)}
}

func (o List) step(s *State, _ int, r Response) {
	s.noteRows(o.User, r)
	s.noteShown(o.User, &r, o.Mode == "")
}

func drawLists(s *State, _ Population) []Operation {
	out := make([]Operation, 0, 5*len(s.users)+1)
	for _, u := range s.users {
		by := ByUser{u.handle}
		out = append(out, List{by, 0, ""}, List{by, 1, ""}, List{by, 2, ""}, List{by, 0, Audio}, List{by, 0, Video})
	}
	return append(out, List{ByUser: ByUser{Anyone}})
}

// OnRecording is an operation of a user on one recording.
type OnRecording struct {
	User      Handle
	Recording Handle
}

// Actor is the user.
func (o OnRecording) Actor() Handle { return o.User }

// Defines is nothing.
func (o OnRecording) Defines() Handle { return "" }

// Uses is the recording.
func (o OnRecording) Uses() Handle { return o.Recording }

// Whom is nobody.
func (o OnRecording) Whom() Handle { return "" }

// onRecording passes over the fields of what also a caller without a token tries.
func (o *OnRecording) onRecording(f *fields) {
	f.caller(&o.User)
	f.recording(&o.Recording)
}

// ofUser passes over the fields of what users alone try.
func (o *OnRecording) ofUser(f *fields) {
	f.actor(&o.User)
	f.recording(&o.Recording)
}

func (o OnRecording) known(s *State) bool { return s.knows(o.Recording) }

func (o OnRecording) obstacle(s *State) obstacle {
	switch {
	case o.Recording.Phantom():
		return neverThere
	case !s.Entitled(o.User, o.Recording):
		return noRight
	case s.goneTo(o.User, o.Recording) && s.lingers(o.User, o.Recording):
		return binned
	case s.goneTo(o.User, o.Recording):
		return deleted
	}
	b := s.booking(o.Recording.Booking())
	if !s.counts(o.User, b) {
		return grantPending
	}
	if s.running(b) && s.isEarly(o.Recording) {
		return visitGoesOn
	}
	return nothing
}

// read is the answer of a correct service to a read of the recording.
func (o OnRecording) read(s *State, answer func(recording) Response) Response {
	r, ok := s.recording(o.Recording)
	if !ok {
		return Response{Outcome: Missing}
	}
	return answer(r)
}

// note records what a read of the recording has shown.
func (o OnRecording) note(s *State, kind Kind, r Response, level Level) {
	o.noteAccess(s, r, level)
	s.noteRefusal(o, kind, r)
}

// Get reads a recording's metadata.
type Get struct{ OnRecording }

// Kind is "get".
func (o Get) Kind() Kind { return KindGet }

// String is its line in a trace.
func (o Get) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Get) fields(f *fields) Operation { o.onRecording(f); return o }

func (o Get) step(s *State, _ int, r Response) { o.note(s, o.Kind(), r, Previewed) }

func (o Get) expect(s *State, _ int) Response {
	return o.read(s, func(r recording) Response {
		row := r.row()
		return Response{Outcome: OK, Row: &row}
	})
}

// Head asks for the headers of a recording's media (RFC 9110 section 9.3.2).
type Head struct{ OnRecording }

// Kind is "head".
func (o Head) Kind() Kind { return KindHead }

// String is its line in a trace.
func (o Head) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Head) fields(f *fields) Operation { o.onRecording(f); return o }

func (o Head) step(s *State, _ int, r Response) { o.note(s, o.Kind(), r, Previewed) }

func (o Head) expect(s *State, _ int) Response {
	return o.read(s, func(r recording) Response {
		return Response{Outcome: OK, Content: &Content{Total: r.size()}}
	})
}

// Range is a range of bytes (RFC 9110 section 14.1.2): Length bytes from the
// offset First. The zero Range is the whole object.
type Range struct {
	First, Length int64
}

// Whole reports whether the range is the whole object.
func (r Range) Whole() bool { return r.Length == 0 }

// Last is the offset of the last byte of a range that is not the whole.
func (r Range) Last() int64 { return r.First + r.Length - 1 }

// String is for example "0-99", as in a Range header: both ends inclusive.
func (r Range) String() string { return fmt.Sprintf("%d-%d", r.First, r.Last()) }

// Play reads a recording's media, whole or a range of it.
type Play struct {
	OnRecording
	Range Range
}

// Kind is "play".
func (o Play) Kind() Kind { return KindPlay }

// String is its line in a trace.
func (o Play) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Play) fields(f *fields) Operation {
	o.onRecording(f)
	f.byteRange("range", &o.Range)
	return o
}

func (o Play) step(s *State, _ int, r Response) {
	o.note(s, o.Kind(), r, Viewed)
	if o.Range.Whole() {
		s.noteHeld(o.Recording, &r)
	}
}

func (o Play) obstacle(s *State) obstacle {
	if b := o.OnRecording.obstacle(s); b != nothing || o.Range.Whole() {
		return b
	}
	if r, ok := s.recording(o.Recording); ok && o.Range.First >= r.size() {
		return behindTheEnd
	}
	return nothing
}

func (o Play) expect(s *State, _ int) Response {
	return o.read(s, func(r recording) Response {
		return Response{Outcome: OK, Content: o.content(r)}
	})
}

// content is what a correct service delivers of a recording.
func (o Play) content(r recording) *Content {
	first, last := int64(0), r.size()-1
	if !o.Range.Whole() {
		first, last = o.Range.First, min(o.Range.Last(), last)
	}
	return &Content{From: first, Length: last - first + 1, Total: r.size()}
}

// drawnRanges are the ranges that are drawn: the whole, the beginning, a stretch
// from the middle, and one that need not exist.
var drawnRanges = [...]Range{{}, {0, 100}, {64, 128}, {256, 96}}

func drawPlays(s *State, _ Population) []Operation {
	return s.eachRead(func(o OnRecording) []Operation {
		out := make([]Operation, len(drawnRanges))
		for i, r := range drawnRanges {
			out[i] = Play{o, r}
		}
		return out
	})
}

// nowhere is the recording that never existed.
var nowhere = PhantomHandle(1)

// eachRead lists the reads of each recording, and of one that never existed, by
// each user, and of each recording by one without token.
func (s *State) eachRead(ops func(OnRecording) []Operation) []Operation {
	all := s.Recordings()
	var out []Operation
	for _, u := range s.users {
		for _, h := range all {
			out = append(out, ops(OnRecording{u.handle, h})...)
		}
		out = append(out, ops(OnRecording{u.handle, nowhere})[0])
	}
	for _, h := range all {
		out = append(out, ops(OnRecording{Anyone, h})[0])
	}
	return out
}

// eachRecording lists the operations of each user on each recording.
func (s *State) eachRecording(op func(OnRecording) Operation) []Operation {
	all := s.Recordings()
	out := make([]Operation, 0, len(s.users)*len(all))
	for _, u := range s.users {
		for _, h := range all {
			out = append(out, op(OnRecording{u.handle, h}))
		}
	}
	return out
}

// drawOnRecording draws operations on each recording, that callers without a token
// try, too.
func drawOnRecording(op func(OnRecording) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		return s.eachRead(func(o OnRecording) []Operation { return []Operation{op(o)} })
	}
}
