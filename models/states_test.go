package models

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// observed is the set of states after a trace whose answers are those of a correct
// service but for those named behind "//", and what was found.
func observed(t *testing.T, text string) (*States, *Findings, []Step) {
	t.Helper()
	states, f, steps, _ := observedAnswers(t, text)
	return states, f, steps
}

// observedAnswers is [observed], with the answers. The word "unheard" says that one
// refuses a valid token.
func observedAnswers(t *testing.T, text string) (*States, *Findings, []Step, []Answer) {
	t.Helper()
	p := ReferencePolicy()
	s, states, f := NewState(&p), NewStates(testWorld, &p), NewFindings()
	var steps []Step
	var answers []Answer
	var source string
	var edits []string
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		op, edit, _ := strings.Cut(line, "//")
		source += op + "\n"
		edits = append(edits, edit)
	}
	for i, c := range trace(t, source).Calls() {
		a := answer{t: t, state: s, Response: correct(testWorld, s, c)}
		words, unheard := strings.CutPrefix(strings.TrimSpace(edits[i]), "unheard")
		for word := range strings.FieldsSeq(words) {
			a.edit(word)
		}
		answers = append(answers, Answer{Call: c, Got: a.Response, Unheard: unheard})
		steps = append(steps, states.Observe(&answers[i], f))
		s = s.Step(c, a.Response)
	}
	return states, f, steps, answers
}

const begun = people + "alice.join(b1)\nalice.speak(b1)\n"

func TestAnOperationWithoutAnAnswerTookEffectOrNot(t *testing.T) {
	for text, want := range map[string]int{
		"alice.list() // unknown nothing":             1, // a reading changes nothing
		"alice.switch(b1, video) // unknown":          2,
		"bob.switch(b1, video) // unknown":            1, // it is refused if it comes to that
		"alice.switch(b1, audio) // unknown":          2, // to the mode it has: it may still come when it has another
		"alice.leave(b1) // unknown status=500":       2,
		"alice.leave(b1) // unavailable":              1,
		"alice.leave(b1) // unbound":                  1,
		"b2 = bob.book(dr2, video) // unknown":        2,
		"bob.switch(b1, video) // unknown status=500": 1,
	} {
		states, f, _ := observed(t, begun+text)
		require.Len(t, states.All(), want, text)
		require.Empty(t, f.of("REFUSE-1"), text)
	}
}

func TestAnAnswerRulesOutTheStatesInWhichItCannotBeGiven(t *testing.T) {
	states, f, steps := observed(t, begun+`alice.switch(b1, video) // unknown status=500
alice.speak(b1) // says=in-progress/video/2`)
	require.Len(t, f.Violations(), 1, "the server error")
	require.Len(t, states.All(), 1)
	require.Equal(t, Video, states.All()[0].booking("b1").mode)
	last := steps[len(steps)-1]
	require.True(t, last.Divided)
	require.False(t, last.Contradicts)
	require.Equal(t, Video, last.Expected.Encounter.Mode, "what is expected in the states that are left")
	require.Len(t, last.Before, 1)
}

func TestWhereNoStateAllowsAnAnswerTheServicesWordIsOneOfTheStates(t *testing.T) {
	states, f, steps := observed(t, begun+`alice.speak(b1) // says=in-progress/video/2
alice.speak(b1) // says=in-progress/video/2`)
	require.Empty(t, f.Violations())
	require.True(t, steps[len(steps)-2].Contradicts)
	require.False(t, steps[len(steps)-1].Contradicts)
	require.Equal(t, Video, states.All()[0].booking("b1").mode)
	require.Len(t, states.All()[0].booking("b1").segments, 2)
}

func TestStatesThatAreTheSameAreOne(t *testing.T) {
	states, _, _ := observed(t, begun+`alice.switch(b1, video) // unknown status=500
alice.leave(b1) // says=
alice.close()
bob.close()`)
	require.Len(t, states.All(), 2, "how it was switched is remembered")
	states, _, _ = observed(t, people+`bob.appoint(alice) // unknown status=500
bob.appoint(alice)`)
	require.Len(t, states.All(), 1)
}

func TestWhatIsOnItsWayIsLostWithARestart(t *testing.T) {
	states, _, _ := observed(t, people+`bob.appoint(alice) // unknown
bob.appoint(dr1)`)
	require.Len(t, states.All(), 2)
	require.Len(t, states.All()[0].late, 1)
	states, _, _ = observed(t, people+`bob.appoint(alice) // unknown
service.restart()`)
	for _, s := range states.All() {
		require.Empty(t, s.late)
	}
}

func TestATraceWithTooManyStatesIsInconclusive(t *testing.T) {
	text := people + "b2 = bob.book(dr1, video, slot=2)\nbob.join(b2)\nbob.speak(b2)\nbob.leave(b2)\n"
	for slot := range 8 {
		text += fmt.Sprintf("b%d = alice.book(dr2, video, slot=%d) // unknown\n", slot+3, slot+1)
	}
	states, f, steps := observed(t, text+"alice.list() // +b2.r1")
	require.Len(t, states.All(), 1)
	require.Empty(t, f.Violations())
	require.Len(t, steps[len(steps)-1].Before, 1)
	for i, rule := range Rules() {
		if rule.ID == "LIST-1" {
			require.Equal(t, Tally{Inconclusive: 1}, f.Tallies()[i])
		}
	}
}

func TestWhatDiffersBetweenStatesIsOpen(t *testing.T) {
	p := ReferencePolicy()
	text := begun + "alice.switch(b1, video) // unknown"
	before, _, _ := observed(t, begun)
	behind, _, _ := observed(t, text)
	got := Changes(before.All(), behind.All())
	require.Len(t, got.Bookings, 1)
	require.True(t, got.Bookings[0].Open)
	require.Equal(t, Audio, got.Bookings[0].Mode)
	require.Empty(t, got.Users)
	behind, _, _ = observed(t, begun+"alice.logout() // unknown")
	require.Equal(t, []UserSnapshot{{Handle: "alice", LoggedIn: true, Open: true}}, Changes(before.All(), behind.All()).Users)
	require.Equal(t, Snapshot{}, Changes([]*State{NewState(&p)}, []*State{NewState(&p)}))
}
