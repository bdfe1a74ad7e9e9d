package exposure

import (
	_ "embed"
	"encoding/json"
	"io"
)

// schema is the JSON Schema of exposure.json.
//
//go:embed exposure.schema.json
var schema string

// JSONSchema is the JSON Schema (2020-12) of what [Pack.JSON] writes.
func JSONSchema() string { return schema }

// JSON writes the pack.
func (p *Pack) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(p)
}
