package propose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestTheGuideHasEveryOperationAsItIsDeclared(t *testing.T) {
	golden.Block(t, "../../../targets/README.md", "operations", guide())
}

// guide is the table of operations in the vendor's guide, in Markdown: how each is
// written in a trace, what it is, which rules cannot be asked without it, and when
// it is left out.
func guide() string {
	var b strings.Builder
	b.WriteString("| operation | in a trace | what it means | rules that need it | leave it out when |\n|---|---|---|---|---|\n")
	for _, k := range models.Kinds() {
		c := clueOf(k)
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", k, models.Example(k), c.means, c.rules(), c.absent)
	}
	return b.String()
}

// rules are those that cannot be asked without operations of the kind, as far as
// the kind alone decides that; else what is missed without them.
func (c *clue) rules() string {
	var alone, among []string
	for _, r := range models.Rules() {
		if slices.Contains(r.Needs, c.kind) {
			alone = append(alone, r.ID)
		}
		if slices.Contains(r.NeedsOne, c.kind) {
			among = append(among, r.ID+", or "+otherThan(c.kind, r.NeedsOne))
		}
	}
	all := among
	if len(alone) > 0 {
		all = append([]string{strings.Join(alone, " ")}, among...)
	}
	switch {
	case len(all) > 0:
		return strings.Join(all, "; ")
	case c.without != "":
		return c.without
	}
	return "none alone"
}

// otherThan names what will do instead of a kind.
func otherThan(k models.Kind, kinds []models.Kind) string {
	if len(kinds) > 2 {
		return "another read"
	}
	others := slices.DeleteFunc(slices.Clone(kinds), func(other models.Kind) bool { return other == k })
	return "`" + string(others[0]) + "`"
}
