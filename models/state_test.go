package models

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// people is how most traces of the tests begin.
const people = "alice = patient()\nbob = patient()\ndr1 = clinician()\ndr2 = clinician()\nb1 = alice.book(dr1, audio)\n"

// after is the state of a correct service after a trace.
func after(t testing.TB, p *Policy, text string) (*State, int) {
	t.Helper()
	s, calls := NewState(p), trace(t, text).Calls()
	for _, c := range calls {
		s = s.Step(c, s.Expect(c))
	}
	return s, len(calls)
}

// lines writes operations that a test gives in one line in lines of their own.
func lines(text string) string { return strings.ReplaceAll(text, "; ", "\n") + "\n" }

// expectation is what a correct service answers to the last operation of a
// trace that begins with people.
type expectation struct {
	name, before, op, want string
}

func (e expectation) run(t *testing.T, p Policy) {
	t.Run(e.name, func(t *testing.T) {
		text := people
		if e.before != "" {
			text += lines(e.before)
		}
		s, n := after(t, &p, text)
		op := trace(t, text+e.op).Ops[n]
		require.Equal(t, e.want, s.Expect(Call{n + 1, op}).String())
	})
}

const (
	spoken = "alice.join(b1); alice.speak(b1)"
	held   = spoken + "; alice.leave(b1)"
	// twice has two segments with media and one without between them.
	twice = spoken + "; alice.switch(b1, video); alice.switch(b1, audio); alice.switch(b1, video); dr1.join(b1); dr1.speak(b1); dr1.speak(b1); dr1.end(b1)"
)

func TestAcceptsAgreesWithExpect(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pop := Population{Patients: 3, Clinicians: 2, Slots: 2}
	for i := range 100 {
		p := ReferencePolicy()
		p.Groups = i%2 == 0
		s := NewState(&p)
		for step := 1; step <= 40; step++ {
			ops := s.Enabled(pop)
			for _, op := range ops {
				require.Equal(t, s.Expect(Call{Step: step, Op: op}).Outcome == OK, s.Accepts(op), "%s", op)
			}
			c := Call{Step: step, Op: ops[r.IntN(len(ops))]}
			s = s.Step(c, s.Expect(c))
		}
	}
}

func TestEncounterNumbersTheRecordingThatMediaGoesTo(t *testing.T) {
	for policy, want := range map[string][]int{
		"the reference":                    {1, 1, 2, 2, 2, 2, 3},
		"one recording for a consultation": {1, 1, 1, 1, 1, 1, 1},
		"audio is not recorded":            {0, 0, 1, 0, 1, 1, 0},
	} {
		p := policies()[policy]
		s, n := after(t, &p, people)
		tr := trace(t, people+lines("alice.join(b1); alice.speak(b1); alice.switch(b1, video); alice.switch(b1, audio); alice.switch(b1, video); alice.speak(b1); alice.switch(b1, audio)"))
		var got []int
		for _, c := range tr.Calls()[n:] {
			r := s.Expect(c)
			got = append(got, r.Encounter.Segment)
			s = s.Step(c, r)
		}
		require.Equal(t, want, got, policy)
	}
}

func TestRowsSayWhatTheRecordingIs(t *testing.T) {
	p := ReferencePolicy()
	s, n := after(t, &p, people+lines(twice))
	r := s.Expect(Call{n + 1, List{ByUser: ByUser{"dr1"}}})
	require.Equal(t, []Row{
		{Recording: "b1.r1", Subject: "alice", Mode: Audio, Segment: 1, Size: 256, Tag: Tag{Booking: "b1"}},
		{Recording: "b1.r2", Subject: "alice", Mode: Video, Segment: 2, Size: 512, Tag: Tag{Booking: "b1"}},
	}, r.Listing.Rows)
	rec, ok := s.recording("b1.r2")
	require.True(t, ok)
	require.Equal(t, []int{12, 13}, rec.moments, "moments are steps of the trace")

	p = policies()["one recording for a consultation"]
	s, _ = after(t, &p, people+lines(twice))
	rec, _ = s.recording("b1.r1")
	require.Equal(t, []int{7, 12, 13}, rec.moments)
	require.Empty(t, rec.mode, "a recording in two modes has none")
}

func TestAnOperationOnTheWrongKindOfHandleIsNotSent(t *testing.T) {
	p := ReferencePolicy()
	s, n := after(t, &p, people)
	for _, op := range []Operation{
		Join{OnBooking{"alice", "bob"}},
		Join{OnBooking{"b1", "b1"}},
		Switch{OnBooking{"alice", "dr1"}, Video},
		Book{Booking: "b2", User: "alice", Clinician: "b1", Mode: Audio, Slot: 0},
		Get{OnRecording{"alice", "bob.r1"}},
		List{ByUser: ByUser{"b1"}},
	} {
		c := Call{n + 1, op}
		require.Equal(t, Unbound, s.Expect(c).Outcome, op)
		f := NewFindings()
		f.Observe(&Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: Response{Outcome: OK}})
		s.Step(c, Response{Outcome: OK})
	}
}

func TestAnUnknownOutcomeChangesNothing(t *testing.T) {
	p := ReferencePolicy()
	before, n := after(t, &p, people+lines(spoken))
	for _, line := range []string{"alice.leave(b1)", "alice.speak(b1)", "alice.switch(b1, video)", "bob.cancel(b1)"} {
		c := Call{n + 1, trace(t, people+line).Ops[5]}
		next := before.Step(c, Response{Outcome: Unknown})
		require.Equal(t, before.booking("b1").segments, next.booking("b1").segments, line)
		require.Equal(t, InProgress, next.booking("b1").status, line)
	}
	logout := Call{n + 1, Logout{ByUser{"alice"}}}
	require.True(t, before.Step(logout, Response{Outcome: Unknown}).loggedIn("alice"))

	for _, outcome := range []Outcome{Unknown, Unbound, Unavailable, Conflict} {
		c := Call{n + 1, Book{Booking: "b2", User: "bob", Clinician: "dr2", Mode: Audio, Slot: 0}}
		require.Nil(t, before.Step(c, Response{Outcome: outcome}).booking("b2"), outcome)
	}
	for _, outcome := range []Outcome{Unbound, Unavailable} {
		c := Call{n + 1, Leave{OnBooking{"alice", "b1"}}}
		require.Equal(t, render(before), render(before.Step(c, Response{Outcome: outcome})), outcome)
	}
}

// render writes out all that a state holds.
func render(s *State) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v %+v %d %d %d %d %d\n", *s.policy, s.users, s.patients, s.clinicians, s.booked, s.linked, s.paged)
	fmt.Fprintf(&b, "%+v %+v %+v %+v\n", s.links, s.cursors, s.environment, s.refusals)
	for _, one := range s.bookings {
		fmt.Fprintf(&b, "%+v\n", one)
	}
	return b.String()
}

func TestSwitchHistories(t *testing.T) {
	p := ReferencePolicy()
	for _, test := range []struct {
		name, text string
		b1, alice  SwitchHistory
	}{
		{"never", held, NeverSwitched, NeverSwitched},
		{"to the mode it had", "alice.join(b1); alice.switch(b1, audio)", NeverSwitched, NeverSwitched},
		{"to video", "alice.join(b1); alice.switch(b1, video)", AudioToVideo, AudioToVideo},
		{"to video and back", "alice.join(b1); alice.switch(b1, video); alice.switch(b1, audio)", Repeatedly, Repeatedly},
		{"to video, refused", "alice.join(b1); bob.switch(b1, video)", NeverSwitched, NeverSwitched},
		{"to audio, in another", "b2 = alice.book(dr2, video); alice.join(b2); alice.switch(b2, audio)", NeverSwitched, VideoToAudio},
		{"in two", "b2 = alice.book(dr2, video); alice.join(b2); alice.switch(b2, audio); alice.join(b1); alice.switch(b1, video)", AudioToVideo, Repeatedly},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := after(t, &p, people+lines(test.text))
			require.Equal(t, test.b1, s.BookingHistory("b1.r1"))
			require.Equal(t, test.alice, s.PatientHistory("alice"))
			require.Equal(t, NeverSwitched, s.PatientHistory("bob"))
			require.Equal(t, NeverSwitched, s.BookingHistory("b9"))
		})
	}
}

func TestWhoIsWhoseAndWhoMaySeeWhat(t *testing.T) {
	p := ReferencePolicy()
	s, _ := after(t, &p, people+lines(held+"; bob.logout()"))
	require.Equal(t, Handle("alice"), s.Owner("b1.r1"))
	require.Equal(t, Handle("alice"), s.Owner("b1"))
	require.Empty(t, s.Owner("b9.r1"))
	require.Equal(t, []Handle{"b1.r1"}, s.Recordings())
	require.Equal(t, []Handle{"alice", "dr1", "dr2"}, s.LoggedIn())
	require.True(t, s.IsPatient("alice") && !s.IsPatient("dr1") && !s.IsPatient("b1"))
	for viewer, may := range map[Handle]bool{"alice": true, "dr1": true, "bob": false, "dr2": false, "": false, "zoe": false} {
		require.Equal(t, may, s.MaySee(viewer, "b1.r1"), viewer)
	}
}

func TestNamesOfClosedSetsReadBack(t *testing.T) {
	for l := NotExposed; l <= Controlled; l++ {
		text, err := l.MarshalText()
		require.NoError(t, err)
		var back Level
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, l, back)
	}
	for h := NeverSwitched; h <= Repeatedly; h++ {
		text, err := h.MarshalText()
		require.NoError(t, err)
		var back SwitchHistory
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, h, back)
	}
	var l Level
	require.EqualError(t, l.UnmarshalText([]byte("seen")), `unknown exposure level "seen"`)
	var h SwitchHistory
	require.EqualError(t, h.UnmarshalText([]byte("often")), `unknown switch history "often"`)
	require.Equal(t, "unknown", Level(99).String())
	require.Equal(t, "unknown", SwitchHistory(99).String())
}

func TestHandlesOfRecordingsSplit(t *testing.T) {
	for h, want := range map[Handle]int{"b1.r1": 1, "b1.r12": 12, "b1.r0": 0, "b1.r01": 0, "b1.r+1": 0, "b1.r-1": 0, "b1.r": 0,
		".r1": 0, "b1": 0, "b1.r1.r2": 0, "?1": 0, "": 0, "b1.r99999999999999999999": 0} {
		booking, n, ok := h.Recording()
		require.Equal(t, want, n, h)
		require.Equal(t, want > 0, ok, h)
		if ok {
			require.Equal(t, h, RecordingHandle(booking, n))
			require.Equal(t, booking, h.Booking())
		} else {
			require.Equal(t, h, h.Booking())
		}
	}
	require.Equal(t, Handle("judy"), PatientHandle(10))
	require.Equal(t, Handle("p11"), PatientHandle(11))
}
