package rightful_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

func TestThereIsAClinicForEachChoiceAboutAccess(t *testing.T) {
	var want, got []models.Declaration
	for _, p := range models.AccessPolicies() {
		for _, v := range p.Values[1:] {
			want = append(want, models.Declaration{Key: p.Key, Word: v.Word})
		}
	}
	for _, v := range rightful.Access() {
		got = append(got, v.Declaration)
	}
	require.Equal(t, want, got)
}

func TestAClinicThatDeclaresItsChoiceAboutAccessIsNotAccused(t *testing.T) {
	t.Parallel()
	n := 60
	if testing.Short() {
		n = 20
	}
	for _, v := range rightful.Access() {
		t.Run(v.Key+" "+v.Word, func(t *testing.T) {
			r, err := harness.Explore(t.Context(), clinic.Launcher{Configure: v.Declare}, harness.Options{Traces: n, Seed: 1, Workers: 2, Strict: true})
			require.NoError(t, err)
			if r.Found != nil {
				t.Fatalf("accused by %s: %s\n%s", r.Found.Violation.Signature, r.Found.Violation.Message, r.Found.Trace)
			}
			require.Equal(t, n, r.Traces)
			h := performed(t, v, v.Declare)
			require.Empty(t, harness.Check(h).Violations)
		})
	}
}

func TestAClinicThatDoesNotDeclareItsChoiceAboutAccessIsAccused(t *testing.T) {
	t.Parallel()
	for _, v := range rightful.Access() {
		t.Run(v.Key+" "+v.Word, func(t *testing.T) {
			h := performed(t, v, v.Apply)
			all := harness.Check(h).Violations
			require.NotEmpty(t, all)
			require.Contains(t, models.Excuses(h.World, &h.Policy, all[0].Step, h.Answers().At, &all[0]), v.Declaration)
		})
	}
}

// performed is the run of the trace that tells a choice about access from the others.
func performed(t *testing.T, v rightful.AccessVariant, configure func(*clinic.Config)) *harness.History {
	t.Helper()
	launcher := clinic.Launcher{Configure: func(c *clinic.Config) { c.Groups = true; configure(c) }}
	target, err := launcher.Launch(t.Context())
	require.NoError(t, err)
	defer target.Close()
	trace, err := models.Parse(held + strings.ReplaceAll(told(t, v.Key), "; ", "\n"))
	require.NoError(t, err)
	h, err := harness.Run(t.Context(), target, "w1", trace, nil)
	require.NoError(t, err)
	return h
}

// held is a consultation, before what tells choices apart.
const held = `alice = patient()
bob = patient()
dr1 = clinician()
dr2 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
dr1.join(b1)
alice.speak(b1)
dr1.leave(b1)
alice.leave(b1)
`

// told is how a choice about access is told apart.
func told(t *testing.T, key string) string {
	t.Helper()
	for _, p := range models.AccessPolicies() {
		if p.Key == key {
			return p.Told
		}
	}
	t.Fatalf("there is no %s", key)
	return ""
}
