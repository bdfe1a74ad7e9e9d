package proof_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// TestFaultsMeanTheSameWhereverRulesAreListed compares the table of RULES.md with
// what crosstalk rules prints, in both of its forms.
func TestFaultsMeanTheSameWhereverRulesAreListed(t *testing.T) {
	breaking := proof.Breaking()
	var text, asJSON bytes.Buffer
	require.NoError(t, terminal.Rules(&text, models.Rules(), breaking))
	require.NoError(t, terminal.RulesJSON(&asJSON, models.Rules(), breaking))
	var listed []struct {
		ID     string
		Faults []string
	}
	require.NoError(t, json.Unmarshal(asJSON.Bytes(), &listed))
	table := proof.RuleTable()
	for i, rule := range models.Rules() {
		require.NotEmpty(t, breaking[rule.ID], rule.ID)
		require.Equal(t, breaking[rule.ID], listed[i].Faults, rule.ID)
		require.Regexp(t, fmt.Sprintf(`(?m)^\| %s \| .* \| %d \|$`, rule.ID, len(breaking[rule.ID])), table)
		require.Regexp(t, fmt.Sprintf(`(?m)^%s +%s +%d +`, rule.ID, rule.Level(), len(breaking[rule.ID])), text.String())
	}
}

func TestEveryRuleThatAFaultIsSaidToBreakIsOne(t *testing.T) {
	for _, f := range faults.All() {
		for _, id := range f.Rules {
			_, err := models.RuleByID(id)
			require.NoError(t, err, f.Slug)
			require.Contains(t, proof.Breaking()[id], f.Slug)
		}
	}
}

func TestTheTableOfReferencesNamesEachRuleOnceAndEachRequirement(t *testing.T) {
	table := proof.ReferenceTable()
	for _, rule := range models.Rules() {
		require.Equal(t, 1, strings.Count(table, "\n| "+rule.ID+" |"))
		for _, q := range rule.ASVS {
			require.Contains(t, table, q.ID+": "+q.Why)
		}
	}
}
