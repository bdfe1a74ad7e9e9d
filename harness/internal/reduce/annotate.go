package reduce

import (
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Annotated is the minimal trace with what each operation was answered, behind
// those that are perhaps not needed, that they are, and behind the one that broke the
// rule, which and how.
func (m *Minimal) Annotated() string {
	answer := func(step int) string {
		if step > len(m.History.Events) {
			return ""
		}
		return m.History.Events[step-1].Response.String()
	}
	describe := func(v models.Violation) string { return history.Describe(v, history.Owner) }
	return history.Annotated(m.Trace, answer, []models.Violation{m.Violation}, m.Perhaps(), describe)
}
