package clinic_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// bothWays runs traces on a clinic that is asked in this process and on one that
// listens, and requires that the answers are the same to the letter, ids and
// tokens included.
func bothWays(t *testing.T, configure func(*clinic.Config), traces ...models.Trace) {
	t.Helper()
	repeatable := func(c *clinic.Config) {
		began := time.Unix(1591700400, 0)
		c.Now = func() time.Time { return began }
		c.Rand = rand.NewChaCha8([32]byte{})
		c.OperatorToken = operatorToken
		if configure != nil {
			configure(c)
		}
	}
	direct := launch(t, clinic.Launcher{Configure: repeatable})
	listening := launch(t, clinic.Launcher{Configure: repeatable, Listen: true})
	for i, trace := range traces {
		world := models.Namespace(fmt.Sprintf("w%d", i))
		require.Equal(t, answers(t, listening, world, trace), answers(t, direct, world, trace), "%s", trace)
	}
}

// answers are those to each operation of a trace, without their span ids.
func answers(t *testing.T, target targets.Target, world models.Namespace, trace models.Trace) []models.Response {
	t.Helper()
	h, err := harness.Run(t.Context(), target, world, trace, nil)
	require.NoError(t, err)
	out := make([]models.Response, len(h.Events))
	for i := range h.Events {
		out[i] = h.Events[i].Response
		for j := range out[i].Exchanges {
			out[i].Exchanges[j].Traceparent = ""
		}
	}
	return out
}

func TestAClinicInThisProcessAnswersLikeOneThatListens(t *testing.T) {
	t.Parallel()
	drawn := scenarios.Consultations().Traces(clinic.Launcher{}.Capabilities().Policy)
	var traces []models.Trace
	for seed := range seeds(40) {
		traces = append(traces, scenarios.Draw(drawn, seed))
	}
	bothWays(t, nil, traces...)
}

func TestAFaultInThisProcessShowsAsInOneThatListens(t *testing.T) {
	t.Parallel()
	for _, f := range faults.All() {
		file := filepath.Join("..", "..", "harness", "testdata", "golden", f.Slug+".trace")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		trace, err := models.ParseFile(file, string(text))
		require.NoError(t, err)
		bothWays(t, f.Apply, trace)
	}
}
