package mapping

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	texttemplate "text/template"
	"text/template/parse"
)

// escaping says how the values in a template are written.
type escaping int

const (
	asText  escaping = iota
	asPath           // escaped for a path, and behind a question mark for a query
	asQuery          // the same, behind the question mark
)

// template is a text with values in it. One of plain text and names is written
// without reflection; any other by text/template.
type template struct {
	text   Text
	parts  []part
	slow   *texttemplate.Template
	refs   []ref
	single bool // it is one {{…}} and nothing else, and keeps the value's type
	// lenient says that the template asks if names have values.
	lenient bool
}

// part is a piece of text, or a name if the text is empty.
type part struct {
	text string
	ref  ref
	as   escaping
}

// parseTemplate parses a text. The values are escaped as said.
func parseTemplate(t Text, as escaping) (*template, error) {
	out := &template{text: t}
	if !strings.Contains(t.Value, "{{") {
		if t.Value != "" {
			out.parts = []part{{text: t.Value}}
		}
		return out, nil
	}
	parsed, err := texttemplate.New("t").Funcs(functions()).Parse(t.Value)
	if err != nil {
		return nil, templateError(t, err)
	}
	if len(parsed.Templates()) > 1 {
		return nil, fmt.Errorf("define, block and template are not supported in %q", t.Value)
	}
	if parsed.Tree == nil || parsed.Root == nil {
		return out, nil
	}
	w := walker{template: out, as: as, simple: true}
	w.list(parsed.Root)
	if w.err != nil {
		return nil, w.err
	}
	out.single = len(parsed.Root.Nodes) == 1 && parsed.Root.Nodes[0].Type() == parse.NodeAction && !w.declares
	if w.simple {
		return out, nil
	}
	out.parts = nil
	if out.single {
		appendCommand(parsed.Root.Nodes[0].(*parse.ActionNode).Pipe, &parse.CommandNode{NodeType: parse.NodeCommand,
			Args: []parse.Node{parse.NewIdentifier(keepName), &parse.VariableNode{NodeType: parse.NodeVariable, Ident: []string{"$", sinkName}}}})
	}
	out.slow = parsed
	return out, nil
}

var unknownFunction = regexp.MustCompile(`function "(\w+)" not defined`)

// templateError is an error of text/template without its own idea of a place.
func templateError(t Text, err error) error {
	text := strings.TrimPrefix(err.Error(), "template: t:")
	if _, rest, ok := strings.Cut(text, ": "); ok {
		text = rest
	}
	if m := unknownFunction.FindStringSubmatch(text); m != nil {
		text = fmt.Sprintf("unknown function %s%s; known are %s", m[1], perhaps(m[1], functionNames), strings.Join(functionNames, ", "))
	}
	return fmt.Errorf("the template %q cannot be read: %s", t.Value, text)
}

// walker goes over the nodes of a template, collects its names, and finds out if
// it is simple.
type walker struct {
	*template
	as       escaping
	simple   bool
	moved    int // depth of with and range, in which the dot is another
	declares bool
	err      error
}

func (w *walker) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format+" in %q", append(args, w.text.Value)...)
	}
}

func (w *walker) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		w.node(n)
	}
}

func (w *walker) node(n parse.Node) {
	switch n := n.(type) {
	case *parse.TextNode:
		if w.as == asPath && bytes.ContainsRune(n.Text, '?') {
			w.as = asQuery
		}
		w.parts = append(w.parts, part{text: string(n.Text)})
	case *parse.ActionNode:
		w.action(n)
	case *parse.IfNode:
		w.branch(&n.BranchNode, 0)
	case *parse.WithNode:
		w.branch(&n.BranchNode, 1)
	case *parse.RangeNode:
		w.branch(&n.BranchNode, 1)
	case *parse.TemplateNode:
		w.fail("{{template}} is not supported")
	}
}

// branch goes over an if, with or range.
func (w *walker) branch(b *parse.BranchNode, moves int) {
	w.simple, w.lenient = false, true
	w.pipe(b.Pipe)
	w.moved += moves
	w.list(b.List)
	w.moved -= moves
	w.list(b.ElseList)
}

// action goes over one {{…}}. What it writes is escaped at its end.
func (w *walker) action(n *parse.ActionNode) {
	if len(n.Pipe.Decl) > 0 {
		w.declares, w.simple = true, false
		w.pipe(n.Pipe)
		return
	}
	if r, ok := onlyName(n.Pipe); ok && w.moved == 0 {
		w.name(r)
		w.parts = append(w.parts, part{ref: r, as: w.as})
	} else {
		w.simple = false
		w.pipe(n.Pipe)
	}
	if w.as != asText {
		appendCommand(n.Pipe, &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{parse.NewIdentifier(escapers[w.as])}})
	}
}

func appendCommand(p *parse.PipeNode, c *parse.CommandNode) { p.Cmds = append(p.Cmds, c) }

// onlyName is the name that a pipeline consists of.
func onlyName(p *parse.PipeNode) (ref, bool) {
	if len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return ref{}, false
	}
	f, ok := p.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(f.Ident) > 2 {
		return ref{}, false
	}
	return refOf(f.Ident), true
}

func refOf(ident []string) ref {
	if len(ident) == 1 {
		return ref{"", ident[0]}
	}
	return ref{ident[0], ident[1]}
}

func (w *walker) name(r ref) { w.refs = append(w.refs, r) }

func (w *walker) pipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		for _, a := range c.Args {
			w.argument(a)
		}
	}
}

func (w *walker) argument(n parse.Node) {
	switch n := n.(type) {
	case *parse.FieldNode:
		switch {
		case w.moved > 0:
			w.fail("inside with and range names begin with $, as in $%s", n)
		default:
			w.chain(n.Ident)
		}
	case *parse.VariableNode:
		switch {
		case n.Ident[0] == "$" && len(n.Ident) > 1:
			w.chain(n.Ident[1:])
		case n.Ident[0] == "$" || len(n.Ident) > 1:
			w.fail("%s is no value; expected a name like .actor.id", n)
		}
	case *parse.DotNode:
		if w.moved == 0 {
			w.fail("the dot alone is no value; expected a name like .actor.id")
		}
	case *parse.IdentifierNode:
		w.lenient = w.lenient || n.Ident == "default" || n.Ident == "or" || n.Ident == "and" || n.Ident == "not"
	case *parse.PipeNode:
		w.pipe(n)
	case *parse.ChainNode:
		w.fail("%s: fields of a result are not supported", n)
	}
}

func (w *walker) chain(ident []string) {
	if len(ident) > 2 {
		w.fail(".%s is too deep; expected .ROLE.NAME", strings.Join(ident, "."))
		return
	}
	w.name(refOf(ident))
}

// noValue says that a name has no value yet: the service never gave one.
type noValue struct {
	pos  Pos
	what string
}

func (e noValue) Error() string { return e.what + " has no value" }

// render writes the template. The error is a [noValue] where a name has none.
func (t *template) render(s *bindings) (string, error) {
	if t == nil {
		return "", nil
	}
	if t.slow != nil {
		text, _, err := t.execute(s)
		return text, err
	}
	if len(t.parts) == 1 && t.parts[0].text != "" {
		return t.parts[0].text, nil
	}
	var b strings.Builder
	for i := range t.parts {
		p := &t.parts[i]
		if p.text != "" {
			b.WriteString(p.text)
			continue
		}
		v, ok := s.lookup(p.ref)
		if !ok {
			return "", noValue{t.text.Pos, p.ref.String()}
		}
		b.WriteString(escape(textOf(v), p.as))
	}
	return b.String(), nil
}

// value is what the template gives: of a single {{…}} the value itself, else the
// text.
func (t *template) value(s *bindings) (any, error) {
	if !t.single {
		return t.render(s)
	}
	if t.slow != nil {
		_, v, err := t.execute(s)
		return v, err
	}
	v, ok := s.lookup(t.parts[0].ref)
	if !ok {
		return nil, noValue{t.text.Pos, t.parts[0].ref.String()}
	}
	return v, nil
}

// constant reports whether the template has no names and no actions.
func (t *template) constant() bool {
	return t.slow == nil && (len(t.parts) == 0 || len(t.parts) == 1 && t.parts[0].text != "")
}

func escape(text string, as escaping) string {
	switch as {
	case asPath:
		return url.PathEscape(text)
	case asQuery:
		return url.QueryEscape(text)
	}
	return text
}
