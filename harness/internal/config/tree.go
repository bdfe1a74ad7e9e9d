package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxValues bounds the values of a file with its aliases written out.
const maxValues = 100_000

// tree is a file as values at their places: aliases and merge keys are written
// out, keys are unique, scalars are text, numbers, true or false, or null.
type tree struct {
	file     string
	root     *yaml.Node
	problems Problems

	values int
	open   map[*yaml.Node]bool // aliased values that are being written out
	looped bool                // an alias is within itself
}

// plant reads YAML text. What is wrong with it is in the problems of the tree,
// whose root is nil where there is nothing to go on with.
func plant(file string, text []byte) *tree {
	t := &tree{file: file, open: make(map[*yaml.Node]bool)}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, second yaml.Node
	err := decoder.Decode(&document)
	switch {
	case errors.Is(err, io.EOF):
		t.complain(nil, "", "the file is empty; expected version, target and operations")
		return t
	case err == nil:
		err = decoder.Decode(&second)
	}
	switch {
	case err == nil:
		t.complain(&second, "", "a second document begins here; expected one in a file")
	case !errors.Is(err, io.EOF):
		t.problems = append(t.problems, syntaxProblem(file, text, err))
		return t
	}
	root := t.copy(document.Content[0], "")
	if t.values <= maxValues && !t.looped {
		t.root = root
	}
	return t
}

func (t *tree) complain(at *yaml.Node, path, format string, args ...any) {
	p := Problem{File: t.file, Line: 1, Column: 1, Path: path, Text: fmt.Sprintf(format, args...)}
	if at != nil && at.Line > 0 {
		p.Line, p.Column = at.Line, at.Column
	}
	t.problems = append(t.problems, p)
}

// copy returns a value with its aliases and merge keys written out.
func (t *tree) copy(n *yaml.Node, path string) *yaml.Node {
	if t.values++; t.values > maxValues {
		if t.values == maxValues+1 {
			t.complain(n, path, "more than %d values, aliases included; expected fewer", maxValues)
		}
		return null(n)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return t.copyAlias(n, path)
	case yaml.MappingNode:
		return t.copyMapping(n, path)
	case yaml.SequenceNode:
		return t.copySequence(n, path)
	}
	return t.copyScalar(n, path)
}

func null(at *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: at.Line, Column: at.Column}
}

func (t *tree) copyAlias(n *yaml.Node, path string) *yaml.Node {
	if t.open[n.Alias] {
		t.looped = true
		t.complain(n, path, "*%s is used within itself; expected an anchor that ends before it is used", n.Value)
		return null(n)
	}
	t.open[n.Alias] = true
	defer delete(t.open, n.Alias)
	return t.copy(n.Alias, path)
}

func (t *tree) copySequence(n *yaml.Node, path string) *yaml.Node {
	t.checkTag(n, path, "!!seq")
	out := &yaml.Node{Kind: n.Kind, Tag: "!!seq", Line: n.Line, Column: n.Column}
	for i, item := range n.Content {
		out.Content = append(out.Content, t.copy(item, below(path, strconv.Itoa(i))))
	}
	return out
}

func (t *tree) copyMapping(n *yaml.Node, path string) *yaml.Node {
	t.checkTag(n, path, "!!map")
	out := &yaml.Node{Kind: n.Kind, Tag: "!!map", Line: n.Line, Column: n.Column}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if key = t.key(key, path); key == nil {
			continue
		}
		if first := keyNode(out, key.Value); first != nil {
			t.complain(key, below(path, key.Value), "%q is already at line %d; expected each key once", key.Value, first.Line)
			continue
		}
		out.Content = append(out.Content, key, t.copy(value, below(path, key.Value)))
	}
	for _, m := range merged {
		t.merge(out, m, path)
	}
	return out
}

// key returns a key of a mapping, or nil where it is none.
func (t *tree) key(n *yaml.Node, path string) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		t.complain(n, path, "expected a name as the key, got %s", describe(n))
		return nil
	}
	return &yaml.Node{Kind: n.Kind, Tag: "!!str", Value: n.Value, Style: yaml.DoubleQuotedStyle, Line: n.Line, Column: n.Column}
}

// merge adds the keys of a value of "<<" that a mapping does not have itself.
func (t *tree) merge(into, n *yaml.Node, path string) {
	from := t.copy(n, path)
	sources := []*yaml.Node{from}
	if from.Kind == yaml.SequenceNode {
		sources = from.Content
	}
	for _, source := range sources {
		if source.Kind != yaml.MappingNode {
			t.complain(n, path, "expected a mapping to merge, got %s; write <<: *NAME", describe(source))
			continue
		}
		for i := 0; i+1 < len(source.Content); i += 2 {
			if keyNode(into, source.Content[i].Value) == nil {
				into.Content = append(into.Content, source.Content[i], source.Content[i+1])
			}
		}
	}
}

// copyScalar makes text of dates, which JSON does not know.
func (t *tree) copyScalar(n *yaml.Node, path string) *yaml.Node {
	out := &yaml.Node{Kind: yaml.ScalarNode, Tag: n.ShortTag(), Value: n.Value, Style: n.Style &^ yaml.TaggedStyle, Line: n.Line, Column: n.Column}
	switch out.Tag {
	case "!!int", "!!float", "!!bool", "!!null":
		var any any
		if err := out.Decode(&any); err == nil {
			return out
		}
		t.complain(n, path, "expected a value of type %s, got %q", out.Tag, n.Value)
	case "!!str":
		if n.Style&yaml.TaggedStyle == 0 {
			return out
		}
	case "!!timestamp":
	default:
		t.checkTag(n, path, "!!str")
	}
	out.Tag, out.Style = "!!str", yaml.DoubleQuotedStyle
	return out
}

func (t *tree) checkTag(n *yaml.Node, path, want string) {
	if tag := n.ShortTag(); tag != want {
		t.complain(n, path, "unknown tag %s; expected the value without it", tag)
	}
}

// below is the path of a key, or of an item by its number, below a path.
func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// keyNode is the node of a mapping's key, or nil.
func keyNode(mapping *yaml.Node, key string) *yaml.Node {
	if i := keyIndex(mapping, key); i >= 0 {
		return mapping.Content[i]
	}
	return nil
}

// child is the value of a mapping's key or the item of a sequence, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
		return nil
	}
	if i := keyIndex(n, key); i >= 0 {
		return n.Content[i+1]
	}
	return nil
}

func keyIndex(mapping *yaml.Node, key string) int {
	if mapping.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// find is the value at a path, or nil.
func (t *tree) find(path ...string) *yaml.Node {
	at := t.root
	for _, key := range path {
		if at == nil {
			return nil
		}
		at = child(at, key)
	}
	return at
}

// describe says what a value is, for somebody who expected another.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "*" + n.Value
	case n.ShortTag() == "!!null":
		return "nothing"
	case n.ShortTag() == "!!str":
		return strconv.Quote(shorten(n.Value))
	}
	return shorten(n.Value)
}

// shorten cuts a text after 60 characters.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// instance is a value as JSON Schema knows it.
func instance(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = instance(n.Content[i+1])
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = instance(item)
		}
		return out
	}
	var out any
	if n.Tag == "!!str" || n.Decode(&out) != nil || strings.ContainsAny(strings.ToLower(n.Value), "fn") && n.Tag == "!!float" {
		return n.Value // text, and the infinities, which JSON does not have
	}
	return out
}

// clone returns a tree of its own.
func clone(n *yaml.Node) *yaml.Node {
	out := *n
	out.Content = slices.Clone(n.Content)
	for i, c := range out.Content {
		out.Content[i] = clone(c)
	}
	return &out
}
