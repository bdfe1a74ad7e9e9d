package rest_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func TestTheClinicAnswersAsTheModelExpects(t *testing.T) {
	text, err := os.ReadFile("testdata/life.trace")
	require.NoError(t, err)
	trace, err := models.Parse(string(text))
	require.NoError(t, err)
	l := clinic.Launcher{Configure: func(c *clinic.Config) { c.Groups = true }}
	for _, k := range models.Kinds() {
		require.True(t, l.Capabilities().Supports(k), k)
	}
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	h, err := harness.Run(t.Context(), target, "life", trace, nil)
	require.NoError(t, err)
	verdict := harness.Check(h)
	said := make([]string, len(h.Events))
	for i := range h.Events {
		r := &h.Events[i].Response
		said[i] = fmt.Sprintf("%s %s | %s", r, r.Detail, r.Reason)
	}
	t.Log(h.Trace().Annotate(said))
	for i := range h.Events {
		require.Equal(t, verdict.Expected[i].Outcome, h.Events[i].Response.Outcome, "step %d, %s", i+1, trace.Ops[i])
	}
	require.Empty(t, verdict.Violations)
}
