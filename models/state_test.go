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

func TestExpect(t *testing.T) {
	for _, e := range []expectation{
		{"a patient registers", "", "carol = patient()", "ok"},
		{"a patient of 16 registers", "", "carol = patient(age=16)", "ok"},
		{"a patient of 15 may not register", "", "carol = patient(age=15)", "invalid"},
		{"a clinician registers", "", "dr3 = clinician()", "ok"},
		{"a child who was refused cannot act", "carol = patient(age=15)", "carol.list()", "unbound"},

		{"a patient logs in again", "", "alice.login()", "ok"},
		{"a patient logs in after logout", "alice.logout()", "alice.login()", "ok"},
		{"a patient logs out", "", "alice.logout()", "ok"},
		{"a patient logs out with a revoked token", "alice.logout()", "alice.logout()", "denied"},
		{"another's logout changes nothing", "bob.logout()", "alice.list()", "ok []"},
		{"a new login makes amends", "alice.logout(); alice.login()", "alice.list()", "ok []"},

		{"a patient books", "", "b2 = bob.book(dr2, video)", "ok"},
		{"a patient books another slot", "", "b2 = bob.book(dr1, video, slot=2)", "ok"},
		{"a patient books a slot that is taken", "", "b2 = bob.book(dr1, video)", "conflict"},
		{"slot 1 is the one that goes without saying", "", "b2 = bob.book(dr1, video, slot=1)", "conflict"},
		{"a patient books twice", "", "b2 = alice.book(dr1, video)", "conflict"},
		{"a slot is taken during the consultation", "alice.join(b1)", "b2 = bob.book(dr1, video)", "conflict"},
		{"a slot is free after the consultation", held, "b2 = bob.book(dr1, video)", "ok"},
		{"a slot is free after it was cancelled", "alice.cancel(b1)", "b2 = bob.book(dr1, video)", "ok"},
		{"a clinician cannot book", "", "b2 = dr2.book(dr1, video)", "denied"},
		{"a patient cannot be booked", "", "b2 = bob.book(alice, video)", "invalid"},
		{"a patient books after logout", "bob.logout()", "b2 = bob.book(dr2, audio)", "denied"},
		{"a booking that was refused is not bound", "b2 = bob.book(dr1, video)", "bob.join(b2)", "unbound"},

		{"the patient cancels", "", "alice.cancel(b1)", "ok cancelled audio"},
		{"the clinician cancels", "", "dr1.cancel(b1)", "ok cancelled audio"},
		{"a stranger cancels", "", "bob.cancel(b1)", "missing"},
		{"another clinician cancels", "", "dr2.cancel(b1)", "missing"},
		{"the patient cancels after logout", "alice.logout()", "alice.cancel(b1)", "denied"},
		{"a cancelled booking is cancelled", "alice.cancel(b1)", "alice.cancel(b1)", "conflict"},
		{"a consultation in progress is cancelled", "alice.join(b1)", "alice.cancel(b1)", "conflict"},
		{"a completed consultation is cancelled", held, "dr1.cancel(b1)", "conflict"},

		{"the patient joins", "", "alice.join(b1)", "ok in-progress audio"},
		{"the clinician joins", "", "dr1.join(b1)", "ok in-progress audio"},
		{"the second joins", "alice.join(b1)", "dr1.join(b1)", "ok in-progress audio"},
		{"a stranger joins", "alice.join(b1)", "bob.join(b1)", "missing"},
		{"the patient joins after logout", "alice.logout()", "alice.join(b1)", "denied"},
		{"one who is there joins", "alice.join(b1)", "alice.join(b1)", "conflict"},
		{"one who was dropped joins", "alice.join(b1); alice.drop(b1)", "alice.join(b1)", "ok in-progress audio"},
		{"one who left joins while it lasts", "alice.join(b1); dr1.join(b1); alice.leave(b1)", "alice.join(b1)", "ok in-progress audio"},
		{"one joins a cancelled consultation", "alice.cancel(b1)", "alice.join(b1)", "conflict"},
		{"one joins a completed consultation", held, "dr1.join(b1)", "conflict"},

		{"the patient is dropped", "alice.join(b1)", "alice.drop(b1)", "ok in-progress audio"},
		{"one who is not there is dropped", "dr1.join(b1)", "alice.drop(b1)", "conflict"},
		{"one who was dropped is dropped", "alice.join(b1); alice.drop(b1)", "alice.drop(b1)", "conflict"},
		{"a stranger is dropped", "alice.join(b1)", "bob.drop(b1)", "missing"},
		{"the patient is dropped after logout", "alice.join(b1); alice.logout()", "alice.drop(b1)", "denied"},

		{"the last leaves", "alice.join(b1)", "alice.leave(b1)", "ok completed audio"},
		{"one leaves and one stays", "alice.join(b1); dr1.join(b1)", "alice.leave(b1)", "ok in-progress audio"},
		{"the last leaves after the other", "alice.join(b1); dr1.join(b1); alice.leave(b1)", "dr1.leave(b1)", "ok completed audio"},
		{"one leaves and one is dropped", "alice.join(b1); dr1.join(b1); dr1.drop(b1)", "alice.leave(b1)", "ok in-progress audio"},
		{"one who was dropped leaves", "alice.join(b1); alice.drop(b1)", "alice.leave(b1)", "conflict"},
		{"one who is not there leaves", "dr1.join(b1)", "alice.leave(b1)", "conflict"},
		{"a stranger leaves", "alice.join(b1)", "bob.leave(b1)", "missing"},
		{"one leaves before it begins", "", "alice.leave(b1)", "conflict"},
		{"one leaves a completed consultation", held, "alice.leave(b1)", "conflict"},

		{"the clinician ends it", "alice.join(b1); dr1.join(b1)", "dr1.end(b1)", "ok completed audio"},
		{"the patient may not end it", "alice.join(b1); dr1.join(b1)", "alice.end(b1)", "denied"},
		{"the clinician ends it from outside", "alice.join(b1)", "dr1.end(b1)", "conflict"},
		{"a stranger ends it", "alice.join(b1)", "dr2.end(b1)", "missing"},
		{"the clinician ends it after logout", "dr1.join(b1); dr1.logout()", "dr1.end(b1)", "denied"},
		{"the clinician ends it twice", "dr1.join(b1); dr1.end(b1)", "dr1.end(b1)", "conflict"},

		{"the patient speaks", "alice.join(b1)", "alice.speak(b1)", "ok in-progress audio"},
		{"the clinician speaks", "dr1.join(b1)", "dr1.speak(b1)", "ok in-progress audio"},
		{"one speaks who is not there", "dr1.join(b1)", "alice.speak(b1)", "conflict"},
		{"one speaks who was dropped", "alice.join(b1); alice.drop(b1)", "alice.speak(b1)", "conflict"},
		{"a stranger speaks", "alice.join(b1)", "bob.speak(b1)", "missing"},
		{"the patient speaks after logout", "alice.join(b1); alice.logout()", "alice.speak(b1)", "denied"},

		{"the patient switches to video", "alice.join(b1)", "alice.switch(b1, video)", "ok in-progress video"},
		{"the clinician switches to video", "dr1.join(b1)", "dr1.switch(b1, video)", "ok in-progress video"},
		{"the patient switches to what it is", "alice.join(b1)", "alice.switch(b1, audio)", "ok in-progress audio"},
		{"the patient switches back", "alice.join(b1); alice.switch(b1, video)", "alice.switch(b1, audio)", "ok in-progress audio"},
		{"the patient switches before it begins", "", "alice.switch(b1, video)", "conflict"},
		{"the patient switches when it is over", held, "alice.switch(b1, video)", "conflict"},
		{"one switches who is not there", "dr1.join(b1)", "alice.switch(b1, video)", "conflict"},
		{"a stranger switches", "alice.join(b1)", "bob.switch(b1, video)", "missing"},
		{"the patient switches after logout", "alice.join(b1); alice.logout()", "alice.switch(b1, video)", "denied"},

		{"there is no recording before the end", spoken, "alice.list()", "ok []"},
		{"there is no recording of silence", "alice.join(b1); alice.leave(b1)", "alice.list()", "ok []"},
		{"the patient sees his recording", held, "alice.list()", "ok [b1.r1]"},
		{"the clinician sees it", held, "dr1.list(limit=1)", "ok [b1.r1]"},
		{"a stranger does not see it", held, "bob.list()", "ok []"},
		{"each segment with media is a recording", twice, "alice.list()", "ok [b1.r1 b1.r2]"},
		{"a listing after logout", held + "; alice.logout()", "alice.list()", "denied"},

		{"the patient reads metadata", held, "alice.get(b1.r1)", "ok b1.r1"},
		{"the clinician reads metadata", held, "dr1.get(b1.r1)", "ok b1.r1"},
		{"a stranger reads metadata", held, "bob.get(b1.r1)", "missing"},
		{"the patient reads metadata after logout", held + "; alice.logout()", "alice.get(b1.r1)", "denied"},
		{"a recording that is not there is not bound", held, "alice.get(b1.r2)", "unbound"},
		{"a recording is not bound before the end", spoken, "alice.get(b1.r1)", "unbound"},
		{"the patient asks for headers", held, "alice.head(b1.r1)", "ok 0 of 256 bytes"},
		{"a stranger asks for headers", held, "bob.head(b1.r1)", "missing"},
		{"the patient plays all of it", twice, "alice.play(b1.r2)", "ok 512 of 512 bytes"},
		{"the patient plays a range", held, "alice.play(b1.r1, range=0-99)", "ok 100 of 256 bytes"},
		{"the patient plays a range that ends behind the end", held, "alice.play(b1.r1, range=200-299)", "ok 56 of 256 bytes"},
		{"the patient plays the last byte", held, "alice.play(b1.r1, range=255-255)", "ok 1 of 256 bytes"},
		{"the patient plays a range behind the end", held, "alice.play(b1.r1, range=256-300)", "invalid"},
		{"a stranger plays a range behind the end", held, "bob.play(b1.r1, range=256-300)", "missing"},
		{"a stranger plays", held, "bob.play(b1.r1)", "missing"},
	} {
		e.run(t, ReferencePolicy())
	}
}

func TestExpectUnderOtherPolicies(t *testing.T) {
	all := policies()
	for _, test := range []struct {
		policy string
		expectation
	}{
		{"the patient may end", expectation{"the patient ends it", "alice.join(b1); dr1.join(b1)", "alice.end(b1)", "ok completed audio"}},
		{"the patient may end", expectation{"a stranger does not", "alice.join(b1)", "bob.end(b1)", "missing"}},
		{"strangers are denied", expectation{"a stranger reads", held, "bob.get(b1.r1)", "denied"}},
		{"strangers are denied", expectation{"a stranger joins", "", "bob.join(b1)", "denied"}},
		{"strangers are denied", expectation{"what is not there stays unbound", "", "bob.get(b1.r1)", "unbound"}},
		{"children may register", expectation{"a child registers", "", "carol = patient(age=1)", "ok"}},
		{"audio is not recorded", expectation{"a consultation in audio has no recording", held, "alice.list()", "ok []"}},
		{"audio is not recorded", expectation{"the video after a switch is the first recording", twice, "alice.list()", "ok [b1.r1]"}},
		{"audio is not recorded", expectation{"it has the bytes spoken in video only", twice, "alice.play(b1.r1)", "ok 512 of 512 bytes"}},
		{"one recording for a consultation", expectation{"two segments make one recording", twice, "alice.list()", "ok [b1.r1]"}},
		{"one recording for a consultation", expectation{"it has the bytes of both", twice, "alice.play(b1.r1)", "ok 768 of 768 bytes"}},
		{"one recording for a consultation", expectation{"a range runs from one segment into the other", twice, "alice.play(b1.r1, range=250-349)", "ok 100 of 768 bytes"}},
	} {
		test.name = test.policy + ": " + test.name
		test.run(t, all[test.policy])
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

func TestAnUnknownOutcomeChangesNothingButWhatIsCertain(t *testing.T) {
	p := ReferencePolicy()
	before, n := after(t, &p, people+lines(spoken))
	for _, line := range []string{"alice.leave(b1)", "alice.speak(b1)", "alice.switch(b1, video)", "bob.cancel(b1)"} {
		c := Call{n + 1, trace(t, people+line).Ops[5]}
		next := before.Step(c, Response{Outcome: Unknown})
		require.True(t, next.booking("b1").uncertain, line)
		require.Equal(t, before.booking("b1").segments, next.booking("b1").segments, line)
		require.Equal(t, InProgress, next.booking("b1").status, line)
	}
	logout := Call{n + 1, Logout{ByUser{"alice"}}}
	next := before.Step(logout, Response{Outcome: Unknown})
	require.True(t, next.loggedIn("alice") && next.uncertain("alice"))
	require.False(t, next.uncertain("bob"))
	next = next.Step(Call{n + 2, Login{ByUser{"alice"}}}, Response{Outcome: OK})
	require.False(t, next.uncertain("alice"), "a login that is answered makes it certain again")

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

// anyResponse is the expected response or, now and then, another outcome.
func anyResponse(r *rand.Rand, expected Response) Response {
	if outcomes := []Outcome{OK, Denied, Missing, Invalid, Conflict, Unavailable, Unknown, Unbound}; r.IntN(3) == 0 {
		return Response{Outcome: outcomes[r.IntN(len(outcomes))]}
	}
	return expected
}

func TestStepLeavesItsReceiverAsItWas(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := ReferencePolicy()
		states := []*State{NewState(&p)}
		renderings := []string{render(states[0])}
		for range 60 {
			// Any earlier state may be stepped from again: two traces then
			// share what they have in common.
			s := states[max(0, len(states)-1-r.IntN(3))]
			c := Call{len(states), drawOperation(r, s, len(states))}
			next := s.Step(c, anyResponse(r, s.Expect(c)))
			states, renderings = append(states, next), append(renderings, render(next))
		}
		for i, s := range states {
			require.Equal(t, renderings[i], render(s), "seed %d, state %d", seed, i)
		}
	}
}

func TestBranchesDoNotShareWhoWasGivenASlot(t *testing.T) {
	p := ReferencePolicy()
	s, n := after(t, &p, people+"carol = patient()\n"+lines("alice.cancel(b1); b2 = bob.book(dr1, audio); bob.cancel(b2); b3 = bob.book(dr1, audio); bob.cancel(b3); b4 = bob.book(dr1, audio); bob.cancel(b4)"))
	branch := func(h Handle) []Handle {
		return s.Step(Call{n + 1, Book{Booking: "b5", User: h, Clinician: "dr1", Mode: Audio, Slot: 0}}, Response{Outcome: OK}).booking("b1").reusedBy
	}
	first := branch("carol")
	require.Equal(t, []Handle{"bob", "bob", "bob", "bob"}, branch("bob"))
	require.Equal(t, []Handle{"bob", "bob", "bob", "carol"}, first)
}

func TestEnabledIsAFunctionOfTheState(t *testing.T) {
	for seed := range uint64(50) {
		p := ReferencePolicy()
		walk(rand.New(rand.NewPCG(seed, 4)), &p, 40, func(s *State, _ Call) {
			ops := s.Enabled(crowd)
			require.Equal(t, ops, s.Enabled(crowd))
			var byKind []Operation
			for _, k := range Kinds() {
				byKind = append(byKind, s.EnabledOf(k, crowd)...)
			}
			require.Equal(t, ops, byKind)
			seen := make(map[Operation]bool, len(ops))
			for _, op := range ops {
				require.False(t, seen[op], "%s is there twice", op)
				seen[op] = true
			}
		})
	}
	require.Nil(t, NewState(&Policy{}).EnabledOf("dance", crowd))
}

func TestEnabledStaysWithinThePopulation(t *testing.T) {
	p := ReferencePolicy()
	small := Population{Patients: 2, Clinicians: 1, Slots: 1}
	s, _ := after(t, &p, "alice = patient(age=15)\ndr1 = clinician()\nbob = patient()")
	require.Empty(t, s.EnabledOf(KindPatient, small), "a refused registration uses a name up")
	require.Empty(t, s.EnabledOf(KindClinician, small))
	require.Equal(t, []Operation{Book{Booking: "b1", User: "bob", Clinician: "dr1", Mode: Audio, Slot: 1}, Book{Booking: "b1", User: "bob", Clinician: "dr1", Mode: Video, Slot: 1}}, s.EnabledOf(KindBook, small))
}

func TestEveryDrawnOperationParsesBackAndIsBound(t *testing.T) {
	for seed := range uint64(30) {
		var ops []Operation
		p := ReferencePolicy()
		walk(rand.New(rand.NewPCG(seed, 5)), &p, 30, func(s *State, c Call) {
			before := Trace{Ops: ops}.Body()
			for _, op := range s.Enabled(crowd) {
				require.NotEqual(t, Unbound, s.Expect(Call{c.Step, op}).Outcome, op)
				got, err := ParseOperation(op.String())
				require.NoError(t, err)
				require.Equal(t, op, got)
			}
			_, err := Parse(before + c.Op.String())
			require.NoError(t, err)
			ops = append(ops, c.Op)
		})
	}
}

func TestRenameReachesEveryHandle(t *testing.T) {
	mark := func(h Handle) Handle { return h + "z" }
	for seed := range uint64(50) {
		for _, op := range randomTrace(seed, 40).Ops {
			got := op.Rename(mark)
			require.Equal(t, op.Kind(), got.Kind())
			require.Equal(t, op.Actor().rename(mark), got.Actor(), op)
			require.Equal(t, op.Defines().rename(mark), got.Defines(), op)
			require.Equal(t, op.Uses().rename(mark), got.Uses(), op)
			require.Equal(t, op, got.Rename(func(h Handle) Handle { return h[:len(h)-1] }))
		}
	}
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
