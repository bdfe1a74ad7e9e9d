package evidence

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// notSent lists arguments that cannot be sent, with the operations of which they
// are: "slot of book and reschedule, limit of list". It is empty where there are none.
func notSent(unsent map[models.Kind][]string) string {
	var arguments []string
	of := make(map[string][]string)
	for _, k := range models.Kinds() {
		for _, a := range unsent[k] {
			if of[a] == nil {
				arguments = append(arguments, a)
			}
			if !slices.Contains(of[a], string(k)) {
				of[a] = append(of[a], string(k))
			}
		}
	}
	for i, a := range arguments {
		arguments[i] = a + " of " + wording.Listed(of[a])
	}
	return wording.Listed(arguments)
}
