package mapping

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds how deep nodes are followed, so that an alias that contains
// itself comes to an end.
const maxDepth = 64

// resolve follows aliases.
func resolve(n *yaml.Node) *yaml.Node {
	for range maxDepth {
		if n == nil || n.Kind != yaml.AliasNode {
			break
		}
		n = n.Alias
	}
	return n
}

// pair is an entry of a mapping.
type pair struct{ key, value *yaml.Node }

// pairs are the entries of a mapping in the order of the file, with those that
// are merged in ("<<") behind its own.
func pairs(n *yaml.Node) []pair {
	m := merger{seen: make(map[*yaml.Node]bool), keys: make(map[string]bool)}
	m.add(n, false)
	return m.out
}

// merger puts the entries of mappings together. Each is looked at once.
type merger struct {
	out  []pair
	seen map[*yaml.Node]bool
	keys map[string]bool
}

func (m *merger) add(n *yaml.Node, merged bool) {
	n = resolve(n)
	if n == nil || m.seen[n] {
		return
	}
	m.seen[n] = true
	switch {
	case n.Kind == yaml.SequenceNode && merged:
		for _, c := range n.Content {
			m.add(c, true)
		}
	case n.Kind == yaml.MappingNode:
		m.addMapping(n)
	}
}

func (m *merger) addMapping(n *yaml.Node) {
	var others []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Tag == "!!merge":
			others = append(others, value)
		case !m.keys[key.Value]:
			m.keys[key.Value] = true
			m.out = append(m.out, pair{key, resolve(value)})
		}
	}
	for _, other := range others {
		m.add(other, true)
	}
}

// where is the position of what a dotted path leads to: of a scalar its own, of a
// mapping or a list that of its key. Where the path ends early, it is the last
// position on it.
func where(n *yaml.Node, path string) Pos {
	n = resolve(n)
	if n == nil {
		return Pos{}
	}
	at := posOf(n)
	for part := range strings.SplitSeq(path, ".") {
		next, pos := child(n, part)
		if next == nil {
			return at
		}
		n, at = next, pos
	}
	return at
}

// child is an entry of a mapping, or an item of a list by its index from 0.
func child(n *yaml.Node, part string) (*yaml.Node, Pos) {
	if n.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(part)
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil, Pos{}
		}
		item := resolve(n.Content[i])
		return item, posOf(n.Content[i])
	}
	for _, p := range pairs(n) {
		if p.key.Value != part || p.value == nil {
			continue
		}
		if p.value.Kind == yaml.ScalarNode {
			return p.value, posOf(p.value)
		}
		return p.value, posOf(p.key)
	}
	return nil, Pos{}
}

// found says in words what a node is.
func found(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return strconv.Quote(n.Value)
	}
	return "something else"
}

func expected(n *yaml.Node, what string) error {
	return Problem{Pos: posOf(n), Text: "expected " + what + ", found " + found(n)}
}

// Text is a string of the file. The zero Text is one that the file does not give.
type Text struct {
	Value string
	Pos   Pos
}

// Given reports whether the file gives the text.
func (t Text) Given() bool { return t.Pos.Known() }

// UnmarshalYAML reads any scalar as it is written.
func (t *Text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return expected(n, "a text")
	}
	*t = Text{n.Value, posOf(n)}
	return nil
}

// Duration is a time of the file, such as 10s.
type Duration struct {
	Value time.Duration
	Pos   Pos
}

// UnmarshalYAML reads a Go duration that is greater than zero.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	value, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || value <= 0 {
		return expected(n, "a time like 10s or 200ms")
	}
	*d = Duration{value, posOf(n)}
	return nil
}

// Flag is true or false in the file.
type Flag struct {
	Value bool
	Pos   Pos
}

// UnmarshalYAML reads true or false.
func (f *Flag) UnmarshalYAML(n *yaml.Node) error {
	if err := n.Decode(&f.Value); err != nil || n.Kind != yaml.ScalarNode {
		return expected(n, "true or false")
	}
	f.Pos = posOf(n)
	return nil
}

// Field is a named value. Its node is a scalar, or what its place allows.
type Field struct {
	Name string
	Pos  Pos // of the name
	Node *yaml.Node
}

// Fields are named values in the order of the file.
type Fields []Field

// UnmarshalYAML reads a mapping.
func (f *Fields) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return expected(n, "a mapping of names to values")
	}
	for _, p := range pairs(n) {
		if p.value == nil {
			return expected(n, "no alias that contains itself")
		}
		*f = append(*f, Field{p.key.Value, posOf(p.key), p.value})
	}
	return nil
}

// text is the field's scalar.
func (f Field) text() (Text, error) {
	var t Text
	err := t.UnmarshalYAML(f.Node)
	return t, err
}
