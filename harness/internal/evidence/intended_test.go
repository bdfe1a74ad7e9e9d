package evidence_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// everybodys lets everybody who is logged in see every recording.
type everybodys struct {
	clinic.Authorizer
	parts clinic.Parts
}

func (a everybodys) See(ctx context.Context, _ care.Caller, id string) (care.Recording, error) {
	return a.parts.Store.Recording(ctx, id)
}

func TestOfWhatMayBeDeclaredTheReaderIsToldAndOfALeakNothing(t *testing.T) {
	open := func(c *clinic.Config) {
		c.Authorizer = func(parts clinic.Parts, correct clinic.Authorizer) clinic.Authorizer {
			return everybodys{correct, parts}
		}
	}
	for last, want := range map[string]string{
		"dr2.get(b1.r1)": "declare policy.sees.staff: listed or policy.sees.staff: apart if this is intended",
		"bob.get(b1.r1)": "",
	} {
		target, err := clinic.Launcher{Configure: open}.Launch(t.Context())
		require.NoError(t, err)
		defer target.Close()
		trace, err := models.Parse(`alice = patient()
bob = patient()
dr1 = clinician()
dr2 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
alice.speak(b1)
alice.leave(b1)
` + last)
		require.NoError(t, err)
		h, err := harness.Run(t.Context(), target, "w1", trace, nil)
		require.NoError(t, err)
		v := harness.Check(h)
		require.Len(t, v.Violations, 1, last)
		e := evidence.Evidence{Trace: trace, History: h, Verdict: &v, Violation: v.Violations[0]}
		require.Equal(t, want, e.Intended(e.Violation), last)
	}
}
