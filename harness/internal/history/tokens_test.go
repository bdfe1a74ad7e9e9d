package history

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// answered is the history of a trace that a service answers as the model expects, but
// for the steps that are denied with a status and a reason.
func answered(t *testing.T, text string, status int, reason string, denied ...int) *History {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	h := &History{World: "w1", Policy: models.ReferencePolicy()}
	s := models.NewState(&h.Policy)
	for _, c := range trace.Calls() {
		r := s.Expect(c)
		for _, step := range denied {
			if step == c.Step {
				r = models.Response{Outcome: models.Denied, Status: status, Reason: reason}
			}
		}
		s = s.Step(c, r)
		h.Events = append(h.Events, Event{Call: c, Response: r})
	}
	return h
}

const visited = `alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
alice.speak(b1)
alice.leave(b1)
`

func TestATokenIsRefusedWhereAllThatIsAskedIs(t *testing.T) {
	for name, c := range map[string]struct {
		lines  string
		status int
		reason string
		denied []int
		want   []int
	}{
		"by 401, to the end":                   {"alice.list()", 401, "", []int{8}, []int{8}},
		"by 401, and taken afterwards":         {"alice.list()\nalice.inbox()", 401, "", []int{8}, nil},
		"by 401, until the next login":         {"alice.list()\nalice.login()\nalice.list()", 401, "", []int{8}, []int{8}},
		"in words, with one status":            {"alice.export()", 200, "token expired", []int{8}, []int{8}},
		"media comes without a token":          {"alice.list()\nalice.play(b1.r1)\nalice.inbox()", 401, "", []int{8, 10}, []int{8, 10}},
		"what is another's is refused as well": {"bob.get(b1.r1)\nbob.list()", 401, "", []int{8, 9}, []int{8, 9}},
		"what is another's alone":              {"bob.get(b1.r1)\nbob.play(b1.r1)", 401, "", []int{8, 9}, nil},
		"by 403, once":                         {"alice.list()", 403, "", []int{8}, nil},
		"by 403, all and of several kinds":     {"alice.list()\nalice.get(b1.r1)\nalice.inbox()", 403, "", []int{8, 9, 10}, []int{8, 9, 10}},
		"by 403, all of one kind":              {"alice.list()\nalice.list()\nalice.list()", 403, "", []int{8, 9, 10}, nil},
		"after a logout":                       {"alice.logout()\nalice.list()", 401, "", []int{9}, nil},
	} {
		h := answered(t, visited+c.lines, c.status, c.reason, c.denied...)
		var got []int
		for i, unheard := range h.unheard() {
			if unheard {
				got = append(got, i+1)
			}
		}
		require.Equal(t, c.want, got, name)
	}
}
