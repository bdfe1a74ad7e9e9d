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
	for i := range w.steps {
		s := &w.steps[i]
		if s.tests == "" || s.unsent() || s.got.Outcome == s.expected.Outcome || s.got.Outcome.Refused() && s.expected.Outcome.Refused() || !w.done(s) {
			continue
		}
		name := check
		if rest, ok := strings.CutPrefix(s.tests, "operations."); ok {
			name = rest
		}
		e.wrong(name, fmt.Sprintf("%s: expected %s, got %s", s.op, s.expected.Outcome, s.got), e.place(s.tests, e.reproach(s)))
	}
	if s := w.stranger(); s != nil && s.got.Outcome != s.expected.Outcome && s.got.Outcome.Refused() {
		e.wrong(check, fmt.Sprintf("%s: a stranger was refused by %s", s.op, s.got.Outcome),
			e.place("policy.refusal", fmt.Sprintf("it says that strangers are refused by %s", s.expected.Outcome)))
	}
	if e.report.count(Wrong) == before {
		e.works(check, "the service does what the policy says, as far as was seen")
	}
}

// reproach says what is wrong about the key that a step tests.
func (e *examination) reproach(s *step) string {
	p := e.Launcher.Capabilities().Policy
	switch s.tests {
	case "policy.min_age":
		return fmt.Sprintf("it says that patients register from %d", p.MinAge)
	case "policy.patient_may_end":
		return fmt.Sprintf("it is %v: patients, too, may end a consultation for everybody, or may not", p.PatientMayEnd)
	case "policy.links":
		return fmt.Sprintf("it says that links are %s", p.Links)
	}
	return "what it ends goes on"
}

// done reports whether the same kind of operation has succeeded where it had to.
// Without that nothing is told by one that was refused.
func (w *walked) done(tested *step) bool {
	if tested.got.Outcome == models.OK {
		return true
	}
	return w.worked(tested.op.Kind())
}

// worked reports whether a kind of operation has succeeded where it had to.
func (w *walked) worked(kind models.Kind) bool {
	for _, s := range w.of(kind) {
		if s.tests == "" && s.expected.Outcome == models.OK && s.got.Outcome == models.OK {
			return true
		}
	}
	return false
}

// judgeGrain compares how many recordings a consultation of three stretches,
// video, audio and video, has made.
func (e *examination) judgeGrain(w *walked) {
	const check = "recordings"
	s := w.listed()
	if s == nil || len(s.got.Listing.Rows) == 0 {
		return
	}
	got, want := len(s.got.Listing.Rows), len(s.expected.Listing.Rows)
	text := fmt.Sprintf("%s: expected %s of a consultation in video, audio and video, got %d", s.op, recordings(want), got)
	grain := e.place("policy.recordings", fmt.Sprintf("it says one for each %s", e.Launcher.Capabilities().Policy.Recordings))
	audio := e.place("policy.record_audio", fmt.Sprintf("it is %v", e.Launcher.Capabilities().Policy.RecordAudio))
	switch {
	case e.Launcher.Capabilities().Policy.Recordings == models.AnyCut:
		e.works(check, fmt.Sprintf("%s of a consultation in video, audio and video; no cut is declared", recordings(got)))
	case got == want:
		e.works(check, fmt.Sprintf("%s of a consultation in video, audio and video", recordings(got)))
	case got == 1 || want == 1:
		e.wrong(check, text, grain)
	case got == 2 || want == 2:
		e.wrong(check, text, audio)
	default:
		e.wrong(check, text, grain, e.place("operations.list.rows", "or it leads to more than recordings"))
	}
}

func recordings(n int) string {
	if n == 1 {
		return "1 recording"
	}
	return fmt.Sprintf("%d recordings", n)
}

// stranger is the first read of alice's recording by bob, while nothing is shared
// with them, or nil.
func (w *walked) stranger() *step {
	for i := range w.steps {
		s := &w.steps[i]
		on, _, ok := models.ReadOf(s.op)
		if ok && s.tests == "" && s.op.Actor() == "bob" && !on.Recording.Phantom() && s.expected.Outcome.Refused() && s.got.Outcome != models.Unbound && w.worked(s.op.Kind()) {
			return s
		}
	}
	return nil
}

// judgeStrangers tells whether somebody sees what they must not. That is a leak of
// the service, or requests made with another's credentials.
func (e *examination) judgeStrangers(w *walked) {
	const check = "strangers"
	var leaks []string
	for i := range w.steps {
		s := &w.steps[i]
		if s.tests == "" && s.expected.Outcome.Refused() && s.got.Outcome == models.OK && models.Shows(s.op.Kind())&^models.ShowsEncounter != 0 {
			leaks = append(leaks, s.op.String())
		}
	}
	if len(leaks) > 0 {
		e.wrong(check, "answered ok where a refusal was expected: "+strings.Join(leaks, ", "),
			e.place("auth.user", "requests are made with another's credentials, or the service leaks: crosstalk run tells"))
		return
	}
	e.works(check, "nobody saw another's recording on the way")
}
