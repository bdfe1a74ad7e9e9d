package rest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// life has at least one operation of each kind, and most of what can be said of
// a recording.
const life = `
alice = patient()
bob = patient(age=50, plan=bupa)
carol = patient(like=bob)
dr1 = clinician()
b1 = alice.book(dr1, audio, with=bob)
alice.reschedule(b1, slot=2)
b2 = carol.book(dr1, audio, slot=1)
carol.cancel(b2)
alice.join(b1)
bob.join(b1)
dr1.join(b1)
alice.speak(b1)
bob.speak(b1)
service.restart()
dr1.speak(b1)
alice.switch(b1, video)
alice.speak(b1)
bob.drop(b1)
bob.leave(b1)
alice.leave(b1)
dr1.end(b1)
alice.list(limit=1)
alice.list(mode=audio)
bob.list()
anyone.list()
c1 = alice.page(limit=1)
alice.follow(c1)
bob.follow(c1)
alice.get(b1.r1)
alice.get(?1)
carol.get(b1.r1)
alice.play(b1.r1)
alice.play(b1.r2, range=0-99)
anyone.play(b1.r1)
bob.head(b1.r1)
bob.thumb(b1.r1)
dr1.transcript(b1.r1)
carol.transcript(b1.r1)
l1 = alice.link(b1.r1)
anyone.open(l1)
carol.open(l1)
alice.share(b1.r1, carol)
carol.list()
carol.play(b1.r1)
alice.unshare(b1.r1, carol)
carol.get(b1.r1)
alice.appoint(carol)
carol.list()
alice.dismiss(carol)
carol.list()
operator.replays(off)
alice.list()
anyone.open(l1)
alice.inbox()
operator.replays(on)
alice.list()
alice.export()
bob.export()
dr1.export()
alice.inbox()
alice.audit()
alice.delete(b1.r2)
alice.list()
alice.play(b1.r2)
bob.get(b1.r2)
alice.logout()
anyone.open(l1)
alice.login()
service.restart()
alice.list()
dave = patient(email=alice)
alice.close()
alice.login()
erin = patient(email=alice)
erin.list()
dr1.list()
alice.list()
`

func TestTheClinicAnswersAsTheModelExpects(t *testing.T) {
	trace, err := models.Parse(life)
	require.NoError(t, err)
	l := clinic.Launcher{Configure: func(c *clinic.Config) { c.Groups = true }}
	for _, k := range models.Kinds() {
		require.True(t, l.Capabilities().Supports(k), k)
	}
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	h, err := harness.Run(t.Context(), target, "life", trace, nil)
	require.NoError(t, err)
	verdict := harness.Check(h)
	text := make([]string, len(h.Events))
	for i := range h.Events {
		r := &h.Events[i].Response
		text[i] = fmt.Sprintf("%s %s | %s", r, r.Detail, r.Reason)
	}
	t.Log(h.Trace().Annotate(text))
	for i := range h.Events {
		require.Equal(t, verdict.Expected[i].Outcome, h.Events[i].Response.Outcome, "step %d, %s", i+1, trace.Ops[i])
	}
	require.Empty(t, verdict.Violations)
}
