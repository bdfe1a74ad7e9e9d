package models

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

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
			got := Rename(op, mark)
			require.Equal(t, op.Kind(), got.Kind())
			require.Equal(t, op.Actor().rename(mark), got.Actor(), op)
			require.Equal(t, op.Defines().rename(mark), got.Defines(), op)
			require.Equal(t, op.Uses().rename(mark), got.Uses(), op)
			require.Equal(t, op, Rename(got, func(h Handle) Handle { return h[:len(h)-1] }))
		}
	}
}
