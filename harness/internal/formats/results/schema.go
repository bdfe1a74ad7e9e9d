package results

import (
	_ "embed"
	"slices"
)

// The JSON Schema (2020-12) of results.json.
//
//go:embed results.schema.json
var schema []byte

// JSONSchema is the JSON Schema (2020-12) of results.json.
func JSONSchema() []byte { return slices.Clone(schema) }
