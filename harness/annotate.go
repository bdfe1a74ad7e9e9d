package harness

import "github.com/telehealth-conformance/crosstalk/models"

// Annotated is the minimal trace with what each operation was answered, and
// behind the one that broke the rule, which and how.
func (m *Minimal) Annotated() string {
	comments := make([]string, len(m.Trace.Ops))
	for i := range comments {
		if i < len(m.History.Events) {
			comments[i] = m.History.Events[i].Response.String()
		}
	}
	if i := m.Violation.Step - 1; i >= 0 && i < len(comments) {
		comments[i] += "   <- " + Describe(m.Violation)
	}
	return m.Trace.Annotate(comments)
}

// Describe is a violation in a few words: "LIST-1 presented: b1.r1 is bob's".
func Describe(v models.Violation) string {
	if len(v.Exposures) == 0 {
		return v.Rule + ": " + v.Message
	}
	e := v.Exposures[0]
	if e.Owner == "" {
		return v.Rule + " " + v.Level.String() + ": " + string(e.Recording) + " is another's"
	}
	return v.Rule + " " + v.Level.String() + ": " + string(e.Recording) + " is " + string(e.Owner) + "'s"
}
