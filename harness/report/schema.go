package report

import _ "embed"

// The JSON Schemas (2020-12) of what is written for programs. That of a
// statement refers to that of results, by its $id.
var (
	//go:embed results.schema.json
	resultsSchema []byte
	//go:embed statement.schema.json
	statementSchema []byte
)

// Published is a JSON Schema that is published with the program.
type Published struct {
	Name   string // by which it is asked for
	File   string // that has the form
	Schema []byte
}

// Schemas lists the schemas of the files of a run's directory.
func Schemas() []Published {
	return []Published{{"results", ResultsFile, resultsSchema}, {"statement", StatementJSONFile, statementSchema}}
}
