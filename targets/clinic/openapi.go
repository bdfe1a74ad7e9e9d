package clinic

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI returns a copy of the OpenAPI 3.0 document that the service implements, as YAML.
func OpenAPI() []byte { return append([]byte(nil), openAPI...) }
