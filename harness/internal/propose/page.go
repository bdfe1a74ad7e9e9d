package propose

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxLine is the length in characters from which a value is written on several
// lines.
const maxLine = 110

// An entry is a key of the file with its comments. It has a value, or entries
// below it.
type entry struct {
	above  []string // lines of comment before it
	key    string
	value  any // object, list, string, int or bool; nil where there are entries below
	beside string
	below  []entry
	off    bool // written as a comment
	apart  bool // an empty line before it
}

// object is a mapping whose keys have an order.
type object []field

type field struct {
	key   string
	value any
}

// list is a sequence.
type list []any

// write renders entries.
func write(b *strings.Builder, entries []entry, indent string) {
	for i := range entries {
		entries[i].write(b, indent)
	}
}

func (e *entry) write(b *strings.Builder, indent string) {
	if e.apart {
		b.WriteByte('\n')
	}
	for _, line := range e.above {
		b.WriteString(strings.TrimRight(indent+"# "+line, " ") + "\n")
	}
	if e.key == "" {
		return
	}
	var text strings.Builder
	e.writeValue(&text, "")
	mark := indent
	if e.off {
		mark += "# "
	}
	for line := range strings.Lines(text.String()) {
		b.WriteString(mark + line)
	}
}

// writeValue renders the key and what belongs to it, at an indent.
func (e *entry) writeValue(b *strings.Builder, indent string) {
	beside := ""
	if e.beside != "" {
		beside = "  # " + e.beside
	}
	head := indent + scalar(e.key) + ":"
	if e.value == nil {
		b.WriteString(head + beside + "\n")
		write(b, e.below, indent+"  ")
		return
	}
	line := head + " " + flow(e.value)
	if len([]rune(line)) <= maxLine || !writeLong(b, head+beside, e.value, indent) {
		b.WriteString(line + beside + "\n")
	}
}

// writeLong renders a mapping, or a sequence of mappings, on several lines. It
// reports whether the value is one.
func writeLong(b *strings.Builder, head string, value any, indent string) bool {
	switch v := value.(type) {
	case object:
		if len(v) == 0 {
			return false
		}
		b.WriteString(head + "\n")
		for _, e := range entriesOf(v) {
			e.writeValue(b, indent+"  ")
		}
		return true
	case list:
		for _, item := range v {
			if o, ok := item.(object); !ok || len(o) == 0 {
				return false
			}
		}
		b.WriteString(head + "\n")
		for _, item := range v {
			writeItem(b, item.(object), indent+"  ")
		}
		return true
	}
	return false
}

// writeItem renders a mapping that is an item of a sequence.
func writeItem(b *strings.Builder, item object, indent string) {
	var text strings.Builder
	for _, e := range entriesOf(item) {
		e.writeValue(&text, indent+"  ")
	}
	b.WriteString(indent + "- " + strings.TrimPrefix(text.String(), indent+"  "))
}

// flow renders a value on one line.
func flow(value any) string {
	text, err := yaml.Marshal(node(value))
	if err != nil {
		return `""`
	}
	return strings.TrimRight(string(text), "\n")
}

func scalar(text string) string { return flow(text) }

// node is a value in the terms of the YAML library.
func node(value any) *yaml.Node {
	switch v := value.(type) {
	case object:
		n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		for _, f := range v {
			n.Content = append(n.Content, node(f.key), node(f.value))
		}
		return n
	case list:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, item := range v {
			n.Content = append(n.Content, node(item))
		}
		return n
	}
	n := &yaml.Node{}
	if text, ok := value.(string); ok {
		n.SetString(strings.ToValidUTF8(text, "?"))
		n.Style = styleOf(text)
		return n
	}
	if err := n.Encode(value); err != nil {
		n.SetString("TODO")
	}
	return n
}

// styleOf keeps text on one line, and quotes templates as people do.
func styleOf(text string) yaml.Style {
	if strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff
	}) {
		return yaml.DoubleQuotedStyle
	}
	if (strings.Contains(text, "{{") || strings.Contains(text, "${")) && !strings.Contains(text, `"`) {
		return yaml.DoubleQuotedStyle
	}
	return 0
}
