package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnOperationIsNotSentWithoutAnArgumentThatCannotBe(t *testing.T) {
	c := Capabilities{Policy: ReferencePolicy()}
	for k, arguments := range map[Kind][]string{
		KindPatient: {"email", "age", "plan", "like"}, KindBook: {"slot", "with"}, KindReschedule: {"slot"}, KindSwitch: {"mode=audio"},
		KindList: {"limit", "mode"}, KindPlay: {"range"},
	} {
		c = c.Lacking(k, arguments...)
	}
	for line, want := range map[string]string{
		"bob = patient(email=alice)":                    "email",
		"bob = patient(age=15)":                         "age",
		"bob = patient(plan=bupa)":                      "", // whatever the plan is, the answer is the same
		"bob = patient(like=alice)":                     "",
		"bob = patient()":                               "",
		"b1 = alice.book(dr1, audio)":                   "",
		"b1 = alice.book(dr1, audio, slot=2)":           "", // and so is it without slots
		"b1 = alice.book(dr1, audio, slot=2, with=bob)": "with",
		"alice.reschedule(b1, slot=2)":                  "slot",
		"alice.switch(b1, audio)":                       "mode=audio",
		"alice.switch(b1, video)":                       "",
		"alice.list(limit=1)":                           "limit",
		"alice.list(mode=video)":                        "mode",
		"alice.list()":                                  "",
		"alice.play(b1.r1, range=0-99)":                 "range",
		"alice.play(b1.r1)":                             "",
		"alice.join(b1)":                                "",
	} {
		op, err := ParseOperation(line)
		require.NoError(t, err)
		require.Equal(t, want, c.NotSent(op), line)
		none := Capabilities{}
		require.Empty(t, none.NotSent(op), line)
	}
}

func TestAServiceThatIsNeverToldASlotHasNone(t *testing.T) {
	c := Capabilities{Policy: ReferencePolicy()}
	require.Equal(t, c, c.Lacking(KindBook))
	require.False(t, c.Lacking(KindReschedule, "slot").Policy.Slotless)
	without := c.Lacking(KindBook, "slot")
	require.Nil(t, c.Unsent, "the capabilities themselves are left as they were")
	for _, of := range []struct {
		caps  Capabilities
		want  Outcome
		asked bool
	}{{c, Conflict, true}, {without, OK, false}} {
		s := NewState(&of.caps.Policy)
		trace, err := Parse("alice = patient()\nbob = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, video)\nb2 = bob.book(dr1, video)")
		require.NoError(t, err)
		var got Response
		for _, call := range trace.Calls() {
			got = s.Expect(call)
			s = s.Step(call, got)
		}
		require.Equal(t, of.want, got.Outcome)
		rule, err := RuleByID("BOOK-1")
		require.NoError(t, err)
		require.Equal(t, of.asked, rule.Applies(of.caps), "nobody can be given another's slot where there are none")
	}
}
