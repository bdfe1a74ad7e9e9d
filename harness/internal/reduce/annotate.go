package reduce

import (
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
)

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
		comments[i] += "   <- " + history.Describe(m.Violation, history.Owner)
	}
	return m.Trace.Annotate(comments)
}
