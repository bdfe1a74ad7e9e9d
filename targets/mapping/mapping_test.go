package mapping

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// parseFile reads a file as whoever loads it would, with the environment resolved.
func parseFile(text string) (Spec, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(text, "${CROSSTALK_OPERATOR_TOKEN}", "operator")), &root); err != nil {
		return Spec{}, err
	}
	return Decode(&root)
}

// mappingOf compiles a file that is right.
func mappingOf(t testing.TB, text string) *Mapping {
	t.Helper()
	s, err := parseFile(text)
	require.NoError(t, err)
	s.File = "crosstalk.yaml"
	m, problems := Compile(s)
	require.Empty(t, problems)
	return m
}

func clinicYAML(t testing.TB) string {
	text, err := os.ReadFile("testdata/clinic.yaml")
	require.NoError(t, err)
	return string(text)
}

func TestTheClinicsFileMapsEveryOperation(t *testing.T) {
	m := mappingOf(t, clinicYAML(t))
	for _, k := range models.Kinds() {
		if k != models.KindRestart {
			require.Contains(t, m.Operations(), k)
		}
	}
}

func TestEveryKindHasAForm(t *testing.T) {
	for _, k := range models.Kinds() {
		f, err := formOf(k)
		require.NoError(t, err)
		require.Contains(t, builtins, f.bound, k)
		for _, role := range f.roles {
			require.Contains(t, builtins, role, k)
		}
	}
	for k := range effects {
		require.Contains(t, models.Kinds(), k, "there is such a kind")
	}
}

func TestWhereFindsAPlaceInTheFile(t *testing.T) {
	m := mappingOf(t, clinicYAML(t))
	line := func(text string) int {
		return strings.Count(clinicYAML(t)[:strings.Index(clinicYAML(t), text)], "\n") + 1
	}
	require.Equal(t, line("rows: .items[]"), m.Where(models.KindList, "rows").Line)
	require.Equal(t, line("  list:"), m.Where(models.KindList, "").Line)
	require.Equal(t, line("  list:"), m.Where(models.KindList, "method").Line, "what is not given is where its operation is")
	require.Equal(t, line("{id: .id, token"), m.Where(models.KindClinician, "capture.token").Line, "an alias is where its anchor is")
}
