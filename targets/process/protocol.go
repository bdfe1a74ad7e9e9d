package process

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Version is the version of the protocol.
const Version = 1

// Schema is the JSON Schema (draft 2020-12) of the messages: those of crosstalk
// are "#/$defs/message", those of an adapter "#/$defs/answer".
//
//go:embed protocol.schema.json
var Schema string

const schemaID = "urn:crosstalk:process:1"

// protocol are the schemas of the answers.
type protocol struct {
	hello, apply, bare *jsonschema.Schema
}

func newProtocol() (p protocol, err error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema))
	if err != nil {
		return p, fmt.Errorf("read the schema of the protocol: %w", err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaID, document); err != nil {
		return p, fmt.Errorf("read the schema of the protocol: %w", err)
	}
	for name, schema := range map[string]**jsonschema.Schema{"helloAnswer": &p.hello, "applyAnswer": &p.apply, "bareAnswer": &p.bare} {
		if *schema, err = c.Compile(schemaID + "#/$defs/" + name); err != nil {
			return p, fmt.Errorf("read the schema of the protocol: %w", err)
		}
	}
	return p, nil
}

// excerpt is the number of bytes of a line that are quoted.
const excerpt = 80

// readAnswer reads a line that must be the answer to the message of an id into v.
// The error says in a clause what is wrong with it, and what was expected.
func readAnswer(schema *jsonschema.Schema, id int, line []byte, v any) error {
	var document any // with numbers as float64: an exact 1e999999999 takes all memory
	err := json.Unmarshal(line, &document)
	if errors.As(err, new(*json.UnmarshalTypeError)) {
		return explainDecoding(err)
	}
	if err != nil {
		return fmt.Errorf("said %s, which is no JSON; expected one line of JSON with id %d (logs belong on standard error)", quote(line), id)
	}
	object, _ := document.(map[string]any)
	if given, ok := object["id"].(float64); ok && given != float64(id) {
		return fmt.Errorf("answered message %v; expected id %d, and one answer to each message", given, id)
	}
	if text, ok := object["error"].(string); ok && text != "" {
		return fmt.Errorf("gave up: %s", oneLine(text))
	}
	if err := schema.Validate(document); err != nil {
		return explain(schema, err)
	}
	if err := json.Unmarshal(line, v); err != nil {
		return explainDecoding(err)
	}
	return nil
}

// explainDecoding says what cannot be read though it is as the schema says: a
// number out of bounds, or text that is no base64.
func explainDecoding(err error) error {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		return fmt.Errorf("%s is %s; expected a value that fits into %s", cmp.Or(mistyped.Field, "a value"), oneLine(mistyped.Value), mistyped.Type)
	}
	return fmt.Errorf("an answer that cannot be read: %w; expected content.body in base64 (RFC 4648 section 4)", err)
}

func quote(line []byte) string {
	if len(line) > excerpt {
		return fmt.Sprintf("%q...", line[:excerpt])
	}
	return fmt.Sprintf("%q", line)
}
