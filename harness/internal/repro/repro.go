package repro

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// script is the recorded run of a minimal trace as requests that anybody can
// send again: what came back in an earlier answer is taken from the answer, the
// names of the world are made anew, and secrets that no answer gave come from
// the environment.
type script struct {
	run      *evidence.Run
	evidence evidence.Evidence
	base     string // the base URL that was used
	world    models.Namespace
	steps    []*scriptStep
	secrets  []secret
	check    check
}

// scriptStep is an operation.
type scriptStep struct {
	number   int
	op       models.Operation
	requests []*scriptRequest
	// waits is for how long the lag that the service declares is waited out before, in
	// seconds.
	waits int
}

// scriptRequest is a request. Its name is "7-1" for the first of step 7.
type scriptRequest struct {
	name    string
	method  string
	url     text
	headers []scriptHeader
	body    text // nil for none
	status  int  // as it was answered; 0 for not at all
	takes   []*taken
	// needs are optional values, without which the request is not sent.
	needs []*taken
}

type scriptHeader struct {
	name  string
	value text
}

// secret is a secret that no answer gave, and the environment variable from
// which it is taken.
type secret struct{ placeholder, variable string }

// text is what is sent, in pieces.
type text []piece

// joined is the text with literals that follow one another made one.
func (t text) joined() text {
	var out text
	for _, p := range t {
		if n := len(out) - 1; n >= 0 && p.literal != "" && out[n].literal != "" {
			out[n].literal += p.literal
			continue
		}
		out = append(out, p)
	}
	return out
}

// piece is a literal, or one of the others.
type piece struct {
	literal string
	base    bool   // the base URL
	world   bool   // the name of the world
	secret  string // an environment variable
	taken   *taken // from an earlier answer
	escaped bool   // as in the query of a URL
}

// taken is a value that is taken from an answer.
type taken struct {
	name string // in words with underscores between
	// optional says that the answer need not have it, as those of the step that
	// shows the violation: a correct listing may have fewer pages.
	optional bool
	source
}

// left are headers that whoever sends a request makes anew.
var left = []string{"Accept-Encoding", "Connection", "Content-Length", "Host", "Traceparent", "Transfer-Encoding", "User-Agent"}

// newScript plans the script. It returns false where nothing was recorded.
func newScript(r *evidence.Run) (*script, bool) {
	all := r.Exchanges()
	if len(all) == 0 {
		return nil, false
	}
	record := r.Minimal.Record
	e := evidence.Evidence{Trace: r.Minimal.Trace, History: record.History, Verdict: &record.Verdict, Violation: r.Minimal.Violation}
	if v, ok := record.Verdict.Find(e.Violation.Signature); ok {
		e.Violation = v
	}
	s := &script{run: r, evidence: e, base: baseOf(all), world: record.History.World}
	p := &planner{script: s, origins: make(map[string]string)}
	for i, op := range e.Trace.Ops {
		step := &scriptStep{number: i + 1, op: op}
		if i < len(record.History.Events) && record.History.Events[i].Waited > 0 {
			step.waits = int(math.Ceil(record.History.Policy.Lag.Seconds()))
		}
		for _, x := range all {
			if x.Step == step.number {
				step.requests = append(step.requests, p.request(step, &x))
			}
		}
		s.steps = append(s.steps, step)
	}
	s.check = p.checkOf(all)
	return s, true
}

// baseOf is the origin of the first exchange, with the folders that the paths of
// all exchanges with it have in common.
func baseOf(all []targets.LoggedExchange) string {
	origin := originOf(all[0].URL)
	var common []string
	for i, x := range all {
		if originOf(x.URL) != origin {
			continue
		}
		path, _, _ := strings.Cut(strings.TrimPrefix(x.URL, origin), "?")
		folders := strings.Split(path, "/")
		folders = folders[:len(folders)-1]
		n := 0
		for i > 0 && n < min(len(common), len(folders)) && common[n] == folders[n] {
			n++
		}
		if i == 0 {
			n = len(folders)
		}
		common = folders[:n]
	}
	return origin + strings.Join(common, "/")
}

// originOf is a URL up to its path.
func originOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	return scheme + "://" + host
}

// leftOff reports whether the trace leaves replays switched off.
func (s *script) leftOff() bool {
	off := false
	for _, step := range s.steps {
		if op, ok := step.op.(models.Replays); ok {
			off = !op.On
		}
	}
	return off
}

// planner makes a script from exchanges, in order.
type planner struct {
	*script
	known []*known // values of answers so far
	sent  strings.Builder
	names []string // of values that are taken
	// origins are those to which secrets may be sent, by their variables.
	origins map[string]string
}

// known is a value that an answer had.
type known struct {
	value   string
	hint    string // a name for it
	request *scriptRequest
	source
	optional bool
	taken    *taken // nil until it is used
}

func (p *planner) request(step *scriptStep, x *targets.LoggedExchange) *scriptRequest {
	q := &scriptRequest{name: fmt.Sprintf("%d-%d", step.number, len(step.requests)+1), method: x.Method, status: x.Status,
		url: p.address(x.URL)}
	for _, name := range wording.Sorted(x.RequestHeader) {
		if slices.Contains(left, http.CanonicalHeaderKey(name)) {
			continue
		}
		for _, v := range x.RequestHeader[name] {
			q.headers = append(q.headers, scriptHeader{name, p.split(v, inText)})
		}
	}
	if x.RequestBody != nil {
		q.body = p.split(string(x.RequestBody), inText)
	}
	p.confine(q, originOf(x.URL))
	for _, values := range x.RequestHeader {
		p.sent.WriteString(strings.Join(values, "\n") + "\n")
	}
	p.sent.WriteString(x.URL + "\n" + string(x.RequestBody) + "\n")
	for _, k := range valuesOf(x) {
		p.learn(k, step, q)
	}
	q.findNeeds()
	return q
}

// findNeeds notes the optional values that are in the request.
func (q *scriptRequest) findNeeds() {
	texts := []text{q.url, q.body}
	for _, h := range q.headers {
		texts = append(texts, h.value)
	}
	for _, t := range texts {
		for _, piece := range t {
			if piece.taken != nil && piece.taken.optional && !slices.Contains(q.needs, piece.taken) {
				q.needs = append(q.needs, piece.taken)
			}
		}
	}
}

// learn takes up a value of an answer, unless it is an echo of what was sent.
func (p *planner) learn(k *known, step *scriptStep, q *scriptRequest) {
	if k.short() && !k.identifies() || !k.short() && strings.Contains(p.sent.String(), k.value) {
		return
	}
	for _, other := range p.known {
		if other.value == k.value {
			return
		}
	}
	subject := step.op.Defines()
	if subject == "" {
		subject = step.op.Uses()
	}
	if subject == "" {
		subject = step.op.Actor()
	}
	k.request, k.hint, k.optional = q, wordsOf(string(subject)+"_"+k.hint), step.number == p.evidence.Violation.Step
	p.known = append(p.known, k)
	slices.SortStableFunc(p.known, func(a, b *known) int { return len(b.value) - len(a.value) })
}

// take has a value taken from the answer that had it first.
func (p *planner) take(k *known) *taken {
	if k.taken == nil {
		name := k.hint
		for n := 2; slices.Contains(p.names, name); n++ {
			name = fmt.Sprintf("%s_%d", k.hint, n)
		}
		p.names = append(p.names, name)
		k.taken = &taken{name, k.optional, k.source}
		k.request.takes = append(k.request.takes, k.taken)
	}
	return k.taken
}

// wordsOf is a name for a variable: letters, digits and underscores.
func wordsOf(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			c = '_'
		}
		b.WriteRune(c)
	}
	name := strings.TrimLeft(strings.Trim(b.String(), "_"), "0123456789_")
	if !strings.Contains(name, "_") {
		return "value_" + name // no word that the script uses itself
	}
	return name
}

// place says where a text stands, which decides how values are found in it.
type place int

const (
	inText place = iota
	inPath
	inQuery
)

// whole is what an answer gave that is this URL, at another service: one that was
// signed anew is signed for the new run.
func (p *planner) whole(address string) *known {
	if originOf(address) == originOf(p.base) {
		return nil
	}
	for _, k := range p.known {
		if k.value == address {
			return k
		}
	}
	return nil
}

// address is a URL, which begins with the base where it is below it, or was given
// by an answer.
func (p *planner) address(address string) text {
	var out text
	if k := p.whole(address); k != nil {
		return text{piece{taken: p.take(k)}}
	}
	if rest, ok := strings.CutPrefix(address, p.base); ok {
		out, address = append(out, piece{base: true}), rest
	}
	path, query, asks := strings.Cut(address, "?")
	out = append(out, p.split(path, inPath)...)
	if asks {
		out = append(append(out, piece{literal: "?"}), p.split(query, inQuery)...)
	}
	return out
}

// split finds the names of the world, secrets and values of earlier answers in a
// text. The result is never nil.
func (p *planner) split(s string, where place) text {
	out, from := text{}, 0
	for at := 0; at < len(s); {
		found, n := p.at(s, at, where)
		if n == 0 {
			at++
			continue
		}
		if from < at {
			out = append(out, piece{literal: s[from:at]})
		}
		found.escaped = where == inQuery
		out = append(out, found)
		at += n
		from = at
	}
	if from < len(s) {
		out = append(out, piece{literal: s[from:]})
	}
	return out
}

// at is what stands at an offset of a text, and its length there, or 0.
func (p *planner) at(s string, at int, where place) (piece, int) {
	if world := string(p.world); world != "" && strings.HasPrefix(s[at:], world) && apart(s, at, len(world)) {
		return piece{world: true}, len(world)
	}
	for _, k := range p.known {
		forms := []string{k.value}
		if where != inText {
			forms = append(forms, url.QueryEscape(k.value), url.PathEscape(k.value))
		}
		for _, form := range forms {
			if strings.HasPrefix(s[at:], form) && (apart(s, at, len(form)) && !k.short() || k.short() && alone(s, at, len(form), where)) {
				return piece{taken: p.take(k)}, len(form)
			}
		}
	}
	if s[at] == '[' {
		if m := exchange.Placeholder.FindStringIndex(s[at:]); m != nil && m[0] == 0 {
			return piece{secret: p.secret(s[at : at+m[1]])}, m[1]
		}
	}
	return piece{}, 0
}

// apart reports whether n characters of a text from an offset are a word of
// their own.
func apart(s string, at, n int) bool {
	return (at == 0 || !wordly(s[at-1]) || !wordly(s[at])) && (at+n == len(s) || !wordly(s[at+n]) || !wordly(s[at+n-1]))
}

func wordly(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// alone reports whether n characters are a whole segment of a path, value of a
// parameter or text of JSON.
func alone(s string, at, n int, where place) bool {
	before, after := byte(0), byte(0)
	if at > 0 {
		before = s[at-1]
	}
	if at+n < len(s) {
		after = s[at+n]
	}
	switch where {
	case inPath:
		return before == '/' && (after == '/' || after == 0)
	case inQuery:
		return before == '=' && (after == '&' || after == 0)
	}
	return before == '"' && after == '"'
}
