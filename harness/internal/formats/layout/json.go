package layout

import (
	"encoding/json"
	"io"
)

// JSON writes a value as indented JSON, in which HTML is not escaped.
func JSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}
