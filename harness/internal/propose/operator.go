package propose

import (
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// operatorWords are words of paths and names that are the operator's.
const operatorWords = "admin administrator administration operator backoffice superuser root"

// Where the operator's name and password are, and the words of a login.
const (
	operatorName     = "${CROSSTALK_OPERATOR_NAME}"
	operatorPassword = "${CROSSTALK_OPERATOR_PASSWORD}"
	loginWords       = "login signin session token authenticate authentication auth"
)

// operatorLogin is the endpoint at which the operator logs in, or nil.
func (d *document) operatorLogin() *endpoint {
	for _, e := range d.endpoints {
		o := d.nouns.outlineOf(e)
		if e.method != "POST" || o.on != nothing || o.item || o.strange || !has(loginWords, o.last...) && !has(loginWords, joined(strings.Join(o.last, ""))) {
			continue
		}
		if has(operatorWords, slices.Concat(o.tail, e.idWords)...) && asksPassword(d, e, o) > 0 {
			return e
		}
	}
	return nil
}

// loginEntries are the operator's credentials where they log in, and what of them
// a person must say; nil where the document has no such login.
func (p *proposing) loginEntries() (entries []entry, above []string) {
	e := p.document.operatorLogin()
	if e == nil || p.operator.scheme != nil && p.operator.scheme.Type == "oauth2" {
		return nil, nil
	}
	r := &request{kind: models.KindLogin, document: p.document, endpoint: e, match: &match{}, operator: true, uses: make(map[string]bool)}
	r.path = e.path
	r.buildQuery()
	r.buildBody()
	login := append([]entry{{key: "method", value: e.method}}, p.sending(r)[1:]...)
	_, s := e.answers()
	path, found := s.find(tokenNames)
	token := path != "" && found.kind != "object" && found.kind != "array"
	above = []string{"from " + e.named(), "TODO: put what the operator logs in with into the environment, as named here"}
	for _, todo := range r.todos {
		above = append(above, "TODO: "+todo)
	}
	if !token {
		kept := entry{key: "cookies", value: "kept", beside: "every cookie that the login sets"}
		return []entry{{key: "login", below: login}, kept}, above
	}
	login = append(login, entry{key: "capture", value: object{{"token", path}}})
	credential := entry{key: "bearer", value: "{{.operator.token}}"}
	if c := p.operator; c.scheme != nil && c.scheme.Type == "apiKey" {
		key := map[string]string{"cookie": "cookies", "header": "headers"}[c.scheme.In]
		if key != "" {
			credential = entry{key: key, value: object{{plain(c.scheme.Name), "{{.operator.token}}"}}}
		}
	}
	return []entry{{key: "login", below: login}, credential}, above
}

// resetLines show how everybody is forgotten, as a comment: a person must say
// that the service may be emptied.
func (p *proposing) resetLines() []entry {
	for _, e := range p.document.endpoints {
		if !p.document.resets(e) {
			continue
		}
		request := object{{"method", e.method}, {"path", plain(e.path)}}
		if !e.anyone && p.asOperator() {
			request = append(request, field{"as", "operator"})
		}
		return []entry{
			{above: []string{"before each run, by " + e.named() + ":", "TODO: it erases what is there; remove the # only where that is a test system"}},
			{key: "reset", value: object{{"http", request}}, off: true},
		}
	}
	return nil
}

// resets reports whether an endpoint forgets everything: its path ends with such
// a word below one of the operator or of tests, and it need not be told more.
func (d *document) resets(e *endpoint) bool {
	o := d.nouns.outlineOf(e)
	if e.method != "POST" && e.method != "DELETE" || o.on != nothing || o.item || o.strange || len(e.body) > 0 {
		return false
	}
	wipes := has("wipe reset purge truncate clear", o.last...)
	return wipes && has(operatorWords+" test testing", o.tail...) && !has("password token session key cache", o.tail...)
}
