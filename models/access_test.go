package models

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// eachAccess calls f with each choice about access but the strict ones, and a policy
// that declares it.
func eachAccess(t *testing.T, f func(t *testing.T, d Declaration, of AccessPolicy, p *Policy)) {
	for _, of := range AccessPolicies() {
		for _, value := range of.Values[1:] {
			d := Declaration{of.Key, value.Word}
			t.Run(d.Key+" "+d.Word, func(t *testing.T) {
				p := ReferencePolicy()
				p.Groups = true
				var err error
				p.Access, err = p.Access.With(d.Key, d.Word)
				require.NoError(t, err)
				f(t, d, of, &p)
			})
		}
	}
}

func TestAServiceThatDeclaresAChoiceAboutAccessViolatesNothing(t *testing.T) {
	eachAccess(t, func(t *testing.T, _ Declaration, _ AccessPolicy, p *Policy) {
		for seed := range walks(150) {
			states, found := NewStates(testWorld, p), NewFindings()
			walk(rand.New(rand.NewPCG(seed, 8)), p, 60, func(s *State, c Call) {
				step := states.Observe(&Answer{Call: c, Got: correct(testWorld, s, c)}, found)
				require.False(t, step.Contradicts, "seed %d, step %d: %s", seed, c.Step, c.Op)
			})
			require.Empty(t, found.Violations(), "seed %d", seed)
		}
	})
}

func TestAServiceThatDoesNotDeclareItsChoiceAboutAccessIsToldToDeclareIt(t *testing.T) {
	strict := ReferencePolicy()
	strict.Groups = true
	eachAccess(t, func(t *testing.T, d Declaration, of AccessPolicy, p *Policy) {
		told := trace(t, heldConsultation+strings.ReplaceAll(of.Told, "; ", "\n"))
		answers, at := answered(told, p)
		if d == (Declaration{"deletion", "bin"}) { // the model knows only that the service may show what is in the bin
			answers[len(answers)-1].Got = Response{Outcome: OK, Status: 200, Row: &Row{Recording: "b1.r1", Tag: Tag{World: testWorld, Booking: "b1"}}}
		}
		if of.Key == "trail.readers" { // and that a clinician may read one, not what is in it
			answers[len(answers)-1].Got = Response{Outcome: OK, Status: 200, Audit: []Access{{"alice", "alice", "b1.r1", Viewed}}}
		}
		all := violationsUnder(testWorld, &strict, len(answers), at)
		require.NotEmpty(t, all)
		require.Contains(t, of.Rules, all[0].Rule)
		require.Contains(t, Excuses(testWorld, &strict, all[0].Step, at, &all[0]), d)
		for seed := range walks(100) {
			answers, at := walked(seed, p)
			all := violationsUnder(testWorld, &strict, len(answers), at)
			if len(all) > 0 {
				require.Contains(t, of.Rules, all[0].Rule, "seed %d: %s", seed, all[0].Message)
			}
		}
	})
}

// heldConsultation is what comes before the operations that tell choices apart.
const heldConsultation = `alice = patient()
bob = patient()
dr1 = clinician()
dr2 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
dr1.join(b1)
alice.speak(b1)
dr1.leave(b1)
alice.leave(b1)
`

// answered are the answers of a correct service under a policy to a trace.
func answered(t Trace, p *Policy) ([]Answer, func(int) Answer) {
	var answers []Answer
	s := NewState(p)
	for i, op := range t.Ops {
		c := Call{i + 1, op}
		answers = append(answers, Answer{Call: c, Got: correct(testWorld, s, c)})
		s = s.Step(c, answers[i].Got)
	}
	return answers, func(i int) Answer { return answers[i] }
}

// walked are the answers of a correct service under a policy.
func walked(seed uint64, p *Policy) ([]Answer, func(int) Answer) {
	var answers []Answer
	walk(rand.New(rand.NewPCG(seed, 8)), p, 60, func(s *State, c Call) {
		answers = append(answers, Answer{Call: c, Got: correct(testWorld, s, c)})
	})
	return answers, func(i int) Answer { return answers[i] }
}

func TestWhatIsDeclaredAboutAccessIsReadAsItIsWritten(t *testing.T) {
	require.Empty(t, AccessChoices{}.Declared())
	eachAccess(t, func(t *testing.T, d Declaration, of AccessPolicy, p *Policy) {
		require.Equal(t, []Declaration{d}, p.Access.Declared())
		require.Equal(t, d.Word, p.Access.Word(d.Key))
		text, err := json.Marshal(p)
		require.NoError(t, err)
		var back Policy
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, *p, back)
		strict, err := p.Access.With(of.Key, of.Values[0].Word)
		require.NoError(t, err)
		require.Equal(t, AccessChoices{}, strict, "the strict choice need not be declared")
	})
	reference, err := json.Marshal(ReferencePolicy())
	require.NoError(t, err)
	require.NotContains(t, string(reference), "access", "a history of a service that declares nothing is as it was")
}

func TestWhatThereIsNotToDeclareIsRefused(t *testing.T) {
	_, err := AccessChoices{}.With("deletion", "burned")
	require.EqualError(t, err, `deletion is "burned"; expected erased or hidden or bin`)
	_, err = AccessChoices{}.With("delation", "erased")
	require.EqualError(t, err, `unknown access policy "delation"`)
	require.Error(t, json.Unmarshal([]byte(`{"access": {"deletion": "burned"}}`), new(Policy)))
}
