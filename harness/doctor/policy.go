package doctor

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// judgePolicy tells where the service does not do what the policy says it does.
func (e *examination) judgePolicy(w *walked) {
	const check = "policy"
	before := e.report.count(Wrong)
	e.judgeGrain(w)
	for i := range w.steps {
		s := &w.steps[i]
		if op, ok := s.op.(models.Patient); ok && op.Age > 0 && s.expected.Outcome.Refused() && s.got.Outcome == models.OK {
			e.wrong(check, fmt.Sprintf("%s: a patient of %d was registered", s.op, op.Age), e.place("policy.min_age", ""))
		}
	}
	if s := w.stranger(); s != nil && s.got.Outcome != s.expected.Outcome && s.got.Outcome.Refused() {
		e.wrong(check, fmt.Sprintf("%s: a stranger was refused by %s; the policy says %s", s.op, s.got.Outcome, s.expected.Outcome), e.place("policy.refusal", ""))
	}
	if e.report.count(Wrong) == before {
		e.works(check, "the service does what the policy says, as far as was seen")
	}
}

// judgeGrain compares how many recordings a consultation of three stretches,
// video, audio and video, has made.
func (e *examination) judgeGrain(w *walked) {
	s := w.listed()
	if s == nil || s.got.Listing == nil || len(s.got.Listing.Rows) == 0 {
		return
	}
	got, want := len(s.got.Listing.Rows), len(s.expected.Listing.Rows)
	if got == want {
		return
	}
	text := fmt.Sprintf("%s: %d recordings of a consultation in video, audio and video; the policy says %d", s.op, got, want)
	switch {
	case got == 1 || want == 1:
		e.wrong("policy", text, e.place("policy.recordings", ""))
	case got == 2 || want == 2:
		e.wrong("policy", text, e.place("policy.record_audio", ""))
	default:
		e.wrong("policy", text, e.place("policy.recordings", ""), e.place("operations.list.rows", ""))
	}
}

// stranger is the first read of alice's recording by bob, while nothing is shared
// with him, or nil.
func (w *walked) stranger() *step {
	for i := range w.steps {
		s := &w.steps[i]
		on, _, ok := models.ReadOf(s.op)
		if ok && s.op.Actor() == "bob" && !on.Recording.Phantom() && s.expected.Outcome.Refused() && s.got.Outcome != models.Unbound {
			return s
		}
	}
	return nil
}

// judgeStrangers tells whether somebody sees what he must not. That is a leak of
// the service, or requests made with another's credentials.
func (e *examination) judgeStrangers(w *walked) {
	const check = "strangers"
	var leaks []string
	for i := range w.steps {
		s := &w.steps[i]
		if s.expected.Outcome.Refused() && s.got.Outcome == models.OK && models.Shows(s.op.Kind()) != 0 {
			leaks = append(leaks, s.op.String())
		}
	}
	if len(leaks) > 0 {
		e.wrong(check, fmt.Sprintf("answered ok where a refusal was expected: %s; the service leaks (crosstalk run tells), or requests are made with another's credentials", strings.Join(leaks, ", ")),
			e.place("auth.user", ""))
		return
	}
	e.works(check, "nobody saw another's recording on the way")
}
