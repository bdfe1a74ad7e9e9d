package propose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Names of properties of answers, the best first.
const (
	tokenNames   = "token accesstoken sessiontoken authtoken jwt bearertoken bearer idtoken apitoken apikey"
	linkNames    = "url href link path secret token code"
	rowNames     = "item data result recording replay entry content row hit media value record event notification"
	nextNames    = "next nextcursor nextpagetoken nexttoken nextpage cursor continuation continuationtoken nextlink nexturl endcursor"
	totalNames   = "total totalcount totalitem totalresult totalelement count totalrecord"
	wrapperNames = "data result resource"
	statusNames  = "status state phase"
)

// rows are where a listing has its rows.
type rows struct {
	path string // jq, or empty
	item *shape // of a row
}

// rowsOf finds the rows of a listing: the answer itself, or an array in it.
func rowsOf(s *shape) rows {
	if s.kind == "array" && s.items != nil {
		return unwrapped(rows{".[]", shapeOf(s.items)})
	}
	level := []place{{".", s}}
	for range 3 {
		if r := arrayIn(level); r.path != "" {
			return unwrapped(r)
		}
		level = deeper(level)
	}
	return rows{item: shapeOf(nil)}
}

// arrayIn is the array of objects whose name suits best.
func arrayIn(level []place) rows {
	best, bestRank := rows{}, 1000
	for _, at := range level {
		for _, name := range at.shape.names() {
			p := at.shape.property(name)
			if p.kind != "array" || p.items == nil {
				continue
			}
			inner := shapeOf(p.items)
			i := rank(rowNames, append(wordsOf(name), joined(name)))
			if i < 0 {
				i = 100
			}
			if inner.kind == "object" && len(inner.properties) > 0 && i < bestRank && !has("link error warning", joined(name)) {
				best, bestRank = rows{jq(at.path, name) + "[]", inner}, i
			}
		}
	}
	return best
}

// nestedIn are the recordings that each row of a listing has in an array; each
// with the row that it is of. There is no path where rows have none.
func nestedIn(r rows, n nouns) rows {
	for _, name := range r.item.names() {
		p := r.item.property(name)
		inner := shapeOf(p.items)
		if p.kind != "array" || inner.kind != "object" || len(inner.properties) == 0 || n.roleOf(wordsOf(name)) != recording {
			continue
		}
		of := cmp.Or(n[encounter], n[booking], "booking")
		if inner.properties[of] != nil {
			return rows{jq(r.path, name) + "[]", inner}
		}
		parent := &openapi3.Schema{Type: &openapi3.Types{"object"}, Properties: maps.Clone(r.item.properties)}
		delete(parent.Properties, name)
		joint := *inner
		joint.properties = maps.Clone(inner.properties)
		joint.properties[of] = &openapi3.SchemaRef{Value: parent}
		return rows{r.path + " | . as $of | " + jq("", name) + "[] | . + {" + of + ": $of}", &joint}
	}
	return rows{item: shapeOf(nil)}
}

// recordingsOf are the rows of the listing that a match is.
func (d *document) recordingsOf(m *match) rows {
	_, s := m.endpoint.answers()
	found := rowsOf(s)
	if m.way.at == nested {
		return nestedIn(found, d.nouns)
	}
	return found
}

// unwrapped goes into the object that is all that matters in each row, as in a
// Bundle of FHIR.
func unwrapped(r rows) rows {
	for _, name := range []string{"resource", "node"} {
		if p := r.item.property(name); p.kind == "object" && len(p.properties) > 0 {
			return rows{jq(r.path, name), p}
		}
	}
	return r
}

// nextOf is where a page tells of the next one, and totalOf where it tells how
// many rows there are; empty where it does not.
func nextOf(s *shape) string {
	links := s.property("link")
	if inner := shapeOf(links.items); links.kind == "array" && inner.properties["relation"] != nil && inner.properties["url"] != nil {
		return `first(.link[]? | select(.relation == "next") | .url) // null`
	}
	path, p := s.find(nextNames)
	if p.kind == "object" {
		if inner, _ := p.find("href url"); inner != "" {
			return path + strings.TrimPrefix(inner, "")
		}
		return ""
	}
	if p.kind == "boolean" || p.kind == "array" {
		return ""
	}
	return path
}

func totalOf(s *shape) string {
	path, p := s.find(totalNames)
	if p.kind != "integer" && p.kind != "number" {
		return ""
	}
	return path
}

// wrapped is the object that an answer is about: itself, or what is in a
// property such as data.
func wrapped(s *shape) place {
	at := place{".", s}
	for range 2 {
		if id, _ := identifierIn(at.shape); id != "" {
			return at
		}
		next := place{}
		for _, want := range strings.Fields(wrapperNames + " " + everyNoun()) {
			for _, name := range at.shape.names() {
				if p := at.shape.property(name); next.shape == nil && joined(name) == want && p.kind == "object" && len(p.properties) > 0 {
					next = place{jq(at.path, name), p}
				}
			}
		}
		if next.shape == nil {
			return at
		}
		at = next
	}
	return at
}

// everyNoun are the words for all roles.
func everyNoun() string {
	var all []string
	for _, n := range nounsByRole {
		all = append(all, n.words)
	}
	return strings.Join(all, " ")
}

// identifierNames are names of ids that say not of what, the clearest first.
const identifierNames = "id no nr number"

// identifierIn is the property of an object that says its id, or empty.
func identifierIn(s *shape) (string, *shape) {
	for _, want := range strings.Fields(identifierNames) {
		for _, name := range s.names() {
			p := s.property(name)
			if joined(name) == want && p.kind != "array" && p.kind != "object" && p.kind != "boolean" {
				return name, p
			}
		}
	}
	return "", shapeOf(nil)
}

// idOf is where an answer or a row says its id: as "id", by the names of its
// role, or as a number.
func idOf(s *shape, of role) string {
	at := wrapped(s)
	var own []string
	for _, word := range strings.Fields(wordsFor(of)) {
		own = append(own, word+"id")
	}
	for _, group := range []string{"id", strings.Join(own, " "), "uuid guid identifier key", identifierNames} {
		for _, want := range strings.Fields(group) {
			for _, name := range at.shape.names() {
				p := at.shape.property(name)
				if joined(name) == want && p.kind != "array" && p.kind != "object" {
					return jq(at.path, name)
				}
			}
		}
	}
	return ""
}

// column is one of the things read of a row.
type column struct {
	key, names string
}

// columns are what is read of a row of recordings.
func columns(n nouns) []column {
	return []column{
		{"title", "title reason description topic label name summary note comment text content display"},
		{"booking", bookingNames(n)},
		{"subject", "patient subject owner member customer client user"},
		{"mode", "mode kind type modality medium channel"},
		{"segment", "segment sequence segmentnumber sequencenumber part partnumber index segmentindex number"},
		{"size", "size sizebyte bytesize byte length contentlength filesize contentsize"},
		{"url", "url href playbackurl mediaurl downloadurl streamurl contenturl fileurl"},
	}
}

// bookingNames are names of a booking's id. The word for encounters is one only
// where the service has no other.
func bookingNames(n nouns) string {
	names := n[booking] + " appointment booking visit consultation reservation"
	if n[encounter] == "" || n[encounter] == n[booking] {
		return names + " encounter"
	}
	kept := slices.DeleteFunc(strings.Fields(names), func(w string) bool { return w == n[encounter] })
	return strings.Join(kept, " ")
}

// rowOf says how a row of recordings is read. What the recording in an envelope
// does not say of its booking is looked for beside it.
func rowOf(s *shape, n nouns) object {
	out := object{}
	at := wrapped(s)
	if id := idOf(s, recording); id != "" {
		out = append(out, field{"id", id})
	}
	for _, c := range columns(n) {
		path, p := columnIn(at, c)
		if path == "" && at.path != "." && has("title booking subject", c.key) {
			path, p = columnIn(place{".", s}, c)
		}
		if path == "" {
			continue
		}
		if c.key == "mode" {
			if path = readMode(path, p); path == "" {
				continue
			}
		}
		out = append(out, field{c.key, path})
	}
	return out
}

// columnIn is where a row has a column. Of an object, it is what in it says the
// same: the id, the reference or the text.
func columnIn(at place, c column) (string, *shape) {
	path, p := at.shape.find(c.names)
	if path == "" {
		return "", p
	}
	path = strings.TrimSuffix(at.path, ".") + path
	if c.key == "booking" || c.key == "subject" {
		return identity(path, p), p
	}
	if p.kind == "object" {
		for _, want := range strings.Fields(c.names) {
			for _, name := range p.names() {
				if inner := p.property(name); joined(name) == want && inner.kind != "object" {
					return jq(path, name), inner
				}
			}
		}
		return "", p
	}
	if numeric := p.kind == "integer" || p.kind == "number"; (c.key == "segment" || c.key == "size") != numeric && p.kind != "" {
		return "", p
	}
	return path, p
}

// identity is the id in a property: the property itself, its id, or the end of
// its reference.
func identity(path string, p *shape) string {
	if p.kind == "array" {
		return ""
	}
	if p.kind != "object" {
		return path
	}
	if p.properties["reference"] != nil {
		return jq(path, "reference") + ` | sub("^.*/"; "")`
	}
	if id, _ := identifierIn(p); id != "" {
		return jq(path, id)
	}
	return ""
}

// readMode reads a mode in the words of the service, or is empty where the
// property holds something else.
func readMode(path string, p *shape) string {
	audio, video := modeWord(p.enum, models.Audio), modeWord(p.enum, models.Video)
	switch {
	case len(p.enum) > 0 && (audio == "" || video == ""):
		return ""
	case len(p.enum) == 0 && !strings.HasSuffix(path, "mode") && !strings.HasSuffix(path, "Mode"):
		return ""
	case audio == "audio" && video == "video" || len(p.enum) == 0:
		return path
	case strings.EqualFold(audio, "audio") && strings.EqualFold(video, "video"):
		return path + " | strings | ascii_downcase"
	}
	return translated(path, []string{quoted(audio) + `: "audio"`, quoted(video) + `: "video"`})
}

// readStatus reads a status in the words of the service.
func readStatus(path string, values []string) string {
	var pairs []string
	for _, v := range values {
		for _, s := range statusWords {
			if v != s.status && statusWord([]string{v}, s.status) == v {
				pairs = append(pairs, quoted(v)+": "+quoted(s.status))
			}
		}
	}
	return translated(path, pairs)
}

// unreadStatuses are the values that stand for none of the model's statuses.
func unreadStatuses(answers []*shape) []string {
	var out []string
	for _, v := range everywhere(answers, statusNames).values {
		known := slices.ContainsFunc(statusWords, func(s struct{ status, words string }) bool {
			return v == s.status || statusWord([]string{v}, s.status) == v
		})
		if !known && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// translated replaces some values of a property by others.
func translated(path string, pairs []string) string {
	var once []string
	for _, p := range pairs {
		if !slices.Contains(once, p) {
			once = append(once, p)
		}
	}
	switch {
	case len(once) == 0:
		return path
	case strings.Contains(path, " "):
		return path + " | {" + strings.Join(once, ", ") + `}[. // ""] // .`
	}
	return "{" + strings.Join(once, ", ") + "}[" + path + ` // ""] // ` + path
}

// found is where some answers have the same thing.
type found struct {
	paths  []string
	values []string // of their enumerations
	shape  *shape   // of the first
}

// everywhere looks for a column in answers.
func everywhere(answers []*shape, names string) found {
	var out found
	for _, s := range answers {
		path, p := s.find(names)
		if path == "" || p.kind == "object" || p.kind == "array" {
			continue
		}
		if out.shape == nil {
			out.shape = p
		}
		if !slices.Contains(out.paths, path) {
			out.paths = append(out.paths, path)
		}
		out.values = append(out.values, p.enum...)
	}
	return out
}

// path takes the first that an answer has.
func (f found) path() string { return strings.Join(f.paths, " // ") }

// encounterOf says how the answers of several requests tell of an encounter.
func encounterOf(answers []*shape) object {
	out := object{}
	if f := everywhere(answers, statusNames); len(f.paths) > 0 {
		out = append(out, field{"status", readStatus(f.path(), f.values)})
	}
	if f := everywhere(answers, "mode kind type modality medium channel"); len(f.paths) > 0 {
		if path := readMode(f.path(), f.shape); path != "" {
			out = append(out, field{"mode", path})
		}
	}
	if f := everywhere(answers, "segment segmentnumber currentsegment sequence part partnumber"); len(f.paths) > 0 {
		out = append(out, field{"segment", f.path()})
	}
	if path := recordingsIn(answers); path != "" {
		out = append(out, field{"recordings", path})
	}
	return out
}

// recordingsIn is where an answer lists recordings.
func recordingsIn(answers []*shape) string {
	for _, s := range answers {
		path, p := s.find("recording replay media")
		if path != "" && p.kind == "array" && shapeOf(p.items).kind == "object" {
			return path + "[]?"
		}
	}
	return ""
}

// accessOf says how a row of an audit trail is read.
func accessOf(s *shape, todo func(string, ...any)) object {
	out := object{}
	for _, c := range []column{
		{"who", "agent actor who viewer accessor accessedby performer user by caller"},
		{"whose", "subject patient whose owner datasubject"},
		{"recording", "recording replay media resource entity object target"},
		{"level", "action level access operation event type activity"},
	} {
		path, p := s.find(c.names)
		path = identity(path, p)
		if path == "" {
			todo("say in access.%s where a row of the trail has it", c.key)
			path = "." + c.key
		}
		if c.key == "level" {
			path = readLevel(path, p.enum, todo)
		}
		out = append(out, field{c.key, path})
	}
	return out
}

// levelWords are how services call how far somebody was shown a recording.
var levelWords = []struct{ level, words string }{
	{"presented", "presented list listed search searched"},
	{"previewed", "previewed preview read get metadata thumbnail"},
	{"viewed", "viewed view play played stream streamed watch watched open opened"},
	{"obtained", "obtained download downloaded export exported"},
}

// readLevel reads a level in the words of the service.
func readLevel(path string, values []string, todo func(string, ...any)) string {
	var pairs []string
	same := 0
	for _, v := range values {
		for _, l := range levelWords {
			if v == l.level {
				same++
			} else if has(l.words, strings.ToLower(v)) {
				pairs = append(pairs, quoted(v)+": "+quoted(l.level))
			}
		}
	}
	if same+len(pairs) == 0 {
		todo("access.level must give presented, previewed, viewed or obtained")
	}
	return translated(path, pairs)
}
