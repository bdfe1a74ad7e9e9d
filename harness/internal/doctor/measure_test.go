package doctor_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/doctor"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// choosing is a launcher of clinics that declare nothing and made a choice, by its
// slug, or none but the reference's.
func choosing(t *testing.T, slug string) clinic.Launcher {
	t.Helper()
	l := clinic.Launcher{Undeclared: true}
	for _, c := range rightful.Choices() {
		if c.Slug == slug {
			l.Configure = c.Apply
		}
	}
	require.Equal(t, slug == "", l.Configure == nil, slug)
	return l
}

func TestWhatAServiceChoseIsMeasured(t *testing.T) {
	for slug, other := range map[string]doctor.Measured{
		"":                  {},
		"clinician-starts":  {Key: "starts", Value: "clinician"},
		"drop-leaves":       {Key: "drop", Value: "leaves"},
		"anybody-completes": {Key: "completes", Value: "anybody"},
		"switch-for-caller": {Key: "switch", Value: "caller"},
		"sessions-end":      {Key: "sessions", Value: "end"},
	} {
		t.Run(slug, func(t *testing.T) {
			r, text := examine(t, doctor.Patient{Launcher: choosing(t, slug)})
			require.True(t, r.Healthy(), text)
			for _, m := range r.Measured {
				want := models.ReferenceChoices().Of(m.Key)[0]
				if m.Key == other.Key {
					want = other.Value
				}
				require.Equal(t, want, m.Value, "%s\n%s", m.Key, text)
				require.False(t, m.Declared)
			}
			if slug != "" {
				require.Contains(t, r.Measured, other, text)
			}
			require.GreaterOrEqual(t, len(r.Measured), 4, text)
		})
	}
}

func TestADeclaredChoiceThatTheServiceDidNotMakeIsWrong(t *testing.T) {
	l := clinic.Launcher{Configure: choosing(t, "drop-leaves").Configure}
	r, text := examine(t, doctor.Patient{Launcher: declaring{l, "drop", "waits"}})
	require.False(t, r.Healthy(), text)
	require.Contains(t, text, "policy.drop        what a lost connection is: a leaving, at once")
	require.Contains(t, text, "it says the visit waits, without limit")
}

// declaring is a launcher that declares a choice.
type declaring struct {
	clinic.Launcher
	key, value string
}

func (d declaring) Capabilities() models.Capabilities {
	c := d.Launcher.Capabilities()
	c.Policy.Choices, _ = models.Choices{}.Choose(d.key, d.value)
	return c
}

func (d declaring) Launch(ctx context.Context) (targets.Target, error) {
	t, err := d.Launcher.Launch(ctx)
	return strictTarget{t, d.Capabilities()}, err
}

func TestWhatCannotBeAskedForIsNotMeasured(t *testing.T) {
	l := without{choosing(t, "drop-leaves"), models.KindDrop}
	r, text := examine(t, doctor.Patient{Launcher: l})
	require.True(t, r.Healthy(), text)
	require.Contains(t, text, "what a lost connection is: not asked, for want of drop")
	for _, m := range r.Measured {
		require.NotEqual(t, "drop", m.Key)
	}
}

// without is a launcher of services that lack an operation.
type without struct {
	targets.Launcher
	kind models.Kind
}

func (w without) Capabilities() models.Capabilities {
	return targets.Without(w.Launcher.Capabilities(), w.kind)
}

func (w without) Launch(ctx context.Context) (targets.Target, error) {
	t, err := w.Launcher.Launch(ctx)
	return strictTarget{t, w.Capabilities()}, err
}
