package doctor

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// session asks a service for its choices about the life of a visit. In the first the
// clinician is alone, which tells when a visit is completed whoever completes it. The
// others are ended for everybody, so that no choice keeps another from being seen.
const session = `
alice = patient()
bob = patient()
dr1 = clinician()

b1 = alice.book(dr1, FIRST)
dr1.join(b1)
dr1.speak(b1)
dr1.leave(b1)
dr1.end(b1)

b2 = alice.book(dr1, FIRST)
dr1.join(b2)
alice.join(b2)
alice.speak(b2)
dr1.speak(b2)
alice.drop(b2)
alice.join(b2)
dr1.speak(b2)
alice.switch(b2, SECOND)
dr1.speak(b2)
alice.speak(b2)
dr1.switch(b2, SECOND)
dr1.speak(b2)
dr1.switch(b2, FIRST)
alice.switch(b2, FIRST)
alice.speak(b2)
alice.list()
dr1.list()
alice.leave(b2)
alice.join(b2)
dr1.leave(b2)
alice.leave(b2)
alice.list()
dr1.join(b2)
dr1.end(b2)
alice.list()

b3 = alice.book(dr1, SECOND)
alice.join(b3)
alice.speak(b3)
alice.leave(b3)
dr1.join(b3)
dr1.end(b3)
alice.list()
dr1.list()

b4 = alice.book(dr1, SECOND)
alice.join(b4)
alice.speak(b4)
dr1.join(b4)
alice.join(b4)
alice.drop(b4)
dr1.speak(b4)
dr1.drop(b4)
dr1.join(b4)
dr1.end(b4)
alice.list()
dr1.list()

b5 = alice.book(dr1, SECOND)
dr1.join(b5)
alice.join(b5)
alice.speak(b5)
service.restart()
alice.list()
alice.login()
dr1.login()
alice.join(b5)
dr1.leave(b5)
dr1.end(b5)
alice.list()

alice.appoint(bob)
bob.list()
`

// sessionFor is the session without what a target lacks or cannot send.
func sessionFor(caps *models.Capabilities) models.Trace {
	parsed, err := models.Parse(strings.TrimSpace(modesOf(caps).Replace(session)))
	if err != nil {
		panic(fmt.Sprintf("the session is no trace: %v", err))
	}
	var t models.Trace
	for _, op := range parsed.Ops {
		if unasked(caps, op) == "" {
			t.Ops = append(t.Ops, op)
		}
	}
	t, _ = t.Repair(&caps.Policy)
	return t
}

// unasked says what of an operation a target cannot be asked for, or "".
func unasked(caps *models.Capabilities, op models.Operation) string {
	if !caps.Supports(op.Kind()) {
		return string(op.Kind())
	}
	return caps.NotSent(op)
}

// lacking says what a target cannot be asked for that tells the values of an axis
// apart, or "".
func lacking(caps *models.Capabilities, a *models.Axis) string {
	for line := range strings.SplitSeq(a.Question, "; ") {
		op, err := models.ParseOperation(line)
		if err != nil {
			panic(fmt.Sprintf("the question of %s: %v", a.Key, err))
		}
		if what := unasked(caps, op); what != "" {
			return what
		}
	}
	return ""
}
