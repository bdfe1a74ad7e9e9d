package propose

import (
	"cmp"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Options say what is known about the service. The zero value is right.
type Options struct {
	// Name is how reports call the service; by default the title of its document.
	Name string
	// URL is where it runs; by default its document's first server.
	URL string
	// File is the path of the OpenAPI document: errors and comments name it, and
	// references to other files are looked for beside and below it.
	File string
}

// A Guess is what was proposed for a kind of operation.
type Guess struct {
	Kind models.Kind
	// Method and Path are as in the document; empty where nothing was proposed.
	Method, Path string
	Confidence   Confidence
	// Reason names the endpoint, or why there is none.
	Reason string
	// Candidates are the endpoints that come nearest, where nothing was proposed.
	Candidates []string
	// Todo is what of the operation a person must fill in.
	Todo []string
}

// Found reports whether something was proposed.
func (g Guess) Found() bool { return g.Confidence != None }

// A Proposal is a crosstalk.yaml with what is to be thought of it.
type Proposal struct {
	// File is the text of crosstalk.yaml.
	File []byte
	// Guesses has one for each kind, in the order of [models.Kinds].
	Guesses []Guess
}

// Found is the number of kinds for which something was proposed.
func (p *Proposal) Found() int {
	n := 0
	for _, g := range p.Guesses {
		if g.Found() {
			n++
		}
	}
	return n
}

// FromFile is [FromOpenAPI] of a file.
func FromFile(path string, o Options) (*Proposal, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w; expected the path of an OpenAPI 3 document", ErrDocument, err)
	}
	o.File = path
	return FromOpenAPI(text, o)
}

// FromOpenAPI proposes a crosstalk.yaml from an OpenAPI document, version 3.0 or
// 3.1, in YAML or JSON. Errors wrap [ErrDocument] and are one line, with the
// place in the document where it is known.
func FromOpenAPI(text []byte, o Options) (*Proposal, error) {
	o.File = cmp.Or(o.File, "openapi.yaml")
	d, err := load(o.File, text)
	if err != nil {
		return nil, err
	}
	p := newProposing(d, o)
	var b strings.Builder
	write(&b, p.file(), "")
	out := &Proposal{File: []byte(b.String())}
	for _, k := range models.Kinds() {
		out.Guesses = append(out.Guesses, p.guesses[k])
	}
	return out, nil
}

// proposing is a proposal on its way.
type proposing struct {
	document *document
	options  Options
	chosen   map[models.Kind]*choice
	requests map[models.Kind]*request
	guesses  map[models.Kind]Guess

	user, operator credentials
	capturesToken  bool // a registration or a login answers with a token
	operations     []entry
}

func newProposing(d *document, o Options) *proposing {
	p := &proposing{document: d, options: o, chosen: d.choose(),
		requests: make(map[models.Kind]*request), guesses: make(map[models.Kind]Guess)}
	p.user = d.user(p.chosen)
	p.operator = d.operator(p.chosen, p.user.name)
	for k, c := range p.chosen {
		if c.match != nil {
			p.requests[k] = d.requestFor(c.match)
		}
	}
	p.capturesToken = p.tokenIn(models.KindPatient) != "" || p.tokenIn(models.KindLogin) != ""
	for _, k := range order() {
		p.operations = append(p.operations, p.operation(k))
	}
	return p
}

// order is that of the operations in the file: the most needed first.
func order() []models.Kind {
	out := needed()
	for _, k := range models.Kinds() {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// tokenIn is where the answer to operations of a kind has a token, or empty.
func (p *proposing) tokenIn(k models.Kind) string {
	r := p.requests[k]
	if r == nil {
		return ""
	}
	_, s := r.endpoint.answers()
	path, found := s.find(tokenNames)
	if found.kind == "object" || found.kind == "array" {
		return ""
	}
	return path
}

// operatorOnly reports whether operations of a kind are the operator's.
func (p *proposing) operatorOnly(k models.Kind) bool {
	c := p.chosen[k]
	if c == nil || c.match == nil || c.endpoint.anyone && len(c.endpoint.schemes) == 0 && len(p.document.schemes) > 0 {
		return false
	}
	return models.CredentialsFor(k) == models.OperatorCredentials || mayBeOperators(k) && !c.endpoint.anyone
}

// mayBeOperators reports whether operations of a kind are the operator's, or may
// be as where only the operator registers clinicians.
func mayBeOperators(k models.Kind) bool {
	return models.CredentialsFor(k) == models.OperatorCredentials || models.DefinedBy(k) == models.AClinician
}

func (p *proposing) asOperator() bool { return slices.ContainsFunc(models.Kinds(), p.operatorOnly) }

// name is how reports call the service.
func (p *proposing) name() string {
	return cmp.Or(p.options.Name, strings.Join(strings.Fields(strings.ToLower(strings.Map(plainRune, p.document.title))), "-"), "my-service")
}

// plainRune keeps letters and digits, and parts words at everything else.
func plainRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' {
		return r
	}
	return ' '
}

// file lays out the whole proposal.
func (p *proposing) file() []entry {
	found, open := 0, 0
	for _, g := range p.guesses {
		if g.Found() {
			found++
		}
		if g.Found() && len(g.Todo) > 0 {
			open++
		}
	}
	head := modeline()
	head = append(head,
		clean(fmt.Sprintf("By crosstalk init from %s (%s %s): %d of %d operations proposed; %d of them need you (TODO).",
			filepath.Base(p.options.File), p.document.title, p.document.version, found, len(p.guesses), open)),
		"Each guess says where it comes from and how sure it is. Read them all, and look for TODO.")
	out := []entry{{above: head}, {key: "version", value: 1}, p.target(), p.policy()}
	out = append(out, p.authSection())
	out = append(out, p.sections()...)
	out = append(out, entry{key: "operations", apart: true, above: operationsAbove(), below: p.operations})
	return append(out, runSections()...)
}

// target says where the service is.
func (p *proposing) target() entry {
	at := entry{key: "url", value: p.options.URL}
	base := p.base()
	server, err := url.Parse(p.document.server)
	switch {
	case p.options.URL != "":
	case err == nil && (server.Scheme == "http" || server.Scheme == "https") && server.Host != "":
		at.value = plain(server.Scheme + "://" + server.Host)
		at.above = []string{"TODO: from the document's first server; crosstalk creates users and recordings there, name a test system"}
	default:
		at.value, at.above = "http://127.0.0.1:8080", []string{"TODO: where a test system of the service runs"}
	}
	below := []entry{{key: "name", value: plain(p.name())}}
	if p.document.version != "" {
		below = append(below, entry{key: "version", value: plain(p.document.version)})
	}
	below = append(below, at)
	if base != "" {
		below = append(below, entry{key: "base", value: plain(base), beside: "put in front of every path"})
	}
	below = append(below, entry{key: "timeout", value: "10s", beside: "of one request"})
	below = append(below, p.imageLines()...)
	return entry{key: "target", apart: true, above: targetAbove(), below: append(below, p.resetLines()...)}
}

// base is the path of the first server, or empty.
func (p *proposing) base() string {
	server, err := url.Parse(p.document.server)
	if err != nil || strings.Contains(server.EscapedPath(), "{") {
		return ""
	}
	return strings.TrimRight(server.EscapedPath(), "/")
}

// imageLines show how the service would be started from an image.
func (p *proposing) imageLines() []entry {
	ready := "/"
	for _, e := range p.document.endpoints {
		last := strings.ToLower(e.path[strings.LastIndexByte(e.path, '/')+1:])
		if e.method == "GET" && has("healthz health ready readyz livez status ping", last) {
			ready = p.base() + e.path
			break
		}
	}
	return imageEntries(plain(ready))
}

// sections say how ids, recordings and encounters are read.
func (p *proposing) sections() []entry {
	row, reason := p.row()
	var out []entry
	if kind := p.idKind(); kind != "" {
		out = append(out, entry{key: "ids", apart: true, above: idsAbove(), below: []entry{{key: "recording", value: kind}}})
	}
	record := entry{key: "recording", apart: true, above: append(recordingAbove(), reason...)}
	for _, f := range row {
		record.below = append(record.below, entry{key: f.key, value: f.value})
	}
	out = append(out, record)
	meet := entry{key: "encounter", apart: true, above: encounterAbove(), below: p.encounter()}
	return append(out, meet)
}

// recordings are the shapes of a recording in the answers to the operations of
// some kinds, for which a request is proposed.
func (p *proposing) recordings(kinds ...models.Kind) iter.Seq2[*request, *shape] {
	return func(yield func(*request, *shape) bool) {
		for _, k := range kinds {
			r := p.requests[k]
			if r == nil {
				continue
			}
			_, s := r.endpoint.answers()
			if k == models.KindList {
				s = p.document.recordingsOf(r.match).item
			}
			if !yield(r, s) {
				return
			}
		}
	}
}

// idKind is how ids of recordings look, or empty.
func (p *proposing) idKind() string {
	for _, s := range p.recordings(models.KindGet, models.KindList) {
		_, id := identifierIn(wrapped(s).shape)
		switch {
		case id.format == "uuid":
			return "uuid"
		case id.kind == "integer":
			return "integer"
		}
	}
	return ""
}

// row says how a row of recordings is read, and from what that was guessed.
func (p *proposing) row() (object, []string) {
	for r, s := range p.recordings(models.KindList, models.KindGet) {
		row := rowOf(s, p.document.nouns)
		if len(row) == 0 {
			continue
		}
		reason := []string{"from the answer to " + r.endpoint.named()}
		if !slices.ContainsFunc(row, func(f field) bool { return f.key == "title" }) {
			reason = append(reason, "TODO: say in title (or in booking) how a row leads to its booking")
		}
		if !slices.ContainsFunc(row, func(f field) bool { return f.key == "subject" }) {
			reason = append(reason, "no row says whose it is: without subject, whose a recording is comes from its title alone")
		}
		return row, reason
	}
	return object{{"id", ".id"}, {"title", ".title"}}, []string{"TODO: could not guess: no listing of recordings was found"}
}

// encounter says how answers about a consultation are read.
func (p *proposing) encounter() []entry {
	var answers []*shape
	for _, k := range []models.Kind{models.KindJoin, models.KindLeave, models.KindEnd, models.KindSwitch, models.KindCancel, models.KindReschedule} {
		if r := p.requests[k]; r != nil {
			_, s := r.endpoint.answers()
			answers = append(answers, s)
		}
	}
	read := encounterOf(answers)
	if !slices.ContainsFunc(read, func(f field) bool { return f.key == "status" }) {
		example := entry{key: "status", value: ".status", off: len(read) > 0}
		example.above = []string{"TODO: could not guess: say where an answer has the status: planned, in-progress, completed or cancelled"}
		return append([]entry{example}, entriesOf(read)...)
	}
	out := entriesOf(read)
	if unread := unreadStatuses(answers); len(unread) > 0 {
		out[0].above = []string{clean("TODO: say which status these are: " + strings.Join(unread, ", "))}
	}
	return out
}

func entriesOf(o object) []entry {
	out := make([]entry, len(o))
	for i, f := range o {
		out[i] = entry{key: f.key, value: f.value}
	}
	return out
}
