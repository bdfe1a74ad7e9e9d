package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// body is the body of a request, ready to be filled in.
type body interface {
	// encode gives the bytes, and the content type where it is not the request's.
	encode(*bindings) (content []byte, kind string, err error)
	templates() []*template
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	rawType  = "application/octet-stream"
)

// body compiles the body of a request, of which there is one at most.
func (c *compiler) body(r *request, s *Step, v *vocabulary, key string) {
	var given []string
	if s.JSON.Kind != 0 {
		given = append(given, "json")
		r.body, r.kind = jsonBody{c.jsonNode(&s.JSON, v, key+".json", 0)}, jsonType
	}
	if len(s.Form) > 0 {
		given = append(given, "form")
		r.body, r.kind = formBody(c.named(s.Form, asText, v, key+".form")), formType
	}
	if len(s.Multipart) > 0 {
		given = append(given, "multipart")
		r.body = c.parts(s.Multipart, v, key+".multipart")
	}
	if s.Raw.Given() {
		given = append(given, "raw")
		r.body, r.kind = rawBody{c.template(s.Raw, asText, v, key+".raw")}, rawType
	}
	if len(given) > 1 {
		c.problem(c.spec.Where(key+"."+given[1]), key+"."+given[1], "found %s; expected one body", strings.Join(given, " and "))
	}
	if s.Type.Given() {
		if len(given) == 0 || given[0] == "multipart" {
			c.problem(s.Type.Pos, key+".type", "type is for raw, json and form; expected no such key")
		}
		r.kind = s.Type.Value
	}
}

// maxNodes bounds the values in all bodies of a file.
const maxNodes = 10_000

// jsonBody is a JSON document with values in it.
type jsonBody struct{ root *jsonNode }

// jsonNode is an object, a list, a literal or a template.
type jsonNode struct {
	literal []byte
	value   *template
	members []jsonMember
	items   []*jsonNode
	isList  bool
}

type jsonMember struct {
	name []byte // encoded, with its colon
	node *jsonNode
}

// jsonNode compiles a node of the file.
func (c *compiler) jsonNode(n *yaml.Node, v *vocabulary, key string, depth int) *jsonNode {
	n = resolve(n)
	out := &jsonNode{literal: []byte("null")}
	if c.nodes++; n == nil || depth > maxDepth || c.nodes > maxNodes {
		if !c.tooLarge {
			c.tooLarge = true
			c.problem(c.spec.Where(key), key, "the body is too large; expected at most %d levels and %d values, without an alias that contains itself", maxDepth, maxNodes)
		}
		return out
	}
	switch n.Kind {
	case yaml.MappingNode:
		out.literal = nil
		for _, p := range pairs(n) {
			name, err := json.Marshal(p.key.Value)
			if err != nil {
				continue
			}
			out.members = append(out.members, jsonMember{append(name, ':'), c.jsonNode(p.value, v, key+"."+p.key.Value, depth+1)})
		}
	case yaml.SequenceNode:
		out.literal, out.isList = nil, true
		for i, item := range n.Content {
			out.items = append(out.items, c.jsonNode(item, v, fmt.Sprintf("%s.%d", key, i), depth+1))
		}
	case yaml.ScalarNode:
		c.jsonScalar(out, n, v, key)
	}
	return out
}

// jsonScalar compiles a scalar: a string is a template, anything else is what it
// is in YAML.
func (c *compiler) jsonScalar(out *jsonNode, n *yaml.Node, v *vocabulary, key string) {
	if n.ShortTag() == "!!str" && strings.Contains(n.Value, "{{") {
		out.literal, out.value = nil, c.template(Text{n.Value, posOf(n)}, asText, v, key)
		return
	}
	var value any = n.Value
	switch n.ShortTag() {
	case "!!int", "!!float", "!!bool", "!!null":
		if err := n.Decode(&value); err != nil {
			value = n.Value
		}
	}
	literal, err := json.Marshal(value)
	if err != nil {
		c.problem(posOf(n), key, "%q is nothing that JSON has; expected a text, a number, true, false or null", n.Value)
		return
	}
	out.literal = literal
}

var errLeftOut = errors.New("left out")

func (b jsonBody) encode(s *bindings) ([]byte, string, error) {
	out, err := b.root.append(nil, s)
	if errors.Is(err, errLeftOut) {
		return []byte("null"), "", nil
	}
	return out, "", err
}

// append writes the node. A template that gives nothing is left out.
func (n *jsonNode) append(b []byte, s *bindings) ([]byte, error) {
	switch {
	case n.literal != nil:
		return append(b, n.literal...), nil
	case n.value != nil:
		v, err := n.value.value(s)
		if err != nil {
			return b, err
		}
		if v == "" || v == nil {
			return b, errLeftOut
		}
		text, err := json.Marshal(v)
		return append(b, text...), err
	case n.isList:
		return n.appendAll(append(b, '['), s, ']')
	}
	return n.appendAll(append(b, '{'), s, '}')
}

func (n *jsonNode) appendAll(b []byte, s *bindings, end byte) ([]byte, error) {
	begin := len(b)
	add := func(name []byte, child *jsonNode) error {
		before := len(b)
		if before > begin {
			b = append(b, ',')
		}
		b = append(b, name...)
		var err error
		if b, err = child.append(b, s); errors.Is(err, errLeftOut) {
			b, err = b[:before], nil
		}
		return err
	}
	for i := range n.members {
		if err := add(n.members[i].name, n.members[i].node); err != nil {
			return b, err
		}
	}
	for _, item := range n.items {
		if err := add(nil, item); err != nil {
			return b, err
		}
	}
	return append(b, end), nil
}

func (b jsonBody) templates() []*template { return b.root.templates(nil) }

func (n *jsonNode) templates(out []*template) []*template {
	if n.value != nil {
		out = append(out, n.value)
	}
	for i := range n.members {
		out = n.members[i].node.templates(out)
	}
	for _, item := range n.items {
		out = item.templates(out)
	}
	return out
}

// formBody is a form (application/x-www-form-urlencoded).
type formBody []namedTemplate

func (b formBody) encode(s *bindings) ([]byte, string, error) {
	var out []byte
	for _, f := range b {
		text, err := f.value.render(s)
		if err != nil {
			return nil, "", err
		}
		if text == "" && !f.value.constant() {
			continue
		}
		if len(out) > 0 {
			out = append(out, '&')
		}
		out = append(out, url.QueryEscape(f.name)+"="+url.QueryEscape(text)...)
	}
	return out, "", nil
}

func (b formBody) templates() []*template {
	out := make([]*template, len(b))
	for i := range b {
		out[i] = b[i].value
	}
	return out
}

// rawBody is a body of any type.
type rawBody struct{ content *template }

func (b rawBody) encode(s *bindings) ([]byte, string, error) {
	text, err := b.content.render(s)
	return []byte(text), "", err
}

func (b rawBody) templates() []*template { return []*template{b.content} }

// multipartBody is a form with files (RFC 7578).
type multipartBody []formPart

type formPart struct {
	name                    string
	content, filename, kind *template // kind and filename may be nil
}

// parts compiles the parts of a form.
func (c *compiler) parts(fields Fields, v *vocabulary, key string) multipartBody {
	var out multipartBody
	for _, f := range fields {
		at := key + "." + f.Name
		if t, err := f.text(); err == nil {
			out = append(out, formPart{name: f.Name, content: c.template(t, asText, v, at)})
			continue
		}
		var long struct {
			Content  Text `yaml:"content"`
			Filename Text `yaml:"filename"`
			Type     Text `yaml:"type"`
		}
		if err := f.Node.Decode(&long); err != nil || !long.Content.Given() {
			c.problem(c.spec.Where(at), at, "expected a text for %s, or a mapping with content, filename and type", f.Name)
			continue
		}
		part := formPart{name: f.Name, content: c.template(long.Content, asText, v, at+".content")}
		if long.Filename.Given() {
			part.filename = c.template(long.Filename, asText, v, at+".filename")
		}
		if long.Type.Given() {
			part.kind = c.template(long.Type, asText, v, at+".type")
		}
		out = append(out, part)
	}
	return out
}

func (b multipartBody) encode(s *bindings) ([]byte, string, error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if err := w.SetBoundary("crosstalk-" + s.requestID()); err != nil {
		return nil, "", err
	}
	for i := range b {
		if err := b[i].write(w, s); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return out.Bytes(), w.FormDataContentType(), nil
}

func (p *formPart) write(w *multipart.Writer, s *bindings) error {
	content, err := p.content.render(s)
	if err != nil || content == "" && !p.content.constant() {
		return err
	}
	filename, err := p.filename.render(s)
	if err != nil {
		return err
	}
	kind, err := p.kind.render(s)
	if err != nil {
		return err
	}
	disposition := fmt.Sprintf("form-data; name=%q", p.name)
	if p.filename != nil {
		disposition += fmt.Sprintf("; filename=%q", filename)
	}
	header := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if kind != "" {
		header.Set("Content-Type", kind)
	}
	part, err := w.CreatePart(header)
	if err != nil {
		return err
	}
	_, err = part.Write([]byte(content))
	return err
}

func (b multipartBody) templates() []*template {
	var out []*template
	for _, p := range b {
		out = append(out, p.content, p.filename, p.kind)
	}
	return slices.DeleteFunc(out, func(t *template) bool { return t == nil })
}
