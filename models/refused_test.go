package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// explained is what was found in a trace as [observed] writes it, with what explains
// the first answer that no state allows.
func explained(t *testing.T, text string) (*Findings, []Step) {
	t.Helper()
	states, f, steps, answers := observedAnswers(t, text)
	states.Explain(len(answers), func(i int) Answer { return answers[i] }, f)
	return f, steps
}

func TestWhatIsAllowedAndRefusedIsNobodysDoing(t *testing.T) {
	for name, text := range map[string]string{
		"every leave":               begun + "bob.leave(b1) // missing\nalice.leave(b1) // denied status=401\nalice.leave(b1) // denied status=401",
		"a join after a stranger's": people + "bob.join(b1) // missing\nalice.join(b1) // conflict",
		"a join after a stranger's switch, and then another mode": people +
			"bob.switch(b1, video) // missing\nalice.join(b1) // conflict\ndr1.join(b1) // says=in-progress/video/1",
	} {
		f, steps := explained(t, text)
		require.Empty(t, f.Violations(), name)
		refused := 0
		for _, s := range steps {
			if s.Refused {
				refused++
				require.True(t, s.Contradicts, name)
				require.Equal(t, OK, s.Expected.Outcome, name)
			}
		}
		require.Positive(t, refused, name)
	}
}

func TestARefusalElsewhereHidesNothing(t *testing.T) {
	f, _ := explained(t, people+`b2 = alice.book(dr2, audio)
alice.cancel(b2) // denied
alice.join(b1)
bob.switch(b1, video) // missing
alice.cancel(b2) // denied
dr1.join(b1) // says=in-progress/video/1`)
	require.Len(t, f.of("REFUSE-1"), 1)
	require.Equal(t, Controlled, f.of("REFUSE-1")[0].Level)
}

func TestARefusedTokenTellsNothing(t *testing.T) {
	f, steps := explained(t, people+`dr1.join(b1)
dr1.speak(b1)
dr1.leave(b1)
alice.list() // unheard denied status=401
alice.get(b1.r1) // unheard denied status=401
bob.get(b1.r1) // unheard denied status=401
bob.get(?1)`)
	require.Empty(t, f.Violations())
	require.True(t, steps[len(steps)-2].Unheard)
	require.False(t, steps[len(steps)-2].Contradicts)
	for i, rule := range Rules() {
		switch rule.ID {
		case "LIST-2", "READ-3", "READ-1":
			require.Equal(t, Tally{Inconclusive: 1}, f.Tallies()[i], rule.ID)
		case "ORACLE-1":
			require.Zero(t, f.Tallies()[i], "how a token is refused is not how a recording is")
		}
	}
}

func TestADenialMayBeOfTheCredentials(t *testing.T) {
	for r, want := range map[*Response]bool{
		{Outcome: Denied, Status: 401}:                                           true,
		{Outcome: Denied, Status: 200, Reason: "UNAUTHENTICATED: token expired"}: true,
		{Outcome: Denied, Status: 403, Reason: "your Session has expired"}:       true,
		{Outcome: Denied, Status: 403}:                                           false,
		{Outcome: Denied, Status: 403, Reason: "the recording has expired"}:      false,
		{Outcome: Missing, Status: 404, Reason: "token expired"}:                 false,
		{Outcome: OK, Status: 200}:                                               false,
	} {
		require.Equal(t, want, r.Unauthenticated(), r.Reason)
	}
}

func TestWhatIsSoAlreadyMayBeRefused(t *testing.T) {
	f, steps := explained(t, people+"alice.dismiss(bob) // missing\nalice.appoint(bob)\nalice.appoint(bob) // conflict\nalice.dismiss(bob) // missing")
	require.Empty(t, f.Violations())
	var refused []int
	for i, s := range steps {
		if s.Refused {
			refused = append(refused, i-4) // behind the people and the booking
		}
	}
	require.Equal(t, []int{4}, refused, "to dismiss a proxy alone")
}
