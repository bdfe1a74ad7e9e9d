package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxDepth bounds how deep schemas are read; they may contain themselves.
const maxDepth = 4

// maxPlaces bounds the objects that are looked into side by side.
const maxPlaces = 64

// shape is a schema with what it is composed of put together.
type shape struct {
	name        string // the last part of its reference, or empty
	kind        string // object, array, string, integer, number, boolean or empty
	format      string
	example     string // where it is text
	description string
	enum        []string
	constant    any
	minimum     *float64
	properties  map[string]*openapi3.SchemaRef
	required    []string
	items       *openapi3.SchemaRef
}

// shapeOf puts a schema together. It never returns nil.
func shapeOf(ref *openapi3.SchemaRef) *shape {
	s := &shape{properties: make(map[string]*openapi3.SchemaRef)}
	s.add(ref, 0)
	return s
}

func (s *shape) add(ref *openapi3.SchemaRef, depth int) {
	if ref == nil || ref.Value == nil || depth > maxDepth {
		return
	}
	v := ref.Value
	if s.name == "" && ref.Ref != "" {
		s.name = ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
	}
	s.addOwn(v)
	for _, part := range v.AllOf {
		s.add(part, depth+1)
	}
	for _, choices := range []openapi3.SchemaRefs{v.OneOf, v.AnyOf} {
		if i := slices.IndexFunc(choices, meaningful); i >= 0 {
			s.add(choices[i], depth+1)
		}
	}
	if s.kind == "" && len(s.properties) > 0 {
		s.kind = "object"
	}
}

// meaningful leaves out the choice that says null.
func meaningful(ref *openapi3.SchemaRef) bool {
	return ref != nil && ref.Value != nil && !ref.Value.Type.Is("null")
}

func (s *shape) addOwn(v *openapi3.Schema) {
	for _, kind := range v.Type.Slice() {
		if s.kind == "" && kind != "null" {
			s.kind = kind
		}
	}
	if s.format == "" {
		s.format = v.Format
	}
	if text, ok := v.Example.(string); ok && s.example == "" {
		s.example = text
	}
	if s.description == "" {
		s.description = v.Description
	}
	if s.minimum == nil {
		s.minimum = v.Min
	}
	if s.constant == nil {
		s.constant = v.Const
	}
	for _, value := range v.Enum {
		if value != nil {
			s.enum = append(s.enum, fmt.Sprint(value))
		}
	}
	for name, property := range v.Properties {
		if s.properties[name] == nil && property != nil {
			s.properties[name] = property
		}
	}
	s.required = append(s.required, v.Required...)
	if s.items == nil {
		s.items = v.Items
	}
}

// names lists the properties: the required ones in their order, then the others.
func (s *shape) names() []string {
	var out []string
	for _, name := range s.required {
		if s.properties[name] != nil && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	var rest []string
	for name := range s.properties {
		if !slices.Contains(out, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return append(out, rest...)
}

// needs reports whether a property is required.
func (s *shape) needs(name string) bool { return slices.Contains(s.required, name) }

// property is the shape of a property.
func (s *shape) property(name string) *shape { return shapeOf(s.properties[name]) }

// binary reports whether text of the shape is bytes.
func (s *shape) binary() bool { return s.format == "binary" }

// contentOf is the media type of a body that suits best: JSON, or else what
// comes first in the alphabet. It is empty where there is none.
func contentOf(content openapi3.Content) (string, *shape) {
	types := make([]string, 0, len(content))
	for mediaType, body := range content {
		if body != nil {
			types = append(types, mediaType)
		}
	}
	slices.SortFunc(types, func(a, b string) int {
		if isJSON(a) != isJSON(b) {
			if isJSON(a) {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	if len(types) == 0 {
		return "", shapeOf(nil)
	}
	return types[0], shapeOf(content[types[0]].Schema)
}

// isJSON reports whether a media type is JSON.
func isJSON(mediaType string) bool {
	base, _, _ := strings.Cut(mediaType, ";")
	return base == "application/json" || strings.HasSuffix(base, "+json") || base == "*/*"
}

// answers is the media type and the shape of what an endpoint answers.
func (e *endpoint) answers() (string, *shape) {
	if e.answer == nil {
		return "", shapeOf(nil)
	}
	return contentOf(e.answer.Content)
}

// asks is the media type and the shape of what an endpoint is sent.
func (e *endpoint) asks() (string, *shape) { return contentOf(e.body) }

// answersBytes reports whether what is answered is media.
func (e *endpoint) answersBytes() bool {
	mediaType, s := e.answers()
	return s.binary() || isMedia(mediaType)
}

// isMedia reports whether a media type is neither text nor structure.
func isMedia(mediaType string) bool {
	for _, prefix := range []string{"application/octet-stream", "video/", "audio/", "image/"} {
		if strings.HasPrefix(mediaType, prefix) {
			return true
		}
	}
	return false
}

// jq is the path of a property below another.
func jq(path, name string) string {
	if path == "." {
		path = ""
	}
	plain := name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	if plain && (name[0] < '0' || name[0] > '9') {
		return path + "." + name
	}
	if path == "" {
		path = "."
	}
	return path + "[" + quoted(name) + "]"
}

// quoted is text as a string of jq.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}

// find looks for a property by names that are ranked, at first at the top, then
// in the objects below. The names are joined words; an "id" after them is
// allowed. It returns the path and the shape, or an empty path.
func (s *shape) find(names string) (string, *shape) {
	level := []place{{".", s}}
	for range maxDepth - 1 {
		for _, want := range strings.Fields(names) {
			for _, at := range level {
				for _, name := range at.shape.names() {
					if j := joined(name); j == want || j == want+"id" {
						return jq(at.path, name), at.shape.property(name)
					}
				}
			}
		}
		level = deeper(level)
	}
	return "", shapeOf(nil)
}

// place is a shape with the path to it.
type place struct {
	path  string
	shape *shape
}

// deeper lists the objects that are properties of some.
func deeper(level []place) []place {
	var out []place
	for _, at := range level {
		for _, name := range at.shape.names() {
			if p := at.shape.property(name); len(out) < maxPlaces && p.kind == "object" && len(p.properties) > 0 {
				out = append(out, place{jq(at.path, name), p})
			}
		}
	}
	return out
}
