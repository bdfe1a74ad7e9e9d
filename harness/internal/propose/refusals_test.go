package propose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestWhatMustBeRefusedIsWhatTheModelDemands(t *testing.T) {
	golden.Block(t, "../../../targets/README.md", "refusals", refusals())
}

// refusals is a table in Markdown: what must be refused when, and where a service may
// do either. Kinds of which the same is said share a row.
func refusals() string {
	var b strings.Builder
	b.WriteString("| operation | must be refused | may be refused or accepted |\n|---|---|---|\n")
	var order []string
	kinds := make(map[string][]string)
	for _, k := range models.Kinds() {
		must, may := cases(k)
		key := must + " | " + may
		if key == " | " {
			continue
		}
		if kinds[key] == nil {
			order = append(order, key)
		}
		kinds[key] = append(kinds[key], fmt.Sprintf("`%s`", k))
	}
	for _, key := range order {
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(kinds[key], " "), key)
	}
	return b.String()
}

// cases are those in which operations of a kind must and may be refused, but for
// those of the first rows of the guide, which concern many kinds.
func cases(k models.Kind) (must, may string) {
	var rules, chosen []string
	byRule := make(map[string][]string)
	for _, d := range models.Demands(k) {
		switch {
		case d.Rule == "AUTH-1" || d.Rule == "KILL-1":
		case d.Rule == "":
			chosen = append(chosen, d.When)
		default:
			if !slices.Contains(rules, d.Rule) {
				rules = append(rules, d.Rule)
			}
			byRule[d.Rule] = append(byRule[d.Rule], d.When)
		}
	}
	var demanded []string
	for _, rule := range rules {
		demanded = append(demanded, strings.Join(byRule[rule], "; ")+" ("+rule+")")
	}
	return strings.Join(demanded, "; "), strings.Join(chosen, "; ")
}
