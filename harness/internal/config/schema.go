package config

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/telehealth-conformance/crosstalk/models"
)

// SchemaFile is the name under which the schema lies beside crosstalk.yaml.
const SchemaFile = "crosstalk.schema.json"

// schemaText is what [writeSchema] returns; a test keeps it so.
//
//go:embed crosstalk.schema.json
var schemaText []byte

// Schema is the JSON Schema (2020-12) of crosstalk.yaml. Beside a file that
// begins with "# yaml-language-server: $schema=crosstalk.schema.json" it lets
// editors complete and check it.
func Schema() []byte { return bytes.Clone(schemaText) }

// A schema is a JSON Schema. Where a value is wrong, what was expected is told
// from title, or else from type, enum and the bounds; where keys do not go
// together, errorMessage is told.
type schema map[string]any

// writeSchema is the whole schema as JSON.
func writeSchema() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(fileSchema()); err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return out.Bytes(), nil
}

// fileSchema is the schema of a file.
func fileSchema() schema {
	s := object("A service under test, how it is reached, and how it is explored. "+
		"In every text ${NAME} is an environment variable, which is kept secret, ${NAME:-default} the same with what stands where it is unset or empty, and $${ a literal ${.", schema{
		"version":        schema{"description": "The version of this format.", "const": 1, "title": "1, the version of the format that this crosstalk reads"},
		"target":         targetSchema(),
		"policy":         policySchema(),
		"auth":           authSchema(),
		"ids":            idsSchema(),
		"recording":      recordingSchema("How a row of any listing, and a recording's metadata, is read. An operation may have a row of its own."),
		"encounter":      encounterSchema(),
		"operations":     operationsSchema(),
		"run":            runSchema(),
		"known_failures": knownSchema(),
		"outputs":        outputsSchema(),
	}, "version", "target")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "a mapping with version, target and operations"
	s["$defs"] = definitions()
	s["if"] = schema{"properties": schema{"target": schema{"type": "object", "required": []string{"process"}}}, "required": []string{"target"}}
	s["then"] = without("does not go with target.process: the adapter says itself what it performs and how",
		"operations", "auth", "ids", "recording", "encounter")
	s["else"] = schema{"required": []string{"operations"}}
	return s
}

func definitions() schema {
	defs := schema{
		"duration": schema{"type": "string", "format": "positive-duration", "title": "a time like 90s or 10m", "examples": []string{"10s", "250ms", "10m"}},
		"lag":      schema{"type": "string", "format": "duration-or-none", "title": "a time like 2s or 250ms, or 0s", "examples": []string{"2s", "250ms", "0s"}},
	}
	for _, more := range []schema{targetDefinitions(), requestDefinitions(), operationDefinitions()} {
		maps.Copy(defs, more)
	}
	return defs
}

// object has some keys and no others.
func object(description string, properties schema, required ...string) schema {
	s := schema{"description": description, "type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// named has any keys that are names, all with values of one kind.
func named(description string, value schema) schema {
	return schema{"description": description, "type": "object", "patternProperties": schema{identifier: value}, "additionalProperties": false,
		"errorMessage": "expected a name of letters, digits and _"}
}

// identifier matches names that templates can use.
const identifier = "^[A-Za-z_][A-Za-z0-9_]*$"

// each has any keys, all with values of one kind.
func each(description string, value schema) schema {
	return schema{"description": description, "type": "object", "additionalProperties": value}
}

func text(description string, examples ...string) schema {
	s := schema{"description": description, "type": "string"}
	if len(examples) > 0 {
		s["examples"] = examples
	}
	return s
}

// filled is text of at least one character.
func filled(description string, examples ...string) schema {
	s := text(description, examples...)
	s["minLength"], s["title"] = 1, "text"
	return s
}

func matching(description, pattern, title string, examples ...string) schema {
	s := text(description, examples...)
	s["pattern"], s["title"] = pattern, title
	return s
}

func words[T ~string](description string, values ...T) schema {
	return schema{"description": description, "type": "string", "enum": values}
}

func toggle(description string, byDefault bool) schema {
	return schema{"description": description, "type": "boolean", "default": byDefault}
}

func number(description string, from, to int) schema {
	return schema{"description": description, "type": "integer", "minimum": from, "maximum": to}
}

// largest is the greatest whole number that every JSON reader keeps exactly.
const largest = 1<<53 - 1

func list(description string, item schema, examples ...any) schema {
	s := schema{"description": description, "type": "array", "items": item, "minItems": 1}
	if len(examples) > 0 {
		s["examples"] = examples
	}
	return s
}

func defined(name, description string) schema {
	return schema{"$ref": "#/$defs/" + name, "description": description}
}

// byDefault adds the default.
func (s schema) byDefault(value any) schema {
	s["default"] = value
	return s
}

// titled says in words what is expected.
func (s schema) titled(title string) schema {
	s["title"] = title
	return s
}

// either is one of several schemas whose types differ.
func either(description string, alternatives ...schema) schema {
	return schema{"description": description, "oneOf": alternatives}
}

// needing has a schema for each of some keys that wants it.
func needing(keys []string) []schema {
	out := make([]schema, len(keys))
	for i, key := range keys {
		out[i] = schema{"required": []string{key}}
	}
	return out
}

// someOf wants at least one of some keys.
func someOf(keys ...string) schema { return schema{"anyOf": needing(keys)} }

// exactlyOne lets one of some keys be given, and wants one.
func exactlyOne(keys ...string) schema { return schema{"oneOf": needing(keys)} }

// atMostOne lets one of some keys be given.
func atMostOne(keys ...string) schema {
	return schema{"oneOf": append(needing(keys), schema{"not": someOf(keys...)})}
}

// without lets none of some keys be given, and says why.
func without(why string, keys ...string) schema {
	properties := make(schema, len(keys))
	for _, key := range keys {
		properties[key] = schema{"not": schema{}, "errorMessage": why}
	}
	return schema{"properties": properties}
}

// when applies a schema where one of some keys is given.
func when(then schema, keys ...string) schema {
	return schema{"if": someOf(keys...), "then": then}
}

// A validator is the schema, ready to validate with, and as JSON.
type validator struct {
	*jsonschema.Schema
	raw any
}

// compiled is the schema, compiled when it is first needed.
var compiled = sync.OnceValues(compile)

func compile() (validator, error) {
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		return validator{}, fmt.Errorf("read %s: %w", SchemaFile, err)
	}
	c := jsonschema.NewCompiler()
	c.RegisterFormat(&jsonschema.Format{Name: "positive-duration", Validate: validDuration(1)})
	c.RegisterFormat(&jsonschema.Format{Name: "duration-or-none", Validate: validDuration(0)})
	c.AssertFormat()
	if err := c.AddResource(SchemaFile, raw); err != nil {
		return validator{}, fmt.Errorf("read %s: %w", SchemaFile, err)
	}
	s, err := c.Compile(SchemaFile)
	if err != nil {
		return validator{}, fmt.Errorf("compile %s: %w", SchemaFile, err)
	}
	return validator{s, raw}, nil
}

// validDuration accepts what Go reads as a duration, from the least on.
func validDuration(least time.Duration) func(any) error {
	return func(v any) error {
		s, ok := v.(string)
		if !ok {
			return nil
		}
		d, err := time.ParseDuration(s)
		if err == nil && d < least {
			err = fmt.Errorf("%v is less than %v", d, least)
		}
		return err
	}
}

// ruleIDs lists the rules.
func ruleIDs() []string {
	rules := models.Rules()
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return ids
}
