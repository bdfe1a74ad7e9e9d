package models

import (
	"fmt"
	"strconv"
)

// recording is one row of the Consultation Replays.
type recording struct {
	handle  Handle
	booking *booking
	number  int
	mode    Mode
	moments []int
}

// size is the length of the recording in bytes.
func (r recording) size() int64 { return int64(len(r.moments) * MediaSize) }

// recordings are those of a completed consultation, in order: one for each
// segment with media, or one for all, whose mode is left unsaid when it changed.
func (s *State) recordings(b *booking) []recording {
	if b.status != Completed {
		return nil
	}
	var out []recording
	for _, seg := range b.segments {
		if !seg.recorded(s.policy) {
			continue
		}
		if len(out) == 1 && s.policy.Recordings == PerConsultation {
			out[0].moments = append(out[0].moments[:len(out[0].moments):len(out[0].moments)], seg.moments...)
			continue
		}
		n, mode := len(out)+1, seg.mode
		if s.policy.Recordings == PerConsultation && len(b.segments) > 1 {
			mode = ""
		}
		out = append(out, recording{RecordingHandle(b.handle, n), b, n, mode, seg.moments})
	}
	return out
}

// recording finds a recording by its handle.
func (s *State) recording(h Handle) (recording, bool) {
	name, n, ok := h.Recording()
	if !ok {
		return recording{}, false
	}
	b := s.booking(name)
	if b == nil {
		return recording{}, false
	}
	all := s.recordings(b)
	if n > len(all) {
		return recording{}, false
	}
	return all[n-1], true
}

// visible are the recordings that a user may see, in order of booking.
func (s *State) visible(u Handle) []recording {
	var out []recording
	for i := range s.bookings {
		if b := &s.bookings[i]; b.role(u) != stranger {
			out = append(out, s.recordings(b)...)
		}
	}
	return out
}

// maySee reports whether a user may see the recordings of a booking.
func (s *State) maySee(u, booking Handle) bool {
	b := s.booking(booking)
	return b != nil && b.role(u) != stranger
}

// MaySee reports whether a user may see a recording, or those of a booking.
func (s *State) MaySee(u, recording Handle) bool { return s.maySee(u, recording.Booking()) }

// Owner is the patient of a booking or a recording, or empty.
func (s *State) Owner(h Handle) Handle {
	if b := s.booking(h.Booking()); b != nil {
		return b.patient
	}
	return ""
}

// Recordings lists every recording there is, in order of booking.
func (s *State) Recordings() []Handle {
	var out []Handle
	for i := range s.bookings {
		for _, r := range s.recordings(&s.bookings[i]) {
			out = append(out, r.handle)
		}
	}
	return out
}

// LoggedIn lists the users who hold a valid token, in order of registration.
func (s *State) LoggedIn() []Handle {
	var out []Handle
	for _, u := range s.users {
		if u.loggedIn {
			out = append(out, u.handle)
		}
	}
	return out
}

// IsLoggedIn reports whether a user holds a valid token.
func (s *State) IsLoggedIn(h Handle) bool { return s.loggedIn(h) }

// IsPatient reports whether a handle names a registered patient.
func (s *State) IsPatient(h Handle) bool {
	u := s.user(h)
	return u != nil && !u.clinician
}

// row is what a correct service shows of a recording.
func (r recording) row() Row {
	return Row{Recording: r.handle, Subject: r.booking.patient, Mode: r.mode, Segment: r.number, Size: r.size(),
		Tag: Tag{Booking: r.booking.handle}}
}

// List reads every page of the user's Consultation Replays.
type List struct {
	ByUser
	Limit int // rows on a page; 0 for the service's default
}

// Kind is "list".
func (o List) Kind() Kind { return KindList }

// Rename renames the user.
func (o List) Rename(f func(Handle) Handle) Operation { return List{o.rename(f), o.Limit} }

// String is for example "alice.list(limit=2)".
func (o List) String() string {
	if o.Limit == 0 {
		return invoke(o.User, string(KindList))
	}
	return invoke(o.User, string(KindList), "limit="+strconv.Itoa(o.Limit))
}

func (o List) expect(s *State, _ int) Response {
	all := s.visible(o.User)
	rows := make([]Row, len(all))
	for i, r := range all {
		rows[i] = r.row()
	}
	return Response{Outcome: OK, Listing: &Listing{Rows: rows}}
}

func (o List) step(*State, int, Response) {}

func parseList(r *reader) Operation {
	return List{ByUser{r.actor()}, r.option("limit", 1, 1000)}
}

func drawLists(s *State, _ Population) []Operation {
	out := make([]Operation, 0, 3*len(s.users))
	for _, u := range s.users {
		by := ByUser{u.handle}
		out = append(out, List{by, 0}, List{by, 1}, List{by, 2})
	}
	return out
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

func (o OnRecording) rename(f func(Handle) Handle) OnRecording {
	return OnRecording{o.User.rename(f), o.Recording.rename(f)}
}

// read is the answer of a correct service to a read of the recording.
func (o OnRecording) read(s *State, answer func(recording) Response) Response {
	if !s.MaySee(o.User, o.Recording) {
		return Response{Outcome: s.policy.Refusal}
	}
	r, ok := s.recording(o.Recording)
	if !ok {
		return Response{Outcome: Missing}
	}
	return answer(r)
}

func (o OnRecording) step(*State, int, Response) {}

// Get reads a recording's metadata.
type Get struct{ OnRecording }

// Kind is "get".
func (o Get) Kind() Kind { return KindGet }

// Rename renames the user and the recording.
func (o Get) Rename(f func(Handle) Handle) Operation { return Get{o.rename(f)} }

// String is for example "alice.get(b1.r1)".
func (o Get) String() string { return invoke(o.User, string(KindGet), string(o.Recording)) }

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

// Rename renames the user and the recording.
func (o Head) Rename(f func(Handle) Handle) Operation { return Head{o.rename(f)} }

// String is for example "alice.head(b1.r1)".
func (o Head) String() string { return invoke(o.User, string(KindHead), string(o.Recording)) }

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

// Rename renames the user and the recording.
func (o Play) Rename(f func(Handle) Handle) Operation { return Play{o.rename(f), o.Range} }

// String is for example "alice.play(b1.r1, range=0-99)".
func (o Play) String() string {
	if o.Range.Whole() {
		return invoke(o.User, string(KindPlay), string(o.Recording))
	}
	return invoke(o.User, string(KindPlay), string(o.Recording), "range="+o.Range.String())
}

func (o Play) expect(s *State, _ int) Response {
	return o.read(s, func(r recording) Response {
		if !o.Range.Whole() && o.Range.First >= r.size() {
			return Response{Outcome: Invalid}
		}
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

func parsePlay(r *reader) Operation {
	return Play{OnRecording{r.actor(), r.recording()}, r.byteRange("range")}
}

// drawnRanges are the ranges that are drawn: the whole, the beginning, a stretch
// from the middle, and one that need not exist.
var drawnRanges = [...]Range{{}, {0, 100}, {64, 128}, {256, 96}}

func drawPlays(s *State, _ Population) []Operation {
	var out []Operation
	for _, u := range s.users {
		for _, h := range s.Recordings() {
			for _, r := range drawnRanges {
				out = append(out, Play{OnRecording{u.handle, h}, r})
			}
		}
	}
	return out
}

func onRecordingParser(op func(OnRecording) Operation) func(*reader) Operation {
	return func(r *reader) Operation { return op(OnRecording{r.actor(), r.recording()}) }
}

func onRecordingDrawer(op func(OnRecording) Operation) func(*State, Population) []Operation {
	return func(s *State, _ Population) []Operation {
		all := s.Recordings()
		out := make([]Operation, 0, len(s.users)*len(all))
		for _, u := range s.users {
			for _, h := range all {
				out = append(out, op(OnRecording{u.handle, h}))
			}
		}
		return out
	}
}
