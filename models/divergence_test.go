package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheFirstDivergenceIsToldWithItsReadingsAndExplanations(t *testing.T) {
	const begin = "alice = patient()\nbob = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, audio)\nalice.join(b1)\n"
	video := func(r *Response) { e := *r.Encounter; e.Mode = Video; r.Encounter = &e }
	lost := func(r *Response) { *r = Response{Outcome: Unknown} }
	for name, c := range map[string]struct {
		text         string
		answers      map[int]func(*Response)
		step         int
		expected     []string
		explanations []Explanation
	}{
		"nothing": {text: "dr1.join(b1)"},
		"a stranger's refused switch took effect": {
			"bob.switch(b1, video)\ndr1.join(b1)", map[int]func(*Response){7: video}, 7, []string{"ok in-progress audio"}, []Explanation{{6, true}}},
		"an accepted switch had no effect": {
			"alice.switch(b1, video)\nalice.switch(b1, audio)\ndr1.join(b1)", map[int]func(*Response){8: video}, 8, []string{"ok in-progress audio"}, []Explanation{{7, false}}},
		"an answer was lost before": {
			"dr1.join(b1)\nalice.leave(b1)\nbob.switch(b1, video)\ndr1.leave(b1)", map[int]func(*Response){7: lost, 9: video}, 9,
			[]string{"ok in-progress audio", "ok completed audio"}, []Explanation{{8, true}}},
		"what explains less is left out": {
			"bob.switch(b1, video)\nalice.drop(b1)\nalice.join(b1)\nalice.leave(b1)", map[int]func(*Response){7: video, 8: video, 9: video}, 7,
			[]string{"ok in-progress audio"}, []Explanation{{6, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := ReferencePolicy()
			s, states, found := NewState(&p), NewStates(testWorld, &p), NewFindings()
			var answers []Answer
			for _, call := range trace(t, begin+c.text).Calls() {
				got := correct(testWorld, s, call)
				if change := c.answers[call.Step]; change != nil {
					change(&got)
				}
				answers = append(answers, Answer{Call: call, Got: got})
				states.Observe(&answers[len(answers)-1], found)
				s = s.Step(call, got)
			}
			d, diverges := states.Divergence(len(answers), func(i int) Answer { return answers[i] })
			require.Equal(t, c.step > 0, diverges)
			require.Equal(t, c.step, d.Step)
			var expected []string
			for i := range d.Expected {
				expected = append(expected, d.Expected[i].String())
			}
			require.Equal(t, c.expected, expected)
			require.Equal(t, c.explanations, d.Explanations)
		})
	}
}
