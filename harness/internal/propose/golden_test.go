package propose

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/models"
)

// clinicDocument describes the reference service.
const clinicDocument = "../../../targets/clinic/openapi.yaml"

// practiceDocument describes the example service, as its vendor would.
const practiceDocument = "../../../targets/mapping/example/visits/openapi.yaml"

func documents() map[string]string {
	return map[string]string{"clinic": clinicDocument, "visits": "testdata/visits.yaml", "practice": practiceDocument, "fhir": "testdata/fhir.json", "graphql": "testdata/graphql.yaml"}
}

func TestEachDocumentIsProposedAsInItsGoldenFile(t *testing.T) {
	for name, file := range documents() {
		t.Run(name, func(t *testing.T) {
			p, err := FromFile(file, Options{})
			require.NoError(t, err)
			golden.File(t, filepath.Join("testdata", name+".golden.yaml"), string(p.File))
			wellMade(t, p.File)
			again, err := FromFile(file, Options{})
			require.NoError(t, err)
			require.Equal(t, p, again, "the same document gives the same proposal")
		})
	}
}

func TestAFileFromNothingIsAsInItsGoldenFile(t *testing.T) {
	text, err := New(Options{})
	require.NoError(t, err)
	golden.File(t, filepath.Join("testdata", "blank.golden.yaml"), string(text))
	wellMade(t, text)
}

// wellMade requires YAML with the modeline, in which every kind is explained.
func wellMade(t *testing.T, text []byte) {
	t.Helper()
	var root map[string]any
	require.NoError(t, yaml.Unmarshal(text, &root))
	require.Equal(t, 1, root["version"])
	require.True(t, strings.HasPrefix(string(text), "# yaml-language-server: $schema=crosstalk.schema.json\n"))
	for _, k := range models.Kinds() {
		require.Contains(t, string(text), "# "+models.Shape(k)+"\n")
	}
	require.NotContains(t, string(text), "{{TODO}}")
}
