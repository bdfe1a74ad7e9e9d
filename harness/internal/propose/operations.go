package propose

import (
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// operation is the entry of a kind, and notes what was guessed.
func (p *proposing) operation(k models.Kind) entry {
	c := p.chosen[k]
	switch {
	case models.RowsOf(k) == models.PageRows:
		if out, ok := p.paged(k); ok {
			return out
		}
	case models.CredentialsFor(k) == models.NoRequest:
		return p.ofTarget(k, c)
	}
	if c == nil || c.match == nil {
		if out, ok := p.opened(k); ok {
			return out
		}
		return p.missing(k, c)
	}
	r := p.requests[k]
	e := entry{key: string(k), apart: true}
	e.below = p.requestEntries(k, r)
	confidence := c.confidence(c.rival)
	e.above = []string{models.Shape(k), "from " + r.endpoint.named() + ", " + string(confidence)}
	if len(r.unsent) > 0 {
		e.above = append(e.above, clean("not sent: "+strings.Join(r.unsent, ", ")))
	}
	e.above = append(e.above, r.notes...)
	for _, t := range r.todos {
		e.above = append(e.above, "TODO: "+t)
	}
	p.guesses[k] = Guess{Kind: k, Method: r.endpoint.method, Path: r.endpoint.path, Confidence: confidence,
		Reason: "from " + r.endpoint.named(), Todo: r.todos}
	return e
}

// missing is what is written for a kind that was not found: how it might look.
func (p *proposing) missing(k models.Kind, c *choice) entry {
	todo := "could not guess: " + string(k)
	e := entry{apart: true, above: []string{models.Shape(k), "TODO: " + todo}}
	var candidates []string
	if c != nil {
		candidates = c.candidates
	}
	if len(candidates) > 0 {
		e.above = append(e.above, clean("candidates: "+strings.Join(candidates, ", ")))
	}
	e.above = append(e.above, string(k)+": "+patternOf(k).example)
	p.guesses[k] = Guess{Kind: k, Confidence: None, Reason: "nothing in the document looks like it", Candidates: candidates, Todo: []string{todo}}
	return e
}

// paged is what is written for the kinds that a listing with pages brings with
// it.
func (p *proposing) paged(k models.Kind) (entry, bool) {
	r := p.requests[models.KindList]
	if r == nil {
		return entry{}, false
	}
	_, s := r.endpoint.answers()
	sends := func(value string) bool {
		return slices.ContainsFunc(r.query, func(f field) bool { return f.value == value })
	}
	if nextOf(s) == "" || models.Takes(k, "limit") && !sends("{{.limit}}") {
		return entry{}, false
	}
	reason := "from list, which has next"
	p.guesses[k] = Guess{Kind: k, Method: r.endpoint.method, Path: r.endpoint.path,
		Confidence: p.chosen[models.KindList].confidence(p.chosen[models.KindList].rival), Reason: reason}
	return entry{apart: true, above: []string{models.Shape(k), reason + ": need not be written"}}, true
}

// opened is what opens a link that is an address, where the document says no
// more of it.
func (p *proposing) opened(k models.Kind) (entry, bool) {
	if models.UsedBy(k) != models.ALink || !slices.Contains([]string{"url", "href", "link"}, p.linkCapture()) {
		return entry{}, false
	}
	reason := "from the answer to " + p.requests[models.KindLink].endpoint.name()
	p.guesses[k] = Guess{Kind: k, Method: "GET", Confidence: Likely, Reason: reason}
	return entry{key: string(k), apart: true, above: []string{models.Shape(k), reason + ", " + string(Likely)},
		below: []entry{{key: "url", value: "{{.link.secret}}"}}}, true
}

// ofTarget is no operation of the service but of the target.
func (p *proposing) ofTarget(k models.Kind, c *choice) entry {
	done := "is done by target." + string(k)
	e := entry{apart: true, above: []string{models.Shape(k), done + ", and by nothing else"}}
	g := Guess{Kind: k, Confidence: None, Reason: done}
	if c != nil && c.match != nil {
		g.Candidates = []string{c.endpoint.name()}
		e.above = append(e.above, "candidates: "+c.endpoint.name())
	}
	p.guesses[k] = g
	return e
}

// requestEntries are the keys of an operation.
func (p *proposing) requestEntries(k models.Kind, r *request) []entry {
	if steps := p.steps(k, r); steps != nil {
		return []entry{{key: "steps", value: steps}}
	}
	return p.stepEntries(k, r)
}

// stepEntries are the keys of a request and of what is read of its answer.
func (p *proposing) stepEntries(k models.Kind, r *request) []entry {
	return slices.Concat(p.asEntries(k), p.sending(r), p.reading(k, r))
}

// asEntries say in whose name the request is made, where that is not the actor.
func (p *proposing) asEntries(k models.Kind) []entry {
	switch {
	case p.operatorOnly(k):
		return []entry{{key: "as", value: "operator"}}
	case models.CredentialsFor(k) == models.Uncredentialed:
		return []entry{{key: "as", value: "anyone"}}
	}
	return nil
}

// sending are the keys that say what is sent.
func (p *proposing) sending(r *request) []entry {
	var out []entry
	if r.endpoint.method != "GET" {
		out = append(out, entry{key: "method", value: r.endpoint.method})
	}
	out = append(out, p.pathEntry(r))
	if len(r.query) > 0 {
		out = append(out, entry{key: "query", value: r.query})
	}
	if len(r.headers) > 0 {
		out = append(out, entry{key: "headers", value: r.headers})
	}
	if r.body.key != "" {
		out = append(out, entry{key: r.body.key, value: r.body.value})
	}
	if r.media != "" {
		out = append(out, entry{key: "type", value: r.media})
	}
	return out
}

// pathEntry is the path; of what opens a link, the link itself where it is an
// address.
func (p *proposing) pathEntry(r *request) entry {
	if models.UsedBy(r.kind) == models.ALink {
		switch p.linkCapture() {
		case "path":
			return entry{key: "path", value: "{{.link.secret}}"}
		case "url", "href", "link":
			return entry{key: "url", value: "{{.link.secret}}"}
		}
	}
	return entry{key: "path", value: r.path}
}

// linkCapture is the property of the answer in which a link is told, or empty.
func (p *proposing) linkCapture() string {
	made := p.requests[models.KindLink]
	if made == nil {
		return ""
	}
	_, s := made.endpoint.answers()
	path, _ := s.find(linkNames)
	return joined(path[strings.LastIndexByte(path, '.')+1:])
}

// steps registers somebody and logs them in, where a registration alone does
// not.
func (p *proposing) steps(k models.Kind, r *request) any {
	if !models.Registers(k) {
		return nil
	}
	login := p.requests[models.KindLogin]
	if login == nil || p.tokenIn(k) != "" || setsCookie(r.endpoint) || p.user.scheme != nil && p.user.scheme.Scheme == "basic" {
		return nil
	}
	if p.tokenIn(models.KindLogin) == "" && !p.user.cookie() && !setsCookie(login.endpoint) {
		return nil
	}
	r.note("a registration does not log in: the second step does")
	return list{objectOf(p.stepEntries(k, r)), objectOf(p.stepEntries(models.KindLogin, login))}
}

func objectOf(entries []entry) object {
	var out object
	for _, e := range entries {
		out = append(out, field{e.key, e.value})
	}
	return out
}

// setsCookie reports whether an answer sets a cookie, as the document has it.
func setsCookie(e *endpoint) bool {
	if e.answer == nil {
		return false
	}
	for name := range e.answer.Headers {
		if strings.EqualFold(name, "Set-Cookie") {
			return true
		}
	}
	return false
}

// reading are the keys that say how the answer is read.
func (p *proposing) reading(k models.Kind, r *request) []entry {
	_, s := r.endpoint.answers()
	shows := models.Shows(k)
	switch {
	case shows.Has(models.ShowsListing):
		return p.readListing(k, r, s)
	case shows.Has(models.ShowsAudit):
		return p.readAudit(r, s)
	case shows.Has(models.ShowsRow):
		return []entry{{key: "row", value: p.rowIn(s)}}
	case models.Takes(k, "range"):
		return playing(r)
	case models.PathOf(k) == models.PathScript:
		return transcribing(r, s)
	}
	return p.captures(k, r, s)
}

// rowIn says how metadata is read: where in the answer is what the section
// recording describes, or else by fields of its own.
func (p *proposing) rowIn(s *shape) any {
	usual, _ := p.row()
	at := wrapped(s)
	whole, inner := rowOf(s, p.document.nouns), rowOf(at.shape, p.document.nouns)
	switch {
	case slices.Equal(whole, usual):
		return "."
	case len(whole) > len(inner):
		return whole
	}
	return at.path
}

// playing says whether parts of a recording can be asked for.
func playing(r *request) []entry {
	for _, param := range r.endpoint.parameters {
		if strings.EqualFold(param.Name, "Range") && param.In == "header" {
			return []entry{{key: "range", value: "header"}}
		}
	}
	if r.endpoint.answer != nil && (r.endpoint.answer.Headers["Accept-Ranges"] != nil || r.endpoint.answer.Headers["Content-Range"] != nil) {
		return []entry{{key: "range", value: "header"}}
	}
	if mediaType, s := r.endpoint.answers(); isJSON(mediaType) && !s.binary() {
		r.todo("the answer is %s: say how it leads to the media", mediaType)
	}
	return []entry{{key: "range", value: "none", beside: "the document tells of no Range header"}}
}

// transcribing says where an answer that is JSON has the text.
func transcribing(r *request, s *shape) []entry {
	mediaType, _ := r.endpoint.answers()
	if !isJSON(mediaType) {
		return nil
	}
	path, p := s.find("text transcript content body value")
	switch {
	case path == "" || p.kind == "object":
		r.todo("say in content where the answer has the text")
		return []entry{{key: "content", value: ".text"}}
	case p.kind == "array":
		if inner, _ := shapeOf(p.items).find("text content value"); inner != "" {
			return []entry{{key: "content", value: path + "[]" + inner}}
		}
		return []entry{{key: "content", value: path + "[]"}}
	}
	return []entry{{key: "content", value: path}}
}

// captures are what is remembered of an answer.
func (p *proposing) captures(k models.Kind, r *request, s *shape) []entry {
	var out object
	add := func(key, path, what string) {
		if path == "" {
			r.todo("say in capture.%s where the answer has %s", key, what)
			path = "." + key
		}
		out = append(out, field{key, path})
	}
	switch models.DefinedBy(k) {
	case models.APatient:
		add("id", idOf(s, patient), "the user's id")
	case models.AClinician:
		add("id", idOf(s, clinician), "the user's id")
	case models.ABooking:
		add("id", idOf(s, booking), "the booking's id")
		out = append(out, p.capturesOfBooking(k, r, s)...)
	case models.ALink:
		path, _ := s.find(linkNames)
		add("secret", path, "the link")
	}
	if k == models.KindJoin {
		out = append(out, p.capturesOfBooking(k, r, s)...)
	}
	if path := p.tokenIn(k); path != "" && registers(k) {
		out = append(out, field{"token", path})
	}
	if k == models.KindLogin && len(out) == 0 && p.user.scheme != nil && !p.user.cookie() && p.user.scheme.Scheme != "basic" {
		add("token", "", "the token")
	}
	if len(out) == 0 {
		return nil
	}
	return []entry{{key: "capture", value: out}}
}

// capturesOfBooking are what other requests need to know of a booking besides
// its id: the encounter's id and the entity tag.
func (p *proposing) capturesOfBooking(k models.Kind, r *request, s *shape) object {
	uses := make(map[string]bool)
	for _, other := range p.requests {
		for name := range other.uses {
			uses[name] = true
		}
	}
	var out object
	if uses["booking.encounter"] {
		if path := p.encounterIn(k, s); path != "" {
			out = append(out, field{"encounter", path})
		} else if k == models.KindBook && p.encounterIn(models.KindJoin, nil) == "" {
			r.todo("say in capture.encounter where the answer has the id of the encounter")
			out = append(out, field{"encounter", ".encounter"})
		}
	}
	if uses["booking.etag"] && k == models.KindBook {
		out = append(out, field{"etag", object{{"header", "ETag"}}})
	}
	return out
}

// encounterIn is where the answer to a booking, or to the request that makes an
// encounter, has the encounter's id. A nil shape is looked for in the document.
func (p *proposing) encounterIn(k models.Kind, s *shape) string {
	r := p.requests[k]
	if r == nil {
		return ""
	}
	if s == nil {
		_, s = r.endpoint.answers()
	}
	if k == models.KindJoin {
		if r.match.way.at == collection && r.match.way.on == encounter {
			return idOf(s, encounter)
		}
		return ""
	}
	path, found := wrapped(s).shape.find(p.document.nouns[encounter] + " encounter")
	if path == "" {
		return ""
	}
	return identity(strings.TrimSuffix(wrapped(s).path, ".")+path, found)
}

// readListing says where a listing has its rows.
func (p *proposing) readListing(k models.Kind, r *request, s *shape) []entry {
	found, replays := rowsOf(s), models.RowsOf(k) == models.ReplayRows
	if replays {
		found = p.document.recordingsOf(r.match)
	}
	if found.path == "" {
		r.todo("say in rows where the answer has its rows")
		found.path = ".items[]"
	}
	var out []entry
	content := ""
	if models.RowsOf(k) == models.ExportRows {
		found, content = exported(found)
	}
	out = append(out, entry{key: "rows", value: found.path})
	if replays {
		if next := nextOf(s); next != "" {
			out = append(out, entry{key: "next", value: next})
		}
		if total := totalOf(s); total != "" {
			out = append(out, entry{key: "total", value: total})
		}
	}
	if content != "" {
		out = append(out, entry{key: "content", value: object{{"jq", content}, {"base64", true}}})
	}
	if own := p.ownRow(k, found.item); own != nil {
		out = append(out, entry{key: "row", value: own})
	}
	return out
}

// exported are the rows of an export and where each has its content.
func exported(r rows) (rows, string) {
	content := ""
	if path, p := r.item.find("content data media file body"); path != "" && p.kind == "string" {
		content = r.path + path
	}
	for _, name := range r.item.names() {
		if p := r.item.property(name); has(wordsFor(recording), joined(name)) && p.kind == "object" && len(p.properties) > 1 {
			return rows{jq(r.path, name), p}, content
		}
	}
	return r, content
}

// ownRow is how a row of another listing is read, where it differs from that of
// recordings: a notice has an id of its own, and names the recording.
func (p *proposing) ownRow(k models.Kind, s *shape) object {
	if models.RowsOf(k) == models.ReplayRows || s == nil {
		return nil
	}
	own := rowOf(s, p.document.nouns)
	if models.RowsOf(k) == models.NoticeRows {
		path, found := s.find("recording replay media " + p.document.nouns[recording])
		path = identity(path, found)
		if path == "" {
			return nil
		}
		own = slices.DeleteFunc(own, func(f field) bool { return f.key != "title" && f.key != "booking" && f.key != "subject" })
		return append(object{{"id", path}}, own...)
	}
	usual, _ := p.row()
	if slices.Equal(usual, own) || len(own) == 0 {
		return nil
	}
	return own
}

// readAudit says how an audit trail is read.
func (p *proposing) readAudit(r *request, s *shape) []entry {
	found := rowsOf(s)
	if found.path == "" {
		r.todo("say in rows where the answer has the trail")
		found.path = ".items[]"
	}
	return []entry{{key: "rows", value: found.path}, {key: "access", value: accessOf(found.item, r.todo)}}
}
