package exposure

import (
	_ "embed"
	"io"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
)

// schema is the JSON Schema of exposure.json.
//
//go:embed exposure.schema.json
var schema []byte

// JSONSchema is the JSON Schema (2020-12) of what [Pack.JSON] writes.
func JSONSchema() []byte { return slices.Clone(schema) }

// JSON writes the pack.
func (p *Pack) JSON(w io.Writer) error { return layout.JSON(w, p) }
