package evidence

import (
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Intended says what may be declared about access so that a violation is none, or "".
// Whether that is so, only they know who made the service.
func (e *Evidence) Intended(v models.Violation) string {
	n := min(v.Step, len(e.History.Events))
	all := models.Excuses(e.History.World, &e.History.Policy, n, e.History.Answers().At, &v)
	if len(all) == 0 {
		return ""
	}
	words := make([]string, len(all))
	for i, d := range all {
		words[i] = d.String()
	}
	return "declare " + strings.Join(words, " or ") + " if this is intended"
}
