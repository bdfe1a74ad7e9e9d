package terminal

import (
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Rules writes a table of rules, with the number of seeded faults that can break
// each.
func Rules(w io.Writer, rules []models.Rule, faults map[string][]string) error {
	p := &page{layout.NewPage(w)}
	rows := [][]string{{"rule", "level", "faults", "what it says"}}
	for _, r := range rules {
		rows = append(rows, []string{r.ID, r.Level(), fmt.Sprint(len(faults[r.ID])), r.Sentence + " [" + evidence.References(r) + "]"})
	}
	p.Table("", rows)
	return p.Err()
}

// ruleJSON is a rule without a verdict.
type ruleJSON struct {
	ID       string               `json:"id"`
	Level    string               `json:"level"`
	Sentence string               `json:"sentence"`
	CWE      []int                `json:"cwe"`
	OWASP    string               `json:"owasp"` // empty where none fits
	ASVS     []models.Requirement `json:"asvs,omitempty"`
	Needs    []models.Kind        `json:"needs"`              // operations, all of which it takes
	NeedsOne []models.Kind        `json:"needsOne,omitempty"` // operations, one of which it takes
	Compares bool                 `json:"compares,omitempty"` // it is judged with --noninterference only
	IfMet    bool                 `json:"ifMet,omitempty"`    // it does not apply where it was never asked
	Faults   []string             `json:"faults"`             // seeded faults that can break it
}

// RulesJSON writes the rules as an array of objects.
func RulesJSON(w io.Writer, rules []models.Rule, faults map[string][]string) error {
	out := make([]ruleJSON, len(rules))
	for i, r := range rules {
		out[i] = ruleJSON{r.ID, r.Level(), r.Sentence, r.CWE, r.OWASP, r.ASVS, append([]models.Kind{}, r.Needs...), r.NeedsOne, r.Compares,
			r.IfMet, append([]string{}, faults[r.ID]...)}
	}
	return layout.JSON(w, out)
}
