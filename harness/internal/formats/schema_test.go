package formats_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

// compiled compiles a published schema. A strict one knows every field that is
// written: readers must let others pass.
func compiled(t *testing.T, name string, strict bool) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	id := ""
	for _, published := range formats.Schemas() {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(published.Schema))
		require.NoError(t, err)
		if strict {
			closeObjects(doc)
		}
		url := doc.(map[string]any)["$id"].(string)
		require.NoError(t, c.AddResource(url, doc))
		if published.Name == name {
			id = url
		}
	}
	schema, err := c.Compile(id)
	require.NoError(t, err)
	return schema
}

// closeObjects lets objects whose properties are listed have no others.
func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, one := range v {
			if key != "allOf" {
				closeObjects(one)
			}
		}
		if _, listed := v["properties"]; listed && v["type"] == "object" {
			v["additionalProperties"] = false
		}
	case []any:
		for _, one := range v {
			closeObjects(one)
		}
	}
}

// validate validates JSON.
func validate(t *testing.T, schema *jsonschema.Schema, text []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(doc))
}

func TestEveryGoldenResultKeepsThePublishedSchema(t *testing.T) {
	for _, strict := range []bool{false, true} {
		for _, name := range []string{"violation.json", "unreproduced.json"} {
			text, err := os.ReadFile(filepath.Join("results", "testdata", name))
			require.NoError(t, err)
			validate(t, compiled(t, "results", strict), text)
		}
		text, err := os.ReadFile(filepath.Join("testdata", "statement.json"))
		require.NoError(t, err)
		validate(t, compiled(t, "statement", strict), text)
	}
}

func TestEveryKindOfRunKeepsThePublishedSchemas(t *testing.T) {
	for name, r := range samples.Kinds(t) {
		t.Run(name, func(t *testing.T) {
			for schema, write := range map[string]func(io.Writer, *evidence.Run) error{"results": results.Write, "statement": formats.StatementJSON} {
				var b bytes.Buffer
				require.NoError(t, write(&b, &r))
				validate(t, compiled(t, schema, true), b.Bytes())
			}
		})
	}
}

func TestTheResultsOfARunThatGoesOnKeepTheSchema(t *testing.T) {
	path := t.TempDir()
	dir, err := rundir.Create(path, evidence.Run{})
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(path, evidence.ResultsFile))
	require.NoError(t, err)
	validate(t, compiled(t, "results", true), text)
	found := samples.Violated(t)
	found.Minimal = nil
	dir.Found(&found.Result)
	text, err = os.ReadFile(filepath.Join(path, evidence.ResultsFile))
	require.NoError(t, err)
	validate(t, compiled(t, "results", true), text)
}

func TestResultsThatContradictThemselvesBreakTheSchema(t *testing.T) {
	schema := compiled(t, "results", false)
	for name, change := range map[string]func(map[string]any){
		"running with an exit code":  func(r map[string]any) { r["end"], r["complete"] = "running", false },
		"incomplete and conformant":  func(r map[string]any) { r["end"], r["complete"], r["verdict"] = "interrupted", false, "conformant" },
		"complete and interrupted":   func(r map[string]any) { r["end"] = "interrupted" },
		"another form":               func(r map[string]any) { r["schema"] = "crosstalk-results/2" },
		"no list of exposures":       func(r map[string]any) { delete(r, "exposures") },
		"a level that nobody counts": func(r map[string]any) { r["exposures"].([]any)[0].(map[string]any)["level"] = "glimpsed" },
	} {
		t.Run(name, func(t *testing.T) {
			r := samples.Violated(t)
			text, err := json.Marshal(results.Of(&r))
			require.NoError(t, err)
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(doc))
			change(doc.(map[string]any))
			require.Error(t, schema.Validate(doc))
		})
	}
}
