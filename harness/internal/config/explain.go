package config

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"
)

// An explanation turns what the schema refuses into problems that name places
// of the file.
type explanation struct {
	tree *tree
	raw  any // the schema as JSON
	env  *environment
	// meant are keys that an unknown key was probably meant to be, and missing
	// the problems that one of some keys is absent, both by the path of the
	// mapping: who misspells a key hears of that alone.
	meant   map[string][]string
	missing []missingKey
}

type missingKey struct {
	path string
	keys []string
	text string
	at   *yaml.Node
}

// explain complains of what the schema refuses, without telling what came from
// the environment.
func explain(t *tree, raw any, err *jsonschema.ValidationError, env *environment) {
	e := &explanation{tree: t, raw: raw, env: env, meant: make(map[string][]string)}
	e.explain(err)
	for _, m := range e.missing {
		if !slices.ContainsFunc(e.meant[m.path], func(key string) bool { return slices.Contains(m.keys, key) }) {
			t.complain(m.at, m.path, "%s", m.text)
		}
	}
}

func (e *explanation) explain(err *jsonschema.ValidationError) {
	path := strings.Join(err.InstanceLocation, ".")
	switch k := err.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range err.Causes {
			e.explain(cause)
		}
	case *kind.OneOf:
		e.alternatives(err)
	case *kind.AnyOf:
		e.exclusive(err, e.keys(err, "anyOf"))
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			e.unknown(err, key)
		}
	case *kind.Required:
		for _, key := range k.Missing {
			e.lack(err, []string{key}, fmt.Sprintf("%s needs %s: %s", e.name(path), key, e.meaning(err, key)))
		}
	case *kind.DependentRequired:
		at := keyNode(e.node(err), k.Prop)
		e.tree.complain(at, below(path, k.Prop), "%s only goes with %s", below(path, k.Prop), strings.Join(k.Missing, " and "))
	case *kind.Not:
		e.tree.complain(e.key(err.InstanceLocation), path, "%s %s", path, e.at(err)["errorMessage"])
	default:
		e.wrong(err, e.wanted(err))
	}
}

// wrong says that a value is not what was expected.
func (e *explanation) wrong(err *jsonschema.ValidationError, expected string) {
	n, path := e.node(err), strings.Join(err.InstanceLocation, ".")
	if e.env.broken[n] {
		return
	}
	e.tree.complain(n, path, "%s: expected %s, got %s", e.name(path), expected, e.got(err, expected))
}

// wanted says in words what a value should be.
func (e *explanation) wanted(err *jsonschema.ValidationError) string {
	switch err.ErrorKind.(type) {
	case *kind.MinProperties:
		return "at least one key"
	case *kind.MinItems:
		return "at least one item"
	}
	return e.expectation(e.at(err))
}

// got describes the value, and says how a number is made text and which word was
// probably meant.
func (e *explanation) got(err *jsonschema.ValidationError, expected string) string {
	n := e.node(err)
	shown := e.env.show(n)
	switch k := err.ErrorKind.(type) {
	case *kind.Type:
		if expected == "text" && n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
			return fmt.Sprintf("%s; put it in quotes: %q", shown, shown)
		}
	case *kind.Enum:
		if near := nearest(n.Value, textsOf(k.Want)); near != "" && n.Kind == yaml.ScalarNode {
			return fmt.Sprintf("%s; did you mean %s?", shown, near)
		}
	case *kind.MinItems, *kind.MinProperties:
		return "none"
	}
	return shown
}

// unknown says that a mapping has a key that nobody reads.
func (e *explanation) unknown(err *jsonschema.ValidationError, key string) {
	path, s := strings.Join(err.InstanceLocation, "."), e.at(err)
	known := slices.Sorted(maps.Keys(keysOf(s["properties"])))
	where := ""
	if path != "" {
		where = " in " + path
	}
	what := fmt.Sprintf("unknown key %q%s", key, where)
	near := nearest(key, known)
	switch {
	case near != "":
		e.meant[path] = append(e.meant[path], near)
		what += fmt.Sprintf("; did you mean %q?", near)
	case s["errorMessage"] != nil:
		what = fmt.Sprintf("%s: %s, got %q", path, s["errorMessage"], key)
	case len(known) <= 20:
		what += "; expected " + or(known)
	default:
		what += "; " + SchemaFile + " lists those there are"
	}
	e.tree.complain(keyNode(e.node(err), key), below(path, key), "%s", what)
}

// alternatives explains a value that fits none of several schemas, or more than
// one.
func (e *explanation) alternatives(err *jsonschema.ValidationError) {
	if keys := e.keys(err, "oneOf"); len(keys) > 0 {
		e.exclusive(err, keys)
		return
	}
	var fitting []*jsonschema.ValidationError
	for _, cause := range err.Causes {
		if !wrongType(cause, len(err.InstanceLocation)) {
			fitting = append(fitting, cause)
		}
	}
	expected := e.expectation(e.at(err))
	switch {
	case len(fitting) != 1:
		e.wrong(err, expected)
	case len(fitting[0].Causes) == 0 && e.node(err).Kind == yaml.ScalarNode:
		e.wrong(fitting[0], expected)
	default:
		e.explain(fitting[0])
	}
}

// keys are those that the alternatives of a schema want, one each.
func (e *explanation) keys(err *jsonschema.ValidationError, keyword string) []string {
	var keys []string
	branches, _ := e.at(err)[keyword].([]any)
	for _, branch := range branches {
		if required, ok := keysOf(branch)["required"].([]any); ok && len(keysOf(branch)) == 1 {
			keys = append(keys, required[0].(string))
		}
	}
	return keys
}

// wrongType reports whether a value at a depth was refused for its type.
func wrongType(err *jsonschema.ValidationError, depth int) bool {
	if len(err.InstanceLocation) != depth {
		return false
	}
	if _, ok := err.ErrorKind.(*kind.Type); ok {
		return true
	}
	return slices.ContainsFunc(err.Causes, func(c *jsonschema.ValidationError) bool { return wrongType(c, depth) })
}

// exclusive says that of some keys none is given, or several.
func (e *explanation) exclusive(err *jsonschema.ValidationError, keys []string) {
	path, n := strings.Join(err.InstanceLocation, "."), e.node(err)
	var given []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if slices.Contains(keys, n.Content[i].Value) {
			given = append(given, n.Content[i])
		}
	}
	if len(given) == 0 {
		e.lack(err, keys, fmt.Sprintf("%s needs one of %s", e.name(path), or(keys)))
		return
	}
	for _, key := range given[1:] {
		e.tree.complain(key, below(path, key.Value), "%s has %s and %s; expected one of %s", e.name(path), given[0].Value, key.Value, or(keys))
	}
}

func (e *explanation) lack(err *jsonschema.ValidationError, keys []string, text string) {
	e.missing = append(e.missing, missingKey{strings.Join(err.InstanceLocation, "."), keys, text, e.key(err.InstanceLocation)})
}

// name is how a text calls a mapping.
func (e *explanation) name(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// node is the value that is refused.
func (e *explanation) node(err *jsonschema.ValidationError) *yaml.Node {
	return e.tree.find(err.InstanceLocation...)
}

// key is the key of a value, or the item of a list.
func (e *explanation) key(location []string) *yaml.Node {
	if len(location) == 0 {
		return e.tree.root
	}
	above, last := e.tree.find(location[:len(location)-1]...), location[len(location)-1]
	if n := keyNode(above, last); n != nil {
		return n
	}
	return child(above, last)
}

// at is the schema that refuses.
func (e *explanation) at(err *jsonschema.ValidationError) map[string]any {
	_, pointer, _ := strings.Cut(err.SchemaURL, "#")
	return e.resolve(pointer)
}

// resolve follows a JSON pointer in the schema, as it stands in a URL.
func (e *explanation) resolve(pointer string) map[string]any {
	at := e.raw
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch in := at.(type) {
		case map[string]any:
			if token != "" {
				at = in[token]
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(in) {
				return nil
			}
			at = in[i]
		}
	}
	return keysOf(at)
}

func keysOf(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// meaning is what the schema says about a key.
func (e *explanation) meaning(err *jsonschema.ValidationError, key string) string {
	s := keysOf(keysOf(e.at(err)["properties"])[key])
	if s == nil {
		s = keysOf(keysOf(e.resolve("")["properties"])[key])
	}
	if s["description"] != nil {
		sentence, _, _ := strings.Cut(fmt.Sprint(s["description"]), ". ")
		return lower(strings.TrimSuffix(sentence, "."))
	}
	return e.expectation(s)
}

// lower makes the first letter of a sentence small, unless it begins an
// abbreviation.
func lower(sentence string) string {
	first, rest := sentence[:1], sentence[1:]
	if rest == "" || strings.ToLower(rest[:1]) != rest[:1] {
		return sentence
	}
	return strings.ToLower(first) + rest
}

// expectation says in words what a schema accepts.
func (e *explanation) expectation(s map[string]any) string { return or(e.expectations(s)) }

func (e *explanation) expectations(s map[string]any) []string {
	if ref, ok := s["$ref"].(string); ok {
		return e.expectations(e.resolve(strings.TrimPrefix(ref, "#")))
	}
	if title, ok := s["title"].(string); ok {
		return []string{title}
	}
	if enum, ok := s["enum"].([]any); ok {
		return textsOf(enum)
	}
	if branches, ok := s["oneOf"].([]any); ok {
		var all []string
		for _, branch := range branches {
			all = append(all, e.expectations(keysOf(branch))...)
		}
		return all
	}
	return []string{expectedType(s)}
}

func textsOf(values []any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return out
}

func expectedType(s map[string]any) string {
	switch s["type"] {
	case "integer":
		from, to := fmt.Sprint(s["minimum"]), fmt.Sprint(s["maximum"])
		if to == strconv.Itoa(largest) {
			return "a whole number from " + from
		}
		return "a whole number from " + from + " to " + to
	case "boolean":
		return "true or false"
	case "array":
		return "a list" + example(s)
	case "object":
		return "a mapping"
	case "string":
		return "text"
	}
	return "text, a number, true or false"
}

// example is the first example of a list.
func example(s map[string]any) string {
	all, _ := s["examples"].([]any)
	if len(all) == 0 {
		return ""
	}
	items, _ := all[0].([]any)
	return " like [" + strings.Join(textsOf(items), ", ") + "]"
}

// or joins alternatives: "a, b or c".
func or(each []string) string {
	if len(each) < 2 {
		return strings.Join(each, "")
	}
	return strings.Join(each[:len(each)-1], ", ") + " or " + each[len(each)-1]
}

// nearest is the known word that a word was probably meant to be, or "".
func nearest(word string, known []string) string {
	best, least := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if d := levenshtein.Distance(strings.ToLower(word), strings.ToLower(k), nil); d < least {
			best, least = k, d
		}
	}
	return best
}
