package history

import (
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Annotated is a trace with what each step was answered, behind each that is perhaps
// not needed, that it is, and behind each that breaks a rule the first of the
// violations that says which and how.
func Annotated(t models.Trace, answer func(step int) string, violations []models.Violation, perhaps []int, describe func(models.Violation) string) string {
	comments := make([]string, len(t.Ops))
	for i := range comments {
		comments[i] = answer(i + 1)
		if slices.Contains(perhaps, i+1) {
			comments[i] += "   (perhaps not needed)"
		}
		at := slices.IndexFunc(violations, func(v models.Violation) bool { return v.Step == i+1 })
		if at >= 0 {
			comments[i] += "   <- " + describe(violations[at])
		}
	}
	return t.Annotate(comments)
}

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
