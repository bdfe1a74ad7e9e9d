package propose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Confidence says how sure a guess is.
type Confidence string

// The confidences.
const (
	Sure   Confidence = "sure"      // the path, the method and the words agree, and nothing else comes near
	Likely Confidence = "likely"    // most agree
	Unsure Confidence = "unsure"    // something does
	None   Confidence = "not found" // nothing was proposed
)

// The scores from which a guess is made, and is of a confidence.
const (
	scoreUnsure = 6
	scoreLikely = 8
	scoreSure   = 10
	// clear is how far a sure guess is ahead of the next.
	clear = 2
	// refused is what makes a request no candidate.
	refused = -100
)

// A match is an endpoint that may perform operations of a kind.
type match struct {
	pattern  *pattern
	endpoint *endpoint
	way      way
	score    int
	property string // of an update: the property that is set
}

// shared reports whether the same endpoint may serve another kind, too.
func (m *match) shared() bool { return m.way.at == update || m.way.at == selected }

// confidence of a match whose best rival has a score.
func (m *match) confidence(rival int) Confidence {
	switch {
	case m.score >= scoreSure && m.score-rival >= clear && !m.shared():
		return Sure
	case m.score >= scoreLikely && m.score >= rival:
		return Likely
	}
	return Unsure
}

// choice is what was chosen for a kind.
type choice struct {
	*match     // nil where nothing was
	rival      int
	candidates []string // names of the nearest, where nothing was chosen
}

// choose gives each kind the endpoint that fits best, the best fits first. An
// endpoint serves one kind, unless it is an update that says which.
func (d *document) choose() map[models.Kind]*choice {
	var all []*match
	for i := range patterns {
		for _, e := range d.endpoints {
			if m := d.match(&patterns[i], e); m != nil {
				all = append(all, m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *match) int { return b.score - a.score })
	out := make(map[models.Kind]*choice, len(patterns))
	taken := make(map[*endpoint]bool)
	for _, m := range all {
		c := out[m.pattern.kind]
		switch {
		case c != nil:
			if c.endpoint != m.endpoint {
				c.rival = max(c.rival, m.score)
			}
		case m.score >= scoreUnsure && (m.shared() || !taken[m.endpoint]):
			out[m.pattern.kind] = &choice{match: m}
			taken[m.endpoint] = taken[m.endpoint] || !m.shared()
		}
	}
	for i := range patterns {
		if out[patterns[i].kind] == nil {
			out[patterns[i].kind] = &choice{candidates: d.nearest(&patterns[i])}
		}
	}
	return out
}

// match is the best way in which an endpoint may perform operations of a kind,
// or nil.
func (d *document) match(c *pattern, e *endpoint) *match {
	o := d.nouns.outlineOf(e)
	best := &match{pattern: c, endpoint: e}
	for _, w := range c.ways {
		score, property := d.scoreWay(c, w, e, o)
		if score > best.score {
			best.way, best.score, best.property = w, score, property
		}
	}
	if best.score <= 0 {
		return nil
	}
	best.score += wordScore(c, e, o)
	if c.hint != nil {
		best.score += c.hint(d, e, o)
	}
	if !d.bindable(c.kind, e) {
		return nil
	}
	return best
}

// scoreWay says how well an endpoint fits a way; 0 where it does not.
func (d *document) scoreWay(c *pattern, w way, e *endpoint, o outline) (score int, property string) {
	method := rank(w.methods, []string{e.method})
	if method < 0 {
		return 0, ""
	}
	switch w.at {
	case collection, selected:
		score = d.scoreCollection(w, e, o)
	case nested:
		score = d.scoreNested(e, o)
	case item:
		if o.item && o.on.is(w.on) {
			score = 7
		}
	case under:
		if !o.item && o.on.is(w.on) {
			score = 1 + tailScore(w.words, o.tail)
		}
	case top:
		if o.on == nothing && !o.strange && !o.item {
			score = tailScore(w.words, o.tail)
		}
	case update:
		property, score = d.scoreUpdate(w, e, o)
		if score > 0 && w.on == meeting && o.on == encounter {
			score++
		}
	}
	if score > 0 && method == 0 {
		score++
	}
	return score, property
}

// scoreCollection looks for the resource at the end of a path. For a way that
// is selected, the body says which of several roles is created.
func (d *document) scoreCollection(w way, e *endpoint, o outline) int {
	if o.item || o.strange || len(o.last) == 0 || d.nouns.roleOf(o.last) != w.on && !d.namedAs(w.on, o.last) {
		return 0
	}
	if w.at == selected {
		if _, s := e.asks(); selectorOf(s, w.on) == "" {
			return 0
		}
		return 6
	}
	return 7 - len(strangers(o.tail, wordsFor(w.on)))
}

// scoreNested looks for a listing of bookings or encounters whose rows have
// recordings.
func (d *document) scoreNested(e *endpoint, o outline) int {
	if o.item || o.strange || len(o.last) == 0 || !d.nouns.roleOf(o.last).is(meeting) {
		return 0
	}
	_, s := e.answers()
	if found := rowsOf(s); found.path == "" || nestedIn(found, d.nouns).path == "" {
		return 0
	}
	return 6
}

// namedAs reports whether a document's word for a role is one of some.
func (d *document) namedAs(r role, words []string) bool {
	return d.nouns[r] != "" && slices.Contains(words, d.nouns[r])
}

// scoreUpdate looks for the property that an update sets.
func (d *document) scoreUpdate(w way, e *endpoint, o outline) (property string, score int) {
	if !o.item || !o.on.is(w.on) {
		return "", 0
	}
	_, s := e.asks()
	for _, name := range s.names() {
		p := s.property(name)
		found := classOf(name, p, models.KindBook)
		if w.words == classStatus && found == classStatus {
			if statusWord(p.enum, w.value) != "" {
				return name, 5
			}
			continue
		}
		if found == w.words {
			return name, 6
		}
	}
	return "", 0
}

// tailScore says how well the words of a path are some that were looked for.
func tailScore(words string, tail []string) int {
	r := rank(words, append([]string{strings.Join(tail, "")}, tail...))
	switch {
	case r < 0:
		return 0
	case r < 3:
		return 7 - len(strangers(tail, words))
	}
	return 6 - len(strangers(tail, words))
}

// fillers are words of paths that say nothing of what is done.
const fillers = "api v1 v2 v3 me my mine self current rest fhir public app service auth the user patient operator admin"

// strangers are the words that are neither looked for nor fillers, at most 3.
func strangers(words []string, known string) []string {
	var out []string
	for _, w := range words {
		if !has(known, w) && !has(fillers, w) && len(out) < 3 {
			out = append(out, w)
		}
	}
	return out
}

// wordScore is what the names of an endpoint add: at most 4, or less than
// nothing for words that speak against it.
func wordScore(c *pattern, e *endpoint, o outline) int {
	score := 0
	for _, s := range []struct {
		in, words string
		points    int
	}{{"id", c.verbs, 2}, {"id", c.nouns, 1}, {"says", c.verbs, 1}} {
		words := e.idWords
		if s.in == "says" {
			words = e.saysWords
		}
		if has(s.words, words...) {
			score += s.points
		}
	}
	if has(c.never, o.tail...) {
		score -= 6
	}
	if has(c.never, e.idWords...) {
		score -= 3
	}
	return score
}

// commonVerbs say nothing by themselves.
const commonVerbs = "list get read find all create add new set delete remove update show search fetch retrieve out log send play"

// nearest names the endpoints that have a word in common with a kind, the
// nearest first, at most three.
func (d *document) nearest(c *pattern) []string {
	type near struct {
		name  string
		score int
	}
	var all []near
	for _, e := range d.endpoints {
		words := slices.Clone(e.idWords)
		for _, s := range e.segments {
			words = append(words, s.words...)
		}
		score := 0
		if has(c.verbs, slices.DeleteFunc(slices.Clone(words), func(w string) bool { return has(commonVerbs, w) })...) {
			score += 3
		}
		if has(c.nouns, words...) {
			score += 2
		}
		for _, w := range c.ways {
			if score > 0 && rank(w.methods, []string{e.method}) == 0 {
				score++
				break
			}
		}
		if score >= 3 && !has(c.never, words...) {
			all = append(all, near{e.name(), score})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.score, a.score) })
	var out []string
	for _, n := range all[:min(3, len(all))] {
		out = append(out, n.name)
	}
	return out
}
