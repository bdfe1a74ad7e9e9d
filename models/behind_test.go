package models

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatAServiceChoosesIsFollowed has a participant be accepted where the reference
// refuses, as real services do: no rule is broken, and what follows is judged by what
// was answered. What is wrong with it all the same is found.
func TestWhatAServiceChoosesIsFollowed(t *testing.T) {
	for _, c := range []struct{ name, text, wrong string }{
		{"two appointments share a slot", "b2 = bob.book(dr1, audio) // ok\nbob.join(b2)\nalice.join(b1)", ""},
		{"two people share an address", held + "\ncarol = patient(email=alice) // ok\ncarol.list()", "carol.list() // +b1.r1"},
		{"a clinician books for themself", "b2 = dr1.book(dr2, audio) // ok\ndr1.join(b2)\ndr1.speak(b2)\ndr1.leave(b2)\ndr1.list()", "bob.join(b2) // ok"},
		{"a cancelled visit ends without a recording", spoken + "\nalice.cancel(b1) // ok says=cancelled\nalice.list()", "bob.cancel(b1) // ok"},
		{"a cancelled visit leaves its recording", spoken + "\nalice.cancel(b1) // ok\nalice.list() // +b1.r1 total=1\nalice.list() // +b1.r1 total=1", "bob.list() // +b1.r1"},
		{"a cancelled appointment is moved", "alice.cancel(b1)\nalice.reschedule(b1, slot=2) // ok says=planned/audio\nalice.join(b1)", "bob.reschedule(b1, slot=3) // ok"},
		{"a visit is moved while it goes on", spoken + "\nalice.reschedule(b1, slot=2) // ok says=in-progress\nalice.leave(b1)\nalice.list()", ""},
		{"who was over is joined again, and adds a recording", held + "\nalice.join(b1) // ok says=in-progress\nalice.speak(b1)\nalice.leave(b1)\nalice.list()", "bob.join(b1) // ok"},
		{"a clinician ends from outside", spoken + "\ndr1.end(b1) // ok\nalice.list()", "dr2.end(b1) // ok"},
		{"media comes from outside", "alice.join(b1)\ndr1.speak(b1) // ok\nalice.leave(b1)\nalice.list()\nalice.play(b1.r1)", "bob.speak(b1) // ok"},
		{"media comes from outside and is not kept", "alice.join(b1)\ndr1.speak(b1) // ok\nalice.leave(b1)\nalice.list() // -b1.r1 total=0", ""},
		{"what was booked is switched", "alice.switch(b1, video) // ok says=planned/video\nalice.join(b1)\nalice.speak(b1)", "bob.switch(b1, audio) // ok"},
		{"a clinician switches from outside", spoken + "\ndr1.switch(b1, video) // ok says=in-progress/video\nalice.speak(b1)\nalice.leave(b1)\nalice.list()", "dr2.switch(b1, audio) // ok"},
		{"a range behind the end is the whole", held + "\nalice.play(b1.r1, range=9000-9099) // ok media=b1@7", "bob.play(b1.r1, range=9000-9099) // ok media=b1@7"},
		{"a recording is shared with a clinician", held + "\nalice.share(b1.r1, dr2) // ok\ndr2.list()\ndr2.play(b1.r1)", "bob.share(b1.r1, dr2) // ok"},
		{"a clinician is appointed, and oneself", held + "\nalice.appoint(dr2) // ok\nalice.appoint(alice) // ok\ndr2.list()", "bob.list() // +b1.r1"},
		{"an account is closed while a visit goes on", spoken + "\nalice.close() // ok\ndr1.list()", "bob.join(b1) // ok"},
		{"an account is not closed while an appointment is planned", "alice.close() // conflict\nalice.join(b1)", ""},
		{"a clinician exports nothing, and closes the account", held + "\ndr1.export() // ok\ndr1.audit() // ok\ndr1.close() // ok\nalice.list()", "dr1.list() // ok +b1.r1"},
		{"what was done is done again", held + "\nalice.leave(b1) // ok\nalice.drop(b1) // ok\nalice.delete(b1.r1)\nalice.delete(b1.r1) // ok\nalice.logout()\nalice.logout() // ok\nalice.login()\nalice.list()\nalice.close()\nalice.close() // ok", "bob.delete(b1.r1) // ok"},
		{"what was cancelled and ended is so again", spoken + "\ndr1.join(b1)\ndr1.end(b1)\ndr1.end(b1) // ok\nalice.list()\nb2 = bob.book(dr2, audio)\nbob.cancel(b2)\nbob.cancel(b2) // ok", "alice.cancel(b2) // ok"},
	} {
		text := people + strings.ReplaceAll(c.text, "; ", "\n")
		states, f, _ := observed(t, text)
		require.Empty(t, f.Violations(), c.name)
		require.Equal(t, -1, states.contradicted, c.name)
		if c.wrong != "" {
			_, f, _ = observed(t, text+"\n"+c.wrong)
			require.NotEmpty(t, f.Violations(), "%s: %s", c.name, c.wrong)
		}
	}
}

func TestAnAnswerThatIsUnderstoodInTwoWaysLeavesBothStates(t *testing.T) {
	text := people + "alice.join(b1)\nalice.speak(b1)\nalice.drop(b1)\nalice.leave(b1) // ok"
	states, _, _ := observed(t, text)
	require.Len(t, states.All(), 2, "they have left, or are waited for")
	states, _, _ = observed(t, text+" says=completed")
	require.Len(t, states.All(), 1)
	require.Equal(t, Completed, states.All()[0].booking("b1").status)
	states, f, _ := observed(t, people+"alice.join(b1)\nalice.speak(b1)\nalice.leave(b1)\nalice.join(b1) // ok\nalice.list() // -b1.r1 total=0")
	require.Empty(t, f.Violations())
	require.Len(t, states.All(), 1, "what was recorded is there again when the visit is completed")
}

func TestWhatNoWayOfUnderstandingAllowsContradicts(t *testing.T) {
	states, _, _ := observed(t, people+"alice.join(b1)\nalice.join(b1) // ok says=in-progress/video")
	require.GreaterOrEqual(t, states.contradicted, 0)
}
