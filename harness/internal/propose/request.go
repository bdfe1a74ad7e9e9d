package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// A request is what is proposed for an operation.
type request struct {
	kind     models.Kind
	document *document
	endpoint *endpoint
	match    *match

	path     string
	query    object
	headers  object
	body     field // json, form, multipart or raw; no key where there is no body
	media    string
	todos    []string
	notes    []string
	unsent   []string
	operator bool            // it logs the operator in
	uses     map[string]bool // captures that its templates need, as "booking.encounter"
}

func (r *request) todo(format string, args ...any) {
	if text := clean(fmt.Sprintf(format, args...)); !slices.Contains(r.todos, text) {
		r.todos = append(r.todos, text)
	}
}

func (r *request) note(format string, args ...any) {
	if text := clean(fmt.Sprintf(format, args...)); !slices.Contains(r.notes, text) {
		r.notes = append(r.notes, text)
	}
}

// requestFor proposes the request that a match makes.
func (d *document) requestFor(m *match) *request {
	r := &request{kind: m.pattern.kind, document: d, endpoint: m.endpoint, match: m, uses: make(map[string]bool)}
	r.buildPath()
	r.buildQuery()
	r.buildBody()
	r.checkSent()
	return r
}

// checkSent asks for what a booking and what is spoken must say.
func (r *request) checkSent() {
	sent := flow(r.query) + flow(r.headers) + r.path
	if r.body.key != "" {
		sent += flow(r.body.value)
	}
	if books(r.kind) && !strings.Contains(sent, ".title") {
		r.todo("say where {{.title}} is sent: in a title, a reason or a note of the booking")
	}
	if (books(r.kind) || actsOnBooking(r.kind)) && models.Takes(r.kind, "mode") && !strings.Contains(sent, ".mode") {
		r.todo("say where {{.mode}} is sent, audio or video")
	}
	if models.Speaks(r.kind) {
		if !strings.Contains(sent, ".media") {
			r.todo("say where {{.media}} is sent")
		}
		if r.match.way.at == collection {
			r.todo("each request makes a recording: if so, send {{.segment.media}} once, when a segment ends")
		}
	}
}

// acts reports whether operations of a kind act on a booking or a recording.
func acts(k models.Kind) bool { return actsOnBooking(k) || actsOnRecording(k) }

func actsOnBooking(k models.Kind) bool { return models.UsedBy(k) == models.ABooking }

func actsOnRecording(k models.Kind) bool { return models.UsedBy(k) == models.ARecording }

// books reports whether operations of a kind make a booking.
func books(k models.Kind) bool { return models.DefinedBy(k) == models.ABooking }

// bind is the template that names what has a role in the operation, or empty
// where nothing has.
func (r *request) bind(of role) string {
	switch of {
	case patient:
		if actsOnBooking(r.kind) {
			return "{{.patient.id}}"
		}
		return "{{.actor.id}}"
	case clinician:
		if books(r.kind) || actsOnBooking(r.kind) {
			return "{{.clinician.id}}"
		}
	case booking:
		if acts(r.kind) {
			return "{{.booking.id}}"
		}
	case encounter:
		if acts(r.kind) {
			return r.encounterID()
		}
	case recording:
		if actsOnRecording(r.kind) {
			return "{{.recording.id}}"
		}
	case link:
		if models.UsedBy(r.kind) == models.ALink {
			return "{{.link.secret}}"
		}
	}
	return ""
}

// encounterID is the booking's id where the service has no word for encounters
// of their own.
func (r *request) encounterID() string {
	n := r.document.nouns
	if n[encounter] == "" || n[encounter] == n[booking] {
		return "{{.booking.id}}"
	}
	r.uses["booking.encounter"] = true
	return "{{.booking.encounter}}"
}

// bindable reports whether there is something for every parameter of a path.
func (d *document) bindable(k models.Kind, e *endpoint) bool {
	r := &request{kind: k, document: d, endpoint: e, uses: make(map[string]bool)}
	r.buildPath()
	return !strings.Contains(r.path, "{{TODO}}") && !strings.Contains(r.path, "${") && strings.HasPrefix(r.path, "/")
}

// buildPath puts a template in place of each parameter. One that nothing can be
// put into is {{TODO}}, which no proposal has.
func (r *request) buildPath() {
	r.path = r.endpoint.path
	peer := r.document.nouns.peerOf(r.endpoint.segments)
	for i, s := range r.endpoint.segments {
		if s.param == "" {
			continue
		}
		text := r.bind(r.document.nouns.paramRole(r.endpoint.segments, i, r.endpoint))
		if s.param == peer && hasPeer(r.kind) {
			text = "{{.peer.id}}"
		}
		if text == "" {
			text = "{{TODO}}"
		}
		r.path = strings.Replace(r.path, "{"+s.param+"}", "\x00"+text+"\x01", 1)
	}
	r.path = strings.NewReplacer("\x00", "", "\x01", "").Replace(r.path)
}

// buildQuery proposes the parameters of the query that are known, and those that
// are required; and of the headers those that are required.
func (r *request) buildQuery() {
	for _, p := range r.endpoint.parameters {
		switch p.In {
		case openapi3.ParameterInQuery:
			if value := r.queryValue(p); value != nil {
				r.query = append(r.query, field{p.Name, value})
			}
		case openapi3.ParameterInHeader:
			if p.Required && !has("accept contenttype authorization range", joined(p.Name)) {
				r.headers = append(r.headers, field{p.Name, r.headerValue(p)})
			}
		}
	}
}

// Names of parameters of listings.
const (
	limitNames  = "limit pagesize perpage maxresult size first take count max"
	cursorNames = "cursor nextcursor pagetoken nextpagetoken continuation continuationtoken nexttoken after startingafter starttoken"
)

func (r *request) queryValue(p *openapi3.Parameter) any {
	name, s := joined(p.Name), shapeOf(p.Schema)
	listing := models.RowsOf(r.kind) == models.ReplayRows
	switch {
	case listing && has(limitNames, name):
		return "{{.limit}}"
	case listing && has(cursorNames, name):
		if r.nextIsURL() {
			return nil
		}
		return "{{.cursor}}"
	case listing && classOf(p.Name, s, r.kind) == classMode:
		return modeQuery(s)
	case listing && has("page offset skip start startindex", name) && r.nextIsURL():
		return nil
	case listing && has("page offset skip start startindex", name):
		r.todo("pages are asked for by %s: say in next how the following is found, and send it here as {{.cursor}}", p.Name)
		return nil
	}
	if text := r.bind(r.roleOfQuery(p, s)); text != "" && (p.Required || listing) {
		return text
	}
	if p.Required {
		return r.required(p.Name, s, "query")
	}
	return nil
}

// nextIsURL reports whether a page tells the address of the next.
func (r *request) nextIsURL() bool {
	_, s := r.endpoint.answers()
	path, p := s.find(nextNames)
	if p.kind == "object" {
		path, p = p.find("href url")
	}
	name := wordsOf(path[strings.LastIndexByte(path, '.')+1:])
	return path != "" && (has("url href link", name...) || p.format == "uri" || strings.Contains(p.example, "://") || strings.HasPrefix(p.example, "/"))
}

// roleOfQuery is the role of what a parameter asks for.
func (r *request) roleOfQuery(p *openapi3.Parameter, s *shape) role {
	if found := role(classOf(p.Name, s, r.kind)); wordsFor(found) != "" {
		return found
	}
	return nothing
}

// modeQuery leaves a mode out that was not asked for.
func modeQuery(s *shape) string {
	text := modeTemplate(s)
	if text == "{{.mode}}" {
		return text
	}
	return "{{if .mode}}" + text + "{{end}}"
}

func (r *request) headerValue(p *openapi3.Parameter) any {
	switch joined(p.Name) {
	case "ifmatch":
		r.uses["booking.etag"] = true
		return "{{.booking.etag}}"
	case "xrequest", "xrequestid", "idempotencykey", "xcorrelationid", "requestid":
		return "{{.request_id}}"
	}
	return r.required(p.Name, shapeOf(p.Schema), "headers")
}

// required is something for what must be sent and is not known, marked.
func (r *request) required(name string, s *shape, where string) any {
	switch {
	case s.constant != nil:
		return plain(fmt.Sprint(s.constant))
	case len(s.enum) == 1:
		return plain(s.enum[0])
	case len(s.enum) > 1:
		r.todo("%s.%s is one of %s", where, name, strings.Join(s.enum[:min(len(s.enum), 6)], ", "))
		return plain(s.enum[0])
	}
	r.todo("say what to send as %s.%s", where, name)
	switch s.kind {
	case "integer", "number":
		if s.minimum != nil {
			return int(*s.minimum)
		}
		return 1
	case "boolean":
		return true
	}
	if s.format == "date" || s.format == "date-time" {
		return map[string]string{"date": "2030-01-01", "date-time": "2030-01-01T09:00:00Z"}[s.format]
	}
	return "TODO"
}

// buildBody proposes what is sent.
func (r *request) buildBody() {
	mediaType, s := contentOf(r.endpoint.body)
	if models.Speaks(r.kind) {
		mediaType, s = mediaContent(r.endpoint.body)
	}
	switch {
	case mediaType == "":
	case isJSON(mediaType):
		r.body = field{"json", r.fill(s, "", 0)}
		if mediaType != "application/json" && mediaType != "*/*" {
			r.headers = append(r.headers, field{"Content-Type", clean(mediaType)})
		}
	case strings.HasPrefix(mediaType, "multipart/"):
		r.body = field{"multipart", r.parts(s)}
	case strings.HasPrefix(mediaType, "application/x-www-form-urlencoded"):
		r.body = field{"form", r.fill(s, "", 0)}
	default:
		r.body, r.media = field{"raw", "{{.media}}"}, clean(mediaType)
		if !models.Speaks(r.kind) {
			r.todo("say what to send as %s", mediaType)
		}
	}
}

// mediaContent is the body that suits media best: bytes, then parts, then JSON.
func mediaContent(content openapi3.Content) (string, *shape) {
	best := ""
	for mediaType, body := range content {
		if body == nil {
			continue
		}
		if best == "" || mediaRank(mediaType) < mediaRank(best) || mediaRank(mediaType) == mediaRank(best) && mediaType < best {
			best = mediaType
		}
	}
	if best == "" {
		return "", shapeOf(nil)
	}
	return best, shapeOf(content[best].Schema)
}

func mediaRank(mediaType string) int {
	switch {
	case isMedia(mediaType):
		return 0
	case strings.HasPrefix(mediaType, "multipart/"):
		return 1
	}
	return 2
}

// parts are the parts of a form that may hold a file.
func (r *request) parts(s *shape) object {
	var out object
	for _, f := range r.fill(s, "", 0) {
		if f.value == "{{.media}}" {
			f.value = object{{"content", "{{.media}}"}, {"filename", "media.bin"}, {"type", "application/octet-stream"}}
		}
		out = append(out, f)
	}
	return out
}

// fill proposes the properties of an object that are required or important. The
// parent is the name of the property whose value it is.
func (r *request) fill(s *shape, parent string, depth int) object {
	out := object{}
	title := r.bestTitle(s)
	for _, name := range s.names() {
		if name == "" {
			continue
		}
		p := s.property(name)
		class := classOf(name, p, r.kind)
		wanted := s.needs(name) || class != "" && has(importantFor[r.kind], class)
		if class == classTitle && !s.needs(name) {
			wanted = wanted && name == title
		}
		wanted = wanted || r.updates(name, parent)
		open := len(r.todos)
		if wanted {
			value := r.valueOf(name, class, p, parent, depth)
			if s.needs(name) || len(r.todos) == open {
				out = append(out, field{name, value})
				continue
			}
			r.todos = r.todos[:open]
		}
		r.unsent = append(r.unsent, clean(strings.TrimPrefix(parent+"."+name, ".")))
	}
	return out
}

// updates reports whether the request is an update that sets a property.
func (r *request) updates(name, parent string) bool {
	return parent == "" && r.match != nil && r.match.property != "" && r.match.property == name
}

// status is that of a consultation after the operation, or empty.
func (r *request) status() string {
	if r.match != nil && r.match.way.value != "" {
		return r.match.way.value
	}
	switch r.kind {
	case models.KindBook, models.KindReschedule:
		return "planned"
	case models.KindJoin, models.KindSwitch:
		return "in-progress"
	}
	return ""
}

// bestTitle is the property in which the title of a booking is sent where none
// is required.
func (r *request) bestTitle(s *shape) string {
	best, found := -1, ""
	for _, name := range s.names() {
		if classOf(name, s.property(name), r.kind) != classTitle {
			continue
		}
		if s.needs(name) {
			return name
		}
		if i := rank(titleNames, []string{joined(name)}); best < 0 || i < best {
			best, found = i, name
		}
	}
	return found
}

// valueOf is what is sent in a property.
func (r *request) valueOf(name, class string, s *shape, parent string, depth int) any {
	path := strings.TrimPrefix(parent+"."+name, ".")
	switch {
	case s.constant != nil || len(s.enum) == 1:
		return r.required(path, s, "body")
	case class == classStatus && r.status() != "" && statusWord(s.enum, r.status()) != "":
		return plain(statusWord(s.enum, r.status()))
	case registers(r.kind) && joined(name) == "text" && has(className, wordsOf(parent)...):
		return r.personTemplate(className)
	case class == classSelector:
		if value := selection(s.enum, role(r.kind)); value != "" {
			return plain(value)
		}
	case joined(name) == "reference" && parent != "":
		return r.reference(parent)
	case s.kind == "object" && len(s.properties) > 0 && depth < maxDepth:
		return r.fill(s, path, depth+1)
	case s.kind == "array" && s.items != nil && depth < maxDepth:
		return r.fillList(name, s, path, depth)
	}
	if value := r.templateOf(class, s); value != nil {
		return value
	}
	return r.required(path, s, "body")
}

// fillList is a list with one item; of participants, with the patient and the
// clinician.
func (r *request) fillList(name string, s *shape, path string, depth int) list {
	inner := shapeOf(s.items)
	if has("participant", wordsOf(name)...) && (books(r.kind) || actsOnBooking(r.kind)) && inner.kind == "object" {
		return list{r.fill(inner, path+".patient", depth+1), r.fill(inner, path+".practitioner", depth+1)}
	}
	return list{r.valueOf("item", classOf(name, inner, r.kind), inner, path, depth+1)}
}

// reference is a reference of FHIR to what the properties around it name.
func (r *request) reference(parent string) any {
	words := strings.Split(parent, ".")
	for i := len(words) - 1; i >= 0; i-- {
		of := role(classOf(words[i], &shape{}, r.kind))
		if hasPeer(r.kind) && of == patient {
			of = classPeer
		}
		text := r.bind(of)
		if of == classPeer {
			text = "{{.peer.id}}"
		}
		if text != "" && wordsFor(of) != "" {
			return resourceName(r.document, of) + "/" + text
		}
	}
	r.todo("say to what %s.reference refers", parent)
	return "TODO"
}

// resourceName is how a resource is called in the paths of a document, or as
// FHIR calls it.
func resourceName(d *document, of role) string {
	for _, e := range d.endpoints {
		first := strings.Split(strings.Trim(e.path, "/"), "/")[0]
		if first != "" && d.nouns[of] != "" && joined(first) == d.nouns[of] {
			return plain(first)
		}
	}
	return map[role]string{patient: "Patient", clinician: "Practitioner", booking: "Appointment", encounter: "Encounter", recording: "Media"}[of]
}
