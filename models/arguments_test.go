package models_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
)

func TestWhatAnOperationIsToldIsWhatItsLineSays(t *testing.T) {
	told := make(map[string]bool)
	for seed := range 60 {
		for _, op := range drawnTrace(seed).Ops {
			line := op.String()
			for _, a := range models.Arguments(op) {
				text := fmt.Sprint(a.Value)
				if on, ok := a.Value.(bool); ok {
					text = map[bool]string{true: "on", false: "off"}[on]
				}
				if a.Name != "slot" { // slot 1 goes without saying
					require.Contains(t, line, text, "%s: %s", line, a.Name)
				}
				told[a.Name] = true
			}
		}
	}
	for _, name := range []string{"booking", "recording", "clinician", "peer", "cursor", "link", "mode", "slot", "limit", "range", "on", "email", "like", "plan"} {
		require.True(t, told[name], name)
	}
}

func TestACorrectAnswerHasThePartsThatAreSaid(t *testing.T) {
	seen := make(map[models.Kind]bool)
	for seed := range 60 {
		policy := models.ReferencePolicy()
		state := models.NewState(&policy)
		for i, op := range drawnTrace(seed).Ops {
			r := state.Expect(models.Call{Step: i + 1, Op: op})
			if r.Outcome == models.OK {
				seen[op.Kind()] = true
				require.Equal(t, models.Shows(op.Kind()), partsOf(&r), op.String())
			}
			state = state.Step(models.Call{Step: i + 1, Op: op}, r)
		}
	}
	require.Greater(t, len(seen), len(models.Kinds())*3/4)
}

func drawnTrace(seed int) models.Trace {
	return scenarios.Draw(scenarios.Consultations().Traces(models.ReferencePolicy()), seed)
}

func partsOf(r *models.Response) (p models.Parts) {
	for part, there := range map[models.Parts]bool{
		models.ShowsEncounter: r.Encounter != nil, models.ShowsListing: r.Listing != nil, models.ShowsRow: r.Row != nil,
		models.ShowsContent: r.Content != nil, models.ShowsAudit: r.Audit != nil,
	} {
		if there {
			p |= part
		}
	}
	return p
}

func TestEveryShapeNamesItsKind(t *testing.T) {
	for _, k := range models.Kinds() {
		require.True(t, strings.Contains(models.Shape(k), string(k)+"("), k)
	}
}
