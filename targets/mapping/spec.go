package mapping

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Spec is what a file says of how a service is spoken to. Environment variables
// are resolved before it is decoded, and unknown keys are somebody else's to
// find.
type Spec struct {
	// File is the name of the file in evidence, and Directory where its relative
	// paths begin. Whoever loads the file sets them.
	File      string `yaml:"-"`
	Directory string `yaml:"-"`

	Target     TargetSpec `yaml:"target"`
	Auth       Auth       `yaml:"auth"`
	IDs        IDs        `yaml:"ids"`
	Recording  Fields     `yaml:"recording"`
	Encounter  Encounter  `yaml:"encounter"`
	Operations Operations `yaml:"operations"`

	root *yaml.Node
}

// Decode reads a spec from the root of a file. The error is a [Problem].
func Decode(root *yaml.Node) (Spec, error) {
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	var s Spec
	if root.Kind != yaml.MappingNode {
		return s, expected(root, "a mapping")
	}
	if err := root.Decode(&s); err != nil {
		return s, asProblem(root, err)
	}
	s.root = root
	return s, nil
}

// asProblem gives an error of decoding the position that it has, or else that of
// the beginning.
func asProblem(n *yaml.Node, err error) error {
	if p, ok := errors.AsType[Problem](err); ok {
		return p
	}
	return Problem{Pos: posOf(n), Text: err.Error()}
}

// Where is the position of what a dotted path leads to, such as
// "operations.list.rows" or "operations.book.steps.1.path": of a scalar its own,
// of a mapping or a list that of its key. Where the file does not say it, it is
// the position of the longest part that the file says.
func (s *Spec) Where(path string) Pos { return where(s.root, path) }

// TargetSpec is the part of the section target that concerns each request.
type TargetSpec struct {
	Base    Text     `yaml:"base"`
	Timeout Duration `yaml:"timeout"`
	TLS     struct {
		CA Text `yaml:"ca"`
	} `yaml:"tls"`
}

// Auth says how requests are made as somebody.
type Auth struct {
	User     Credentials `yaml:"user"`
	Operator Credentials `yaml:"operator"`
	Renew    Renew       `yaml:"renew"`
}

// Credentials are what a request as somebody carries. OAuth2 and Login are the
// operator's only.
type Credentials struct {
	Bearer  Text    `yaml:"bearer"`
	Basic   *Basic  `yaml:"basic"`
	Cookies Cookies `yaml:"cookies"`
	Headers Fields  `yaml:"headers"`
	OAuth2  *OAuth2 `yaml:"oauth2"`
	Login   *Step   `yaml:"login"`

	given bool
}

// UnmarshalYAML reads the section and notes that it is there.
func (c *Credentials) UnmarshalYAML(n *yaml.Node) error {
	type plain Credentials
	c.given = true
	return n.Decode((*plain)(c))
}

// Basic is HTTP basic authentication (RFC 7617).
type Basic struct {
	Username Text `yaml:"username"`
	Password Text `yaml:"password"`
}

// Cookies are cookies by name, or those that the service has set.
type Cookies struct {
	Kept   bool
	Fields Fields
}

// UnmarshalYAML reads "kept" or a mapping.
func (c *Cookies) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		if n.Value != "kept" {
			return expected(n, "kept, or a mapping of names to values")
		}
		c.Kept = true
		return nil
	}
	return c.Fields.UnmarshalYAML(n)
}

// OAuth2 is the grant of client credentials (RFC 6749 section 4.4).
type OAuth2 struct {
	TokenURL     Text   `yaml:"token_url"`
	ClientID     Text   `yaml:"client_id"`
	ClientSecret Text   `yaml:"client_secret"`
	Scopes       []Text `yaml:"scopes"`
}

// IDs say what ids that were never given look like.
type IDs struct {
	Recording Text `yaml:"recording"`
}

// Encounter says where an answer tells about the consultation, by jq.
type Encounter struct {
	Status     Text `yaml:"status"`
	Mode       Text `yaml:"mode"`
	Segment    Text `yaml:"segment"`
	Recordings Text `yaml:"recordings"`
}

// Operations are the operations of the service, in the order of the file.
type Operations []Operation

// UnmarshalYAML reads a mapping of kinds to operations.
func (o *Operations) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return expected(n, "a mapping of operations")
	}
	for _, p := range pairs(n) {
		op := Operation{Kind: models.Kind(p.key.Value), Pos: posOf(p.key)}
		if p.value == nil || p.value.Kind != yaml.MappingNode {
			return Problem{Pos: op.Pos, Text: fmt.Sprintf("expected a mapping that says how %s is requested", op.Kind)}
		}
		if err := p.value.Decode(&op); err != nil {
			return asProblem(p.key, err)
		}
		*o = append(*o, op)
	}
	return nil
}

// Operation says how one kind of operation is requested and its answer read.
type Operation struct {
	Kind models.Kind `yaml:"-"`
	Pos  Pos         `yaml:"-"` // of the kind

	Step  `yaml:",inline"`
	Steps []Step `yaml:"steps"`

	Rows    Text    `yaml:"rows"`
	Next    Text    `yaml:"next"`
	Total   Text    `yaml:"total"`
	Row     Row     `yaml:"row"`
	Range   Text    `yaml:"range"`
	Mode    Text    `yaml:"mode"`
	Content Content `yaml:"content"`
	Access  Fields  `yaml:"access"`
}

// Step is one request. Exactly one of Path and URL is given, and at most one of
// the bodies.
type Step struct {
	If        Text      `yaml:"if"`
	As        Text      `yaml:"as"`
	Method    Text      `yaml:"method"`
	Path      Text      `yaml:"path"`
	URL       Text      `yaml:"url"`
	Query     Fields    `yaml:"query"`
	Headers   Fields    `yaml:"headers"`
	JSON      yaml.Node `yaml:"json"`
	Form      Fields    `yaml:"form"`
	Multipart Fields    `yaml:"multipart"`
	Raw       Text      `yaml:"raw"`
	Type      Text      `yaml:"type"`
	Capture   Fields    `yaml:"capture"`
	Outcome   []Outcome `yaml:"outcome"`
	Poll      *Poll     `yaml:"poll"`
	Redirects Flag      `yaml:"redirects"`
}

// Row says how a row is read: by a jq expression that leads to what the section
// recording describes, or by fields of its own.
type Row struct {
	JQ     Text
	Fields Fields
}

// UnmarshalYAML reads a text or a mapping.
func (r *Row) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return r.JQ.UnmarshalYAML(n)
	}
	return r.Fields.UnmarshalYAML(n)
}

// Content says where in a JSON body media is.
type Content struct {
	JQ     Text
	Base64 Flag
}

// UnmarshalYAML reads a text or a mapping.
func (c *Content) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return c.JQ.UnmarshalYAML(n)
	}
	var long struct {
		JQ     Text `yaml:"jq"`
		Base64 Flag `yaml:"base64"`
	}
	if n.Kind != yaml.MappingNode {
		return expected(n, "a jq expression, or a mapping with jq and base64")
	}
	if err := n.Decode(&long); err != nil {
		return err
	}
	c.JQ, c.Base64 = long.JQ, long.Base64
	return nil
}

// Outcome says what an answer stands for.
type Outcome struct {
	Status Statuses `yaml:"status"`
	When   Text     `yaml:"when"`
	Is     Text     `yaml:"is"`

	pos Pos
}

// UnmarshalYAML reads a mapping and notes where it is.
func (o *Outcome) UnmarshalYAML(n *yaml.Node) error {
	type plain Outcome
	if n.Kind != yaml.MappingNode {
		return expected(n, "a mapping like {status: 409, is: conflict}")
	}
	if err := n.Decode((*plain)(o)); err != nil {
		return err
	}
	o.pos = posOf(n)
	return nil
}

// Statuses are HTTP status codes.
type Statuses []Text

// UnmarshalYAML reads one or a list.
func (s *Statuses) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*s = Statuses{{n.Value, posOf(n)}}
		return nil
	}
	type plain Statuses
	return n.Decode((*plain)(s))
}

// Poll says that a request is repeated until its answer is there.
type Poll struct {
	Until  Text     `yaml:"until"`
	Every  Duration `yaml:"every"`
	Within Duration `yaml:"within"`
}
