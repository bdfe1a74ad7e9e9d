package propose

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// maxDocument bounds an OpenAPI document, in bytes.
const maxDocument = 16 << 20

// ErrDocument is wrapped by every error about an OpenAPI document.
var ErrDocument = errors.New("cannot use the OpenAPI document")

// document is an OpenAPI document as far as it is used.
type document struct {
	title, version string
	server         string // the first server, or empty
	endpoints      []*endpoint
	schemes        map[string]*openapi3.SecurityScheme
	nouns          nouns
}

// endpoint is a method of a path.
type endpoint struct {
	method, path string
	id           string // operationId
	summary      string
	segments     []segment
	idWords      []string
	saysWords    []string // of the summary and the tags

	parameters []*openapi3.Parameter
	body       openapi3.Content
	answer     *openapi3.Response // the first of a success, or nil
	schemes    []string           // names of the schemes, one of which it needs
	anyone     bool               // it can be asked without credentials
	statuses   []string           // of all answers that are documented
}

// segment is a part of a path: a parameter, or words.
type segment struct {
	param string
	words []string
}

// name is how a comment calls the endpoint.
func (e *endpoint) name() string { return clean(e.method + " " + e.path) }

// named is name with the operationId.
func (e *endpoint) named() string {
	if e.id == "" {
		return e.name()
	}
	return e.name() + " (operationId " + clean(e.id) + ")"
}

// load reads a document. Local references are resolved, those to other files
// only where they are beside or below the document's file.
func load(file string, text []byte) (*document, error) {
	root, err := check(file, text)
	if err != nil {
		return nil, err
	}
	loaded, err := parse(file, text)
	if err != nil {
		return nil, complaint(file, root, err)
	}
	d := &document{schemes: schemesOf(loaded)}
	if loaded.Info != nil {
		d.title, d.version = clean(loaded.Info.Title), clean(loaded.Info.Version)
	}
	if len(loaded.Servers) > 0 && loaded.Servers[0] != nil {
		d.server = serverURL(loaded.Servers[0])
	}
	d.endpoints = endpointsOf(loaded)
	if len(d.endpoints) == 0 {
		return nil, fmt.Errorf("%w: %s: no operation below paths; expected at least one", ErrDocument, file)
	}
	d.nouns = nounsOf(d.endpoints)
	return d, nil
}

// check says in plain words what is not an OpenAPI 3 document at all.
func check(file string, text []byte) (*yaml.Node, error) {
	if len(text) > maxDocument {
		return nil, fmt.Errorf("%w: %s: %d bytes; expected at most %d", ErrDocument, file, len(text), maxDocument)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, notYAML(file, err)
	}
	if root.Kind != yaml.DocumentNode || root.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%w: %s:1:1: expected a mapping that begins with openapi: 3.0.3 or 3.1.0", ErrDocument, file)
	}
	var head struct {
		OpenAPI any `yaml:"openapi"`
		Swagger any `yaml:"swagger"`
	}
	if err := root.Decode(&head); err != nil {
		return nil, notYAML(file, err)
	}
	version := fmt.Sprint(head.OpenAPI)
	switch {
	case head.Swagger != nil:
		return nil, fmt.Errorf("%w: %s:1:1: it is Swagger %v; expected OpenAPI 3.0 or 3.1; convert it first", ErrDocument, file, head.Swagger)
	case head.OpenAPI == nil || !strings.HasPrefix(version, "3."):
		return nil, fmt.Errorf("%w: %s:1:1: expected openapi: 3.0.3 or 3.1.0, got %s", ErrDocument, file, clean(version))
	}
	return root.Content[0], nil
}

// yamlLine matches where the YAML library says a mistake is.
var yamlLine = regexp.MustCompile(`line (\d+): `)

func notYAML(file string, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if at := yamlLine.FindStringSubmatch(text); at != nil {
		return fmt.Errorf("%w: %s:%s:1: not YAML or JSON: %s", ErrDocument, file, at[1], clean(strings.Replace(text, at[0], "", 1)))
	}
	return fmt.Errorf("%w: %s: not YAML or JSON: %s", ErrDocument, file, clean(text))
}

// parse has the library read a document. Its panics, on documents that are not
// sound, are errors.
func parse(file string, text []byte) (doc *openapi3.T, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("the document is not sound: %v", r)
		}
	}()
	loader := openapi3.NewLoader()
	loader.ReadFromURIFunc = below(filepath.Dir(file))
	return loader.LoadFromDataWithPath(text, &url.URL{Path: filepath.ToSlash(file)})
}

// below reads files of a folder, and nothing else.
func below(folder string) openapi3.ReadFromURIFunc {
	return func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		if location.Scheme != "" || location.Host != "" {
			return nil, fmt.Errorf("%q is on another host; expected a reference to a file beside the document; bundle it first", location)
		}
		root, err := os.OpenRoot(folder)
		if err != nil {
			return nil, err
		}
		defer func() { _ = root.Close() }()
		inside, err := filepath.Rel(folder, filepath.FromSlash(location.Path))
		if err != nil {
			return nil, err
		}
		return root.ReadFile(inside)
	}
}

// complaint puts an error of the library on one line, with the place of the
// reference that it names where it names one.
func complaint(file string, root *yaml.Node, err error) error {
	text := clean(err.Error())
	if at := referenceIn(root, err.Error(), 0); at != nil {
		return fmt.Errorf("%w: %s:%d:%d: %s", ErrDocument, file, at.Line, at.Column, text)
	}
	return fmt.Errorf("%w: %s: %s", ErrDocument, file, text)
}

// referenceIn finds a $ref whose value, or the end of it, an error names.
func referenceIn(n *yaml.Node, text string, depth int) *yaml.Node {
	if depth > 100 {
		return nil
	}
	for i, child := range n.Content {
		isReference := n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "$ref" && child.Value != ""
		if isReference && (strings.Contains(text, `"`+child.Value+`"`) || strings.Contains(text, `"`+strings.TrimPrefix(child.Value, "#")+`"`)) {
			return child
		}
		if found := referenceIn(child, text, depth+1); found != nil {
			return found
		}
	}
	return nil
}

// serverURL is the URL of a server with the defaults of its variables.
func serverURL(s *openapi3.Server) string {
	out := s.URL
	for name, v := range s.Variables {
		if v != nil {
			out = strings.ReplaceAll(out, "{"+name+"}", v.Default)
		}
	}
	return clean(out)
}

func schemesOf(doc *openapi3.T) map[string]*openapi3.SecurityScheme {
	out := make(map[string]*openapi3.SecurityScheme)
	if doc.Components == nil {
		return out
	}
	for name, ref := range doc.Components.SecuritySchemes {
		if ref != nil && ref.Value != nil {
			out[name] = ref.Value
		}
	}
	return out
}

// methods are those of which an operation may be made, in the order in which
// they are considered.
func methods() []string { return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} }

// endpointsOf lists the methods of all paths, by path.
func endpointsOf(doc *openapi3.T) []*endpoint {
	var out []*endpoint
	for path, item := range doc.Paths.Map() {
		if item == nil {
			continue
		}
		operations := item.Operations()
		for _, method := range methods() {
			if o := operations[method]; o != nil {
				out = append(out, endpointOf(doc, item, o, method, path))
			}
		}
	}
	order := methods()
	slices.SortFunc(out, func(a, b *endpoint) int {
		return cmp.Or(cmp.Compare(a.path, b.path), slices.Index(order, a.method)-slices.Index(order, b.method))
	})
	return out
}

func endpointOf(doc *openapi3.T, item *openapi3.PathItem, o *openapi3.Operation, method, path string) *endpoint {
	e := &endpoint{method: method, path: path, id: o.OperationID, summary: cmp.Or(o.Summary, o.Description)}
	e.segments = segmentsOf(path)
	e.idWords = wordsOf(o.OperationID)
	sentence, _, _ := strings.Cut(e.summary, ".")
	e.saysWords = wordsOf(sentence)
	for _, tag := range o.Tags {
		e.saysWords = append(e.saysWords, wordsOf(tag)...)
	}
	e.parameters = parametersOf(item.Parameters, o.Parameters)
	if o.RequestBody != nil && o.RequestBody.Value != nil {
		e.body = o.RequestBody.Value.Content
	}
	e.answer = successOf(o.Responses)
	e.statuses = sorted(o.Responses.Map())
	security := doc.Security
	if o.Security != nil {
		security = *o.Security
	}
	e.anyone = len(security) == 0
	for _, need := range security {
		e.anyone = e.anyone || len(need) == 0
		for name := range need {
			e.schemes = append(e.schemes, name)
		}
	}
	slices.Sort(e.schemes)
	return e
}

// segmentsOf splits a path at "/", and at the ":" before a verb.
func segmentsOf(path string) []segment {
	var out []segment
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == ':' }) {
		if open := strings.IndexByte(part, '{'); open >= 0 {
			if end := strings.IndexByte(part[open:], '}'); end > 0 {
				out = append(out, segment{param: part[open+1 : open+end]})
				continue
			}
		}
		out = append(out, segment{words: wordsOf(part)})
	}
	return out
}

// parametersOf are those of a path with those of the operation in their place.
func parametersOf(ofPath, own openapi3.Parameters) []*openapi3.Parameter {
	var out []*openapi3.Parameter
	for _, group := range []openapi3.Parameters{own, ofPath} {
		for _, ref := range group {
			if ref == nil || ref.Value == nil {
				continue
			}
			known := slices.ContainsFunc(out, func(p *openapi3.Parameter) bool { return p.Name == ref.Value.Name && p.In == ref.Value.In })
			if !known {
				out = append(out, ref.Value)
			}
		}
	}
	return out
}

// successOf is the answer with the lowest status of success.
func successOf(r *openapi3.Responses) *openapi3.Response {
	all := r.Map()
	var codes []string
	for code := range all {
		if strings.HasPrefix(code, "2") {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		if ref := all[code]; ref != nil && ref.Value != nil {
			return ref.Value
		}
	}
	return nil
}
