package formats

import (
	_ "embed"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
)

// The JSON Schema (2020-12) of a statement, which refers to that of results, by
// its $id.
//
//go:embed statement.schema.json
var statementSchema []byte

// Published is a JSON Schema that is published with the program.
type Published struct {
	Name   string // by which it is asked for
	File   string // that has the form
	Schema []byte
}

// Schemas lists the schemas of the files of a run's directory.
func Schemas() []Published {
	return []Published{{"results", evidence.ResultsFile, results.JSONSchema()}, {"statement", evidence.StatementJSONFile, statementSchema},
		{"exposure", evidence.ExposureJSON, exposure.JSONSchema()}}
}
