package doctor_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/doctor"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func examine(t *testing.T, p doctor.Patient) (*doctor.Report, string) {
	t.Helper()
	r, err := doctor.Examine(t.Context(), p, "t1")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, r.Text(&b))
	return r, b.String()
}

func TestTheReferenceClinicIsHealthy(t *testing.T) {
	r, text := examine(t, doctor.Patient{Launcher: clinic.Launcher{}})
	t.Log("\n" + text)
	require.True(t, r.Healthy(), text)
	for _, f := range r.Findings {
		require.Equal(t, doctor.Works, f.Status, f.Check)
	}
}
