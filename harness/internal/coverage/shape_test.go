package coverage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

func TestTheShapeOfTheIncidentIsAllOfIt(t *testing.T) {
	const whole = `alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, audio)
alice.join(b1)
alice.switch(b1, video)
alice.speak(b1)
alice.leave(b1)
alice.list()
bob.list()
`
	for name, c := range map[string]struct {
		trace             string
		same, other, both int
	}{
		"all of it":                       {whole, 1, 1, 1},
		"booked by video":                 {strings.Replace(whole, "dr1, audio", "dr1, video", 1), 0, 0, 0},
		"switched to audio":               {strings.Replace(whole, "b1, video", "b1, audio", 1), 0, 0, 0},
		"nothing said":                    {strings.Replace(whole, "alice.speak(b1)\n", "", 1), 0, 0, 0},
		"said before":                     {strings.Replace(strings.Replace(whole, "alice.speak(b1)\n", "", 1), "alice.switch", "alice.speak(b1)\nalice.switch", 1), 0, 0, 0},
		"not completed":                   {strings.Replace(whole, "alice.leave(b1)\n", "", 1), 0, 0, 0},
		"switched by another, in vain":    {strings.Replace(whole, "alice.switch", "bob.switch", 1), 0, 0, 0},
		"listed by its patient alone":     {strings.Replace(whole, "bob.list()\n", "", 1), 1, 0, 0},
		"listed by another alone":         {strings.Replace(whole, "alice.list()\n", "", 1), 0, 1, 0},
		"listed by the clinician as well": {strings.Replace(whole, "bob.list()", "dr1.list()", 1), 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			j := samples.NewJudge(t, &samples.Ideal{})
			got, err := j.Again(t.Context(), samples.Parse(t, c.trace), "replay")
			require.NoError(t, err)
			cov := got.Verdict.Coverage
			require.Equal(t, []int{c.same, c.other, c.both}, []int{cov.ShapeSame, cov.ShapeOther, cov.Shape})
		})
	}
	require.Equal(t, judge.Inconclusive, judge.IncidentUnasked.Qualify(judge.Conformant))
	require.Equal(t, judge.Violated, judge.IncidentUnasked.Qualify(judge.Violated))
	require.Equal(t, judge.Conformant, judge.NoSwitch.Qualify(judge.Conformant))
}
