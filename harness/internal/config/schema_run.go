package config

import (
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// policySchema describes what a vendor may choose.
func policySchema() schema {
	p := models.ReferencePolicy()
	keys := schema{
		"recordings":      words("What one recording holds: a stretch in one mode, or the whole consultation. Undeclared: recordings are judged by the tags in them.", models.PerSegment, models.PerConsultation),
		"totals":          words("What the total of a listing counts: exact, its rows; estimate, about those, so that nothing is read from it. Undeclared: its rows, or those of a page.", models.ExactTotals, models.EstimateTotals),
		"record_audio":    toggle("Whether audio-only media is recorded.", p.RecordAudio),
		"min_age":         number("The age in years from which a patient may register.", 0, 150).byDefault(p.MinAge),
		"patient_may_end": toggle("Whether the patient, too, may end a consultation for everybody.", p.PatientMayEnd),
		"refusal":         words("What a stranger is answered: missing (404) or denied (403).", models.Missing, models.Denied).byDefault(p.Refusal),
		"lag":             defined("lag", "How long after a consultation its replay may take to appear.").byDefault(p.Lag.String()),
		"groups":          toggle("Whether a second patient may be booked into a consultation.", p.Groups),
		"repeats":         toggle("Whether a segment may be recorded and shown twice, as after a retry.", p.Repeats),
		"switchless":      toggle("Whether a consultation stays in the mode in which it was booked: there is no switch.", p.Switchless),
		"links":           words("For whom a playback link opens: whoever has it, or who made it, logged in.", models.BearerLinks, models.PersonalLinks).byDefault(p.Links),
	}
	for _, a := range models.Axes() {
		keys[a.Key] = choiceSchema(a)
	}
	for _, p := range models.AccessPolicies() {
		keys.putAccess(p)
	}
	return object("What the service chose where a vendor may choose.", keys)
}

// putAccess adds the key of a choice about access, in the group that its key names.
func (s schema) putAccess(p models.AccessPolicy) {
	words := make([]string, len(p.Values))
	said := make([]string, len(p.Values))
	for i, v := range p.Values {
		words[i], said[i] = v.Word, v.Word+" ("+v.Means+")"
	}
	description := strings.TrimSuffix(p.About, ".") + ": " + strings.Join(said, ", ") + ". It is never found out from the answers."
	group, key, grouped := strings.Cut(p.Key, ".")
	if !grouped {
		s[group] = accessWords(description, words)
		return
	}
	if s[group] == nil {
		s[group] = object("Choices about access: "+group+".", schema{})
	}
	s[group].(schema)["properties"].(schema)[key] = accessWords(description, words)
}

// accessWords are the words of which the first is that of a service that declares
// nothing.
func accessWords(description string, all []string) schema {
	return words(description, all...).byDefault(all[0])
}

// choiceSchema describes a choice about the life of a visit.
func choiceSchema(a models.Axis) schema {
	var values, said []string
	for _, v := range a.Values {
		values = append(values, v.Key)
		said = append(said, v.Key+" ("+v.Words+")")
	}
	return words(upper(a.Words)+": "+strings.Join(said, ", ")+". What is not declared is found out from the answers.", values...)
}

// upper is a text with a capital letter in front.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// runSchema describes an exploration; the keys are named as the flags are.
func runSchema() schema {
	return object("How the service is explored. Flags and CROSSTALK_… variables go first.", schema{
		"traces":          number("Explore at most this many traces.", 1, largest),
		"time":            defined("duration", "Explore at most this long."),
		"seed":            number("The seed of the run. Default: random, and printed.", 0, largest),
		"workers":         number("Services explored at once. Default: one for each CPU.", 1, 10_000),
		"strict":          toggle("Let a broken SHOULD rule count like a broken MUST rule.", false),
		"noninterference": toggle("Run each trace again without the other patients, for each patient, and compare what that patient observes (NI-1).", false),
		"without":         list("Operations to leave out, although the service has them.", words("An operation.", models.Kinds()...).titled("an operation"), []string{"restart"}),
	})
}

// knownSchema describes violations that are known and do not fail a run.
func knownSchema() schema {
	return schema{"description": "Rules that are known to be broken, and why that is let be.", "type": "array", "items": object("A rule known to be broken.", schema{
		"rule":   words("The rule; crosstalk rules lists them.", ruleIDs()...).titled("a rule that crosstalk rules lists"),
		"reason": filled("Why it is let be, for those who read the report.", "ticket 123: header planned for 2.4"),
	}, "rule", "reason")}
}

// outputsSchema describes what is written where.
func outputsSchema() schema {
	return object("Where results are written, relative to this file.", schema{
		"directory": filled("The directory of the run, which must not hold another.", "crosstalk-out/ci"),
		"junit":     filled("A copy of junit.xml.", "reports/junit.xml"),
		"statement": filled("The conformance statement.", "statement.md"),
	})
}
