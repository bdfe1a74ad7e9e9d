package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Mapping says how a service is spoken to. It is what a correct [Spec] was made
// into, never changes, and can be used concurrently.
type Mapping struct {
	spec       Spec
	base       string // in front of each path, without a slash at the end
	timeout    time.Duration
	user       *credentials
	operator   *credentials
	renewal    *renewal // nil where tokens are not renewed
	recording  *rowReader
	encounter  *encounterReader
	operations map[models.Kind]*operation
	phantom    *template // what ids that were never given look like, where the file gives a template
	// needed are the captures without which something could not be sent later.
	needed map[ref]bool
	// userIDs and bookingIDs are the captures by which a user or a booking is
	// known again in what the service shows.
	userIDs, bookingIDs []string
	// unsent are the arguments that no request sends, by kind.
	unsent map[models.Kind][]string
}

// operation is one kind of operation, ready to be performed.
type operation struct {
	kind  models.Kind
	pos   Pos
	form  form
	steps []*request

	rows, next, total *query
	row               *rowReader
	content           *contentReader
	access            *accessReader
	ranges            bool // play asks for ranges by a Range header
	oneRange          bool // play's templates name the range themselves
	nextIsURL         bool // next is requested as it is
	single            bool // one page is read
	takesLimit        bool
	derived           bool // page and follow are made of list
	// mode is the one in which book and switch are, where no request names it.
	mode models.Mode
}

// last is the request whose answer is read.
func (o *operation) last() *request { return o.steps[len(o.steps)-1] }

// Where is the position of a key of an operation, such as "path", "rows" or
// "steps.1.capture.id"; of the operation itself where the key is empty or not
// given.
func (m *Mapping) Where(kind models.Kind, key string) Pos {
	return m.spec.Where(strings.TrimSuffix("operations."+string(kind)+"."+key, "."))
}

// Spec is what the mapping was made of.
func (m *Mapping) Spec() *Spec { return &m.spec }

// Operations are the kinds that can be performed, in the order of models.Kinds;
// without restart, which the mapping does not know of.
func (m *Mapping) Operations() []models.Kind {
	var out []models.Kind
	for _, k := range models.Kinds() {
		if m.operations[k] != nil {
			out = append(out, k)
		}
	}
	return out
}

// Compile makes a mapping of a spec, or says all that is wrong with it, in the
// order of the file.
func Compile(s Spec) (*Mapping, []Problem) {
	c := &compiler{spec: &s, Mapping: &Mapping{spec: s, timeout: defaultTimeout, needed: map[ref]bool{},
		operations: map[models.Kind]*operation{}}}
	c.gather()
	c.target()
	c.auth()
	c.recordings()
	c.ids()
	for i := range s.Operations {
		c.operation(&s.Operations[i])
	}
	c.renewal = c.renewing()
	c.whole()
	if len(c.problems) > 0 {
		sortProblems(c.problems)
		return nil, c.problems
	}
	c.markSecrets()
	c.derivePages()
	return c.Mapping, nil
}

// defaultTimeout is how long one request may take where nothing else is said.
const defaultTimeout = 10 * time.Second

// compiler collects what is wrong.
type compiler struct {
	*Mapping
	spec     *Spec
	problems []Problem
	forms    map[models.Kind]*form
	// captured are the kinds and steps that capture a name, by the role to which
	// it is bound.
	captured map[ref][]capturedIn
	// used are the names of which templates make use.
	used map[ref]Pos
	// fields are the names of the section recording.
	fields []string
	// nodes counts the values in JSON bodies.
	nodes    int
	tooLarge bool
}

// capturedIn is a step of an operation that captures something.
type capturedIn struct {
	kind models.Kind
	step int
}

func (c *compiler) problem(at Pos, key, format string, args ...any) {
	c.problems = append(c.problems, Problem{at, key, fmt.Sprintf(format, args...)})
}

// stepsOf are the steps of an operation: itself where it has none.
func stepsOf(o *Operation) []*Step {
	if len(o.Steps) == 0 {
		return []*Step{&o.Step}
	}
	out := make([]*Step, len(o.Steps))
	for i := range o.Steps {
		out[i] = &o.Steps[i]
	}
	return out
}

// gather reads the forms of the operations, and what they capture.
func (c *compiler) gather() {
	c.forms, c.captured, c.used = map[models.Kind]*form{}, map[ref][]capturedIn{}, map[ref]Pos{}
	for i := range c.spec.Operations {
		o := &c.spec.Operations[i]
		if !slices.Contains(models.Kinds(), o.Kind) {
			continue
		}
		f, err := formOf(o.Kind)
		if err != nil {
			c.problem(o.Pos, "operations."+string(o.Kind), "%v", err)
			continue
		}
		c.forms[o.Kind] = &f
		for n, s := range stepsOf(o) {
			for _, captured := range s.Capture {
				r := ref{f.bound, captured.Name}
				c.captured[r] = append(c.captured[r], capturedIn{o.Kind, n})
			}
		}
	}
	for _, f := range c.spec.Recording {
		c.fields = append(c.fields, f.Name)
	}
	if login := c.spec.Auth.Operator.Login; login != nil {
		for _, captured := range login.Capture {
			c.captured[ref{roleOperator, captured.Name}] = nil
		}
	}
}

// names are those of a role: built in, or captured by any operation.
func (c *compiler) names(role string) []string {
	out := slices.Clone(builtins[role])
	for r, in := range c.captured {
		if c.bears(role, r.role, in) {
			out = append(out, r.name)
		}
	}
	if role == roleRecording {
		out = append(out, c.fields...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// bears reports whether somebody in a role can have what is bound to another.
// What is captured for clinicians alone patients do not have, and the other way
// round.
func (c *compiler) bears(role, bound string, in []capturedIn) bool {
	if bound != roleActor || role == roleActor {
		return role == bound
	}
	other := models.AClinician
	switch role {
	case rolePatient, roleGuest, rolePeer:
	case roleClinician:
		other = models.APatient
	default:
		return false
	}
	return slices.ContainsFunc(in, func(at capturedIn) bool { return models.DefinedBy(at.kind) != other })
}

// vocabulary is what the templates of a step of an operation can name.
func (c *compiler) vocabulary(f *form, step int) *vocabulary {
	v := &vocabulary{form: f, roles: map[string][]string{}, top: f.top, later: map[ref]bool{}}
	for _, role := range f.roles {
		v.roles[role] = c.names(role)
	}
	if names := c.names(roleOperator); len(names) > 0 {
		v.roles[roleOperator] = names
	}
	for r, in := range c.captured {
		if r.role != f.bound || slices.Contains(builtins[r.role], r.name) {
			continue
		}
		before := slices.ContainsFunc(in, func(at capturedIn) bool {
			return at.kind == f.kind && at.step < step || at.kind != f.kind && !f.defines
		})
		if !before {
			v.later[r] = true
		}
	}
	return v
}

// template parses a text and checks its names.
func (c *compiler) template(t Text, as escaping, v *vocabulary, key string) *template {
	out, err := parseTemplate(t, as)
	if err != nil {
		c.problem(t.Pos, key, "%v", err)
		return &template{text: t}
	}
	for _, r := range out.refs {
		if text := v.check(r); text != "" && !(v.later[r] && out.lenient) {
			c.problem(t.Pos, key, "%s", text)
			continue
		}
		if _, known := c.used[r]; !known {
			c.used[r] = t.Pos
		}
		if !out.lenient {
			c.needed[ref{boundAs(r.role), r.name}] = true
		}
	}
	return out
}

// boundAs is the role to which captures of somebody in a role are bound.
func boundAs(role string) string {
	switch role {
	case rolePatient, roleClinician, roleGuest, rolePeer:
		return roleActor
	}
	return role
}

// query parses a jq expression, nil where none is given.
func (c *compiler) query(t Text, key string) *query {
	if !t.Given() {
		return nil
	}
	q, err := parseQuery(t)
	if err != nil {
		c.problem(t.Pos, key, "%v", err)
		return nil
	}
	return q
}

// target compiles what concerns each request.
func (c *compiler) target() {
	t := &c.spec.Target
	c.base = strings.TrimRight(t.Base.Value, "/")
	if c.base != "" && !strings.HasPrefix(c.base, "/") {
		c.problem(t.Base.Pos, "target.base", "expected a path that begins with /, found %q", t.Base.Value)
	}
	if t.Timeout.Value > 0 {
		c.timeout = t.Timeout.Value
	}
}

// recordings compiles how rows and answers about consultations are read.
func (c *compiler) recordings() {
	c.recording = c.rowFields(c.spec.Recording, "recording")
	e := &c.spec.Encounter
	c.encounter = &encounterReader{status: c.query(e.Status, "encounter.status"), mode: c.query(e.Mode, "encounter.mode"),
		segment: c.query(e.Segment, "encounter.segment"), recordings: c.query(e.Recordings, "encounter.recordings")}
}

// rowFields compiles how the fields of a row are read.
func (c *compiler) rowFields(fields Fields, key string) *rowReader {
	r := &rowReader{key: key}
	for _, f := range fields {
		at := key + "." + f.Name
		t, err := f.text()
		if err != nil {
			c.problem(posOf(f.Node), at, "expected a jq expression, found %s", found(f.Node))
			continue
		}
		if q := c.query(t, at); q != nil {
			r.fields = append(r.fields, rowField{f.Name, q})
		}
	}
	return r
}

// idShapes are what ids can look like.
var idShapes = []string{idsUUID, idsInteger}

func (c *compiler) ids() {
	t := c.spec.IDs.Recording
	if !t.Given() || slices.Contains(idShapes, t.Value) {
		return
	}
	v := &vocabulary{top: []string{"random"}, roles: map[string][]string{}}
	c.phantom = c.template(t, asText, v, "ids.recording")
	if !slices.Contains(c.phantom.refs, ref{"", "random"}) {
		c.problem(t.Pos, "ids.recording", "expected uuid, integer or a template with {{.random}}, found %q%s", t.Value, perhaps(t.Value, idShapes))
	}
}

// whole checks what concerns several operations.
func (c *compiler) whole() {
	c.userIDs, c.bookingIDs = c.identifying(roleActor), c.identifying(roleBooking)
	c.checkCredentials()
	c.checkSent()
	c.findUnsent()
}

// identifying are the captures by which what a role stands for is known again:
// its id, or where it has none all.
func (c *compiler) identifying(role string) []string {
	if _, ok := c.captured[ref{role, "id"}]; ok {
		return []string{"id"}
	}
	var out []string
	for r := range c.captured {
		if r.role == role {
			out = append(out, r.name)
		}
	}
	slices.Sort(out)
	return out
}

// checkCredentials requires that whoever is registered gets what requests as them
// carry.
func (c *compiler) checkCredentials() {
	if c.user == nil {
		return
	}
	for i := range c.spec.Operations {
		o := &c.spec.Operations[i]
		if !models.Registers(o.Kind) {
			continue
		}
		for _, t := range c.user.templates() {
			for _, r := range t.refs {
				if r.role != roleActor || slices.Contains(builtins[roleActor], r.name) || c.capturedBy(o.Kind, r) || t.lenient {
					continue
				}
				if _, known := c.captured[r]; known {
					c.problem(o.Pos, "operations."+string(o.Kind), "%s captures no %s, which auth.user needs (%s); expected capture: {%s: …} in one of its requests",
						o.Kind, r.name, t.text.Pos, r.name)
				}
			}
		}
	}
}

func (c *compiler) capturedBy(k models.Kind, r ref) bool {
	return slices.ContainsFunc(c.captured[r], func(at capturedIn) bool { return at.kind == k })
}

// checkSent requires that the tags by which recordings are told apart are sent.
func (c *compiler) checkSent() {
	sends := func(refs ...ref) bool {
		return slices.ContainsFunc(refs, func(r ref) bool { _, ok := c.used[r]; return ok })
	}
	reads := func(name string) bool { return slices.Contains(c.fields, name) }
	for i := range c.spec.Operations {
		o := &c.spec.Operations[i]
		key := "operations." + string(o.Kind)
		switch {
		case c.wrongIn(key):
		case models.DefinedBy(o.Kind) == models.ABooking && reads("title") && !sends(ref{"", "title"}, ref{roleBooking, "title"}):
			c.problem(o.Pos, key, "no request sends {{.title}}; expected it where the service keeps a title, a reason or a note of an appointment: it says whose a recording is")
		case models.Speaks(o.Kind) && !sends(ref{"", "media"}, ref{roleSegment, "media"}, ref{roleConsultation, "media"}):
			c.problem(o.Pos, key, "no request sends {{.media}}; expected it, or {{.segment.media}}, where media is sent to the service")
		}
	}
}

// wrongIn reports whether something is wrong below a key. What else seems to be is
// told once that is right.
func (c *compiler) wrongIn(key string) bool {
	return slices.ContainsFunc(c.problems, func(p Problem) bool { return strings.HasPrefix(p.Key, key+".") })
}

// derivePages makes page and follow of a list whose answers lead to a next page.
// What page keeps is what follow asks with.
func (c *compiler) derivePages() {
	list := c.operations[models.KindList]
	for _, k := range []models.Kind{models.KindPage, models.KindFollow} {
		if c.operations[k] == nil && list != nil && list.next != nil && list.takesLimit {
			derived := *list
			derived.kind, derived.single, derived.derived = k, true, true
			c.operations[k] = &derived
		}
	}
	page, follow := c.operations[models.KindPage], c.operations[models.KindFollow]
	if page != nil && follow != nil {
		page.nextIsURL = follow.nextIsURL
	}
}

// describeKinds lists the kinds for those who wrote another.
func describeKinds() []string {
	out := make([]string, 0, 40)
	for _, k := range models.Kinds() {
		out = append(out, string(k))
	}
	return out
}

// keysOf are the keys of a map in order.
func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
