package proof

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// Breaking are the seeded faults that can break each rule, by its id: those that
// say so of themselves. That is what "faults" means wherever rules are listed.
// What else a fault broke in the traces that were drawn is told by [Text].
func Breaking() map[string][]string {
	out := make(map[string][]string)
	for _, f := range faults.All() {
		for _, id := range f.Rules {
			out[id] = append(out[id], f.Slug)
		}
	}
	return out
}

// RuleTable is the table of rules in Markdown, with the number of seeded faults
// that can break each.
func RuleTable() string {
	var b strings.Builder
	b.WriteString("| rule | level | sentence | faults |\n|---|---|---|---|\n")
	breaking := Breaking()
	for _, r := range models.Rules() {
		fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", r.ID, r.Level(), r.Sentence, len(breaking[r.ID]))
	}
	return b.String()
}

// ReferenceTable is the table of what is said elsewhere of what breaks each rule, in
// Markdown, with the reason of each requirement.
func ReferenceTable() string {
	var b strings.Builder
	b.WriteString("| rule | CWE | OWASP API 2023 | OWASP ASVS 5.0 |\n|---|---|---|---|\n")
	for _, r := range models.Rules() {
		var weaknesses, requirements []string
		for _, n := range r.CWE {
			weaknesses = append(weaknesses, fmt.Sprint(n))
		}
		for _, q := range r.ASVS {
			requirements = append(requirements, q.ID+": "+q.Why)
		}
		risk, _, _ := strings.Cut(r.OWASP, ":")
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, strings.Join(weaknesses, ", "), risk, strings.Join(requirements, "; "))
	}
	return b.String()
}
