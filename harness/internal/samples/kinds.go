package samples

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
)

// hostileText is what a service may send to mislead whoever reads of it.
const hostileText = "</script><img src=x onerror=alert(1)> | **bold** ``` @everyone [click](http://evil.example) ]]> \x00\x1b[2J\u2028 \xff $(id) `id` '\"; rm -rf /"

// Kinds are runs of every kind.
func Kinds(t T) map[string]evidence.Run {
	t.Helper()
	_, well := Judged(t, Leaky, nil)
	conformant := RunOf(well)
	for i := range conformant.Rules {
		conformant.Rules[i].Verdict, conformant.Rules[i].Checks = judge.Pass, 10
	}
	inconclusive := RunOf(well)
	inconclusive.Verdict = judge.Inconclusive
	inconclusive.Rules[1].Verdict, inconclusive.Rules[1].Inconclusive = judge.Inconclusive, 3
	refused := conformant
	refused.Verdict, refused.Exit = judge.Inconclusive, 2
	refused.Renewed = 12
	refused.Refused = judge.Refused{
		Kinds: []judge.RefusedKind{
			{Kind: models.KindCancel, Refused: 1, Allowed: 52, Example: "alice.cancel(b1) // conflict (409)"},
			{Kind: models.KindLeave, Refused: 41, Allowed: 41, Example: "alice.leave(b1) // denied (401)"},
		},
		Tokens: &judge.RefusedTokens{Count: 2, User: "bob", Example: "bob.export() // denied (401)"},
	}
	killed := Violated(t)
	killed.End, killed.Minimal = evidence.Running, nil
	empty := evidence.Run{Result: harness.Result{Verdict: judge.Inconclusive}, End: evidence.Running}
	failed := RunOf(well)
	failed.End, failed.Problem, failed.Exit = evidence.Failed, "the service at http://h does not answer", 4
	known := Violated(t)
	known.Rules[0].Known, known.Verdict, known.Exit = "ticket 12", judge.Inconclusive, 2
	whole := Violated(t)
	other := Unreproduced(t)
	other.Found.Violation.Rule = "LIST-3"
	whole.Whole, whole.Others = true, []harness.Case{{Found: other.Found}}
	return map[string]evidence.Run{
		"violation": Violated(t), "unreproduced": Unreproduced(t), "conformant": conformant, "inconclusive": inconclusive, "refused": refused,
		"killed": killed, "empty": empty, "failed": failed, "known": known, "whole": whole, "hostile": hostile(t),
		"diverged": diverged(t),
		"content":  ShownBy(t, models.Play{OnRecording: models.OnRecording{User: "alice", Recording: "b1.r1"}}),
	}
}

// diverged is a run in which an answer was lost, and a stranger's refused switch
// took effect.
func diverged(t T) evidence.Run {
	t.Helper()
	trace, j := Judged(t, "alice = patient()\nbob = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, audio)\nalice.join(b1)\ndr1.join(b1)\n"+
		"bob.switch(b1, video)\nalice.leave(b1)\ndr1.leave(b1)\n", func(c models.Call, r *models.Response) {
		switch {
		case c.Step == 8:
			*r = models.Response{Outcome: models.Unknown}
		case c.Step > 8 && r.Encounter != nil:
			e := *r.Encounter
			e.Mode = models.Video
			r.Encounter = &e
		}
	})
	v, _ := j.Verdict.Gravest()
	r := RunOf(j)
	r.Exit, r.Found = 1, &harness.Found{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Reproduced: true}
	return r
}

// hostile is a run in which everything that a service says is hostile.
func hostile(t T) evidence.Run {
	t.Helper()
	trace, j := Judged(t, Leaky, func(c models.Call, r *models.Response) {
		Shows(Bobs, models.Row{ID: hostileText, Tag: models.Tag{World: "w0", Booking: "b2"}, Page: 1})(c, r)
		r.Detail, r.Reason, r.CacheControl = hostileText, hostileText, hostileText
	})
	r := RunOf(j)
	v, _ := j.Verdict.Gravest()
	v.Message, v.Exposures[0].Owner = hostileText, models.Handle(hostileText)
	r.Exit, r.Target, r.Problem = 1, hostileText, hostileText
	r.Rules[0].Known = hostileText
	r.Invocation.Target = []string{hostileText}
	r.Found = &harness.Found{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Reproduced: true}
	r.Minimal = &reduce.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict}
	return r
}

// ShownBy is a run in which an operation of alice's at the end showed bob's
// recording.
func ShownBy(t T, op models.Operation) evidence.Run {
	t.Helper()
	text := strings.Replace(Leaky, "alice.list()", op.String(), 1)
	trace, j := Judged(t, text, func(c models.Call, r *models.Response) {
		if c.Op == op {
			*r = models.Response{Outcome: models.OK, Status: 200, Content: &models.Content{Length: models.MediaSize, Total: models.MediaSize,
				Pieces: []models.Piece{{Tag: models.Tag{World: "w1", Booking: "b1", Moment: 6}, To: models.MediaSize}}}}
		}
	})
	r := RunOf(j)
	v, ok := j.Verdict.Gravest()
	require.True(t, ok)
	r.Exit = 1
	r.Found = &harness.Found{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Reproduced: true}
	r.Minimal = &reduce.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict}
	return r
}
