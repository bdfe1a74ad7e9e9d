package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// TestUntaggedContentIsNeitherLeakNorRefusal has bob be answered what no tag explains.
func TestUntaggedContentIsNeitherLeakNorRefusal(t *testing.T) {
	trace, err := models.Parse(`alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
dr1.join(b1)
alice.speak(b1)
dr1.leave(b1)
alice.leave(b1)
bob.play(b1.r1)
`)
	require.NoError(t, err)
	policy := models.ReferencePolicy()
	for name, c := range map[string]struct {
		content models.Content
		untold  bool
	}{
		"no tag":  {models.Content{Length: 23, Total: 23, Stray: 23}, true},
		"another": {models.Content{Length: 256, Total: 256, Pieces: []models.Piece{{Tag: models.Tag{World: "w1", Booking: "b1", Moment: 7}, To: 256}}}, false},
	} {
		states, findings := models.NewStates("w1", &policy), models.NewFindings()
		s := models.NewState(&policy)
		var last models.Step
		for i, op := range trace.Ops {
			call := models.Call{Step: i + 1, Op: op}
			got := s.Expect(call)
			if i == len(trace.Ops)-1 {
				got = models.Response{Outcome: models.OK, Status: 200, Content: &c.content}
			}
			last = states.Observe(&models.Answer{Call: call, Got: got}, findings)
			s = s.Step(call, got)
		}
		require.Equal(t, c.untold, last.Untold, name)
		require.Equal(t, c.untold, len(findings.Violations()) == 0, name)
	}
}
