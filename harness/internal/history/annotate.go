package history

import (
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Describe is a violation in a few words: "LIST-1 presented: b1.r1 is bob's".
// Owner names whose recording was exposed, as [Owner] does.
func Describe(v models.Violation, owner func(models.Exposure) string) string {
	if len(v.Exposures) == 0 || v.Exposures[0].Recording == "" {
		return v.Rule + ": " + v.Message
	}
	x := v.Exposures[0]
	text := fmt.Sprintf("%s %s: %s is %s's", v.Rule, v.Level, x.Recording, owner(x))
	if x.World != "" {
		text = fmt.Sprintf("%s %s: %s belongs to %s", v.Rule, v.Level, x.Recording, owner(x))
	}
	if others := len(v.Exposures) - 1 + v.More; others > 0 {
		text += fmt.Sprintf(" (and %d more)", others)
	}
	return text
}

// Owner names whose recording was exposed, as far as the exposure itself tells:
// "bob", or "bob of another test" for one of another world.
func Owner(x models.Exposure) string {
	name := string(x.Owner)
	switch {
	case x.World == "" && name == "":
		return "somebody else"
	case x.World == "":
		return name
	case name == "":
		name = "a patient"
	}
	return name + " of another test"
}
