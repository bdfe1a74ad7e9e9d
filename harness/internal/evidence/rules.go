package evidence

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// References are the numbers under which a rule's breach is known elsewhere.
func References(r models.Rule) string {
	var out []string
	for _, n := range r.CWE {
		out = append(out, fmt.Sprintf("CWE-%d", n))
	}
	if r.OWASP != "" {
		out = append(out, "OWASP "+r.OWASP)
	}
	for _, q := range r.ASVS {
		out = append(out, "ASVS "+q.ID)
	}
	return strings.Join(out, ", ")
}

// OpenRules lists the MUST rules that stand in the way of a pass.
func OpenRules(rules []judge.RuleResult) string {
	var parts []string
	for _, verdict := range []judge.Conclusion{judge.NotExercised, judge.Inconclusive} {
		var ids []string
		for _, r := range rules {
			if r.Level == "MUST" && r.Verdict == verdict {
				ids = append(ids, r.ID)
			}
		}
		if len(ids) > 0 {
			parts = append(parts, wording.Listed(ids)+" "+string(verdict))
		}
	}
	return strings.Join(parts, "; ")
}

// Remedy says what to do about rules that were not exercised: operations that
// were never accepted leave others without anything to act on.
func Remedy(c *coverage.Coverage) string {
	var refused []string
	for _, k := range models.Kinds() {
		if c.Operations[k] > 0 && c.Accepted[k] == 0 {
			refused = append(refused, fmt.Sprintf("%s (%d times)", k, c.Operations[k]))
		}
	}
	if len(refused) == 0 {
		return "Explore more traces (--traces)."
	}
	return "Never answered ok: " + wording.Listed(refused) + ". See what the first of them was answered, in " + HistoryFile + "."
}
