package results_test

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestResultsAreWhatTheGoldenFilesSay(t *testing.T) {
	for name, r := range map[string]evidence.Run{"violation": samples.Violated(t), "unreproduced": samples.Unreproduced(t)} {
		t.Run(name, func(t *testing.T) {
			golden.Compare(t, name+".json", func(w io.Writer) error { return results.Write(w, &r) })
		})
	}
}

func TestAnUnfinishedRunIsNeverConformant(t *testing.T) {
	_, well := samples.Judged(t, samples.Leaky, nil)
	for _, end := range []evidence.End{evidence.Running, evidence.Interrupted, evidence.Failed} {
		r := samples.RunOf(well)
		r.End = end
		written := results.Of(&r)
		require.False(t, written.Complete)
		require.Equal(t, judge.Inconclusive, written.Verdict, end)
		require.Equal(t, end == evidence.Running, written.ExitCode == nil)
	}
}

func TestTheSchemaNamesEveryPath(t *testing.T) {
	var schema struct {
		Defs struct {
			Path struct{ Enum []models.Path }
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(results.JSONSchema(), &schema))
	require.ElementsMatch(t, append(models.Paths(), ""), schema.Defs.Path.Enum)
}
