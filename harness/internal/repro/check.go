package repro

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// checkKind says what of an answer tells that the violation showed again.
type checkKind int

const (
	undecided checkKind = iota // nothing of this answer alone
	shows                      // a tag that must not be there
	lacks                      // a tag that must be there
	answers                    // the status code
	counts                     // how often a tag of this world is there
	totalling                  // the number under "total"
	says                       // a word under a key
	caches                     // no Cache-Control that keeps it private
)

// check is how a script tells whether the violation showed again, by the answers
// to the requests of one step.
type check struct {
	kind     checkKind
	requests []string // the names
	tags     []text
	status   string // of three characters, "?" for any
	count    int
	key      string // of an object, which is the whole answer
	word     string
	// expected is what a correct service answers.
	expected string
	// shown is what happened where it showed.
	shown string
	leak  bool // somebody was exposed
}

// checkOf finds the plainest thing that tells.
func (p *planner) checkOf(all []targets.LoggedExchange) check {
	e := &p.evidence
	v := e.Violation
	c := check{expected: e.Expected(v.Step), leak: len(v.Exposures) > 0, shown: v.Rule + ": " + v.Message}
	if c.leak {
		c.shown = e.Sentence(v.Exposures[:1])
	}
	if v.Step < 1 || v.Step > len(p.steps) || v.Step > len(e.History.Events) || v.Step > len(e.Verdict.Expected) {
		return c
	}
	for _, q := range p.steps[v.Step-1].requests {
		c.requests = append(c.requests, q.name)
	}
	d := decision{planner: p, op: p.steps[v.Step-1].op, got: &e.History.Events[v.Step-1].Response, want: &e.Verdict.Expected[v.Step-1]}
	for _, x := range all {
		if x.Step == v.Step {
			d.exchanges = append(d.exchanges, x)
		}
	}
	if len(d.exchanges) > 0 {
		d.decide(&c)
	}
	return c
}

// decision looks at what was answered to one step, and what ought to be.
type decision struct {
	*planner
	exchanges []targets.LoggedExchange
	op        models.Operation
	got, want *models.Response
}

func (d *decision) decide(c *check) {
	extra, missing := difference(d.marks(d.got), d.marks(d.want)), difference(d.marks(d.want), d.marks(d.got))
	for _, x := range d.evidence.Violation.Exposures {
		tag := models.Tag{World: x.World, Booking: x.Recording.Booking()}
		if tag.World == "" {
			tag.World = d.world
		}
		if mark := tag.Title(); !slices.Contains(d.marks(d.want), mark) && !slices.Contains(extra, mark) {
			extra = append(extra, mark)
		}
	}
	last := d.exchanges[len(d.exchanges)-1]
	switch {
	case d.find(c, shows, extra, true):
	case statusTells(last.Status, d.want.Outcome) != "":
		c.kind, c.status = answers, statusTells(last.Status, d.want.Outcome)
	case last.Status/100 == 2 && d.find(c, lacks, missing, false):
	case d.total(c):
	case d.rows(c):
	case d.says(c):
	case d.cacheable(http.Header(last.ResponseHeader)):
		c.kind = caches
	}
}

// cacheable reports whether the violation is of caches, and of an answer that
// neither no-store nor private is in: of any other Cache-Control does not tell.
func (d *decision) cacheable(header http.Header) bool {
	rule, control := d.evidence.Violation.Rule, header.Get("Cache-Control")
	return (rule == "CACHE-1" || rule == "CACHE-2") && !strings.Contains(control, "private") && !strings.Contains(control, "no-store")
}

// find makes a check by tags, those that are in what was answered or those that
// are not, and reports whether there is any.
func (d *decision) find(c *check, kind checkKind, marks []string, present bool) bool {
	for _, mark := range marks {
		if d.contains(mark) == present {
			c.tags = append(c.tags, d.split(mark, inText))
		}
	}
	if len(c.tags) > 0 {
		c.kind = kind
	}
	return len(c.tags) > 0
}

// contains reports whether a body that was answered has a tag.
func (d *decision) contains(mark string) bool {
	return slices.ContainsFunc(d.exchanges, func(x targets.LoggedExchange) bool { return countTag(string(x.ResponseBody), mark) > 0 })
}

// total makes a check by the total of a listing.
func (d *decision) total(c *check) bool {
	if d.got.Listing == nil || d.got.Listing.Total == nil || d.want.Listing == nil || *d.got.Listing.Total == len(d.want.Listing.Rows) {
		return false
	}
	c.count = *d.got.Listing.Total
	for _, x := range d.exchanges {
		if slices.Contains(membersOf(string(x.ResponseBody)), member{"total", fmt.Sprint(c.count), true}) {
			c.kind = totalling
			return true
		}
	}
	return false
}

// rows makes a check by the number of rows.
func (d *decision) rows(c *check) bool {
	if d.got.Listing == nil || d.want.Listing == nil || len(d.got.Listing.Rows) == len(d.want.Listing.Rows) {
		return false
	}
	prefix := strings.TrimSuffix(models.Tag{World: d.world, Booking: "b"}.Title(), "b")
	for _, x := range d.exchanges {
		c.count += strings.Count(string(x.ResponseBody), prefix)
	}
	if c.count == len(d.got.Listing.Rows) {
		c.kind, c.tags = counts, []text{d.split(prefix, inText)}
		return true
	}
	return false
}

// says makes a check by the mode or the status that an answer gives a consultation.
func (d *decision) says(c *check) bool {
	got, want := d.got.Encounter, d.want.Encounter
	if got == nil || want == nil || len(c.requests) != len(d.exchanges) {
		return false
	}
	word := string(got.Mode)
	if got.Mode == want.Mode {
		word = string(got.Status)
	}
	if word == string(want.Mode) || word == string(want.Status) {
		return false
	}
	for i, x := range d.exchanges {
		if key := keyOf(string(x.ResponseBody), word); key != "" {
			c.kind, c.key, c.word, c.requests = says, key, word, c.requests[i:i+1]
			return true
		}
	}
	return false
}

// keyOf is the key of an object under which a text is, and no other text before it
// on any level; empty where there is none.
func keyOf(body, text string) string {
	var object map[string]any
	if json.Unmarshal([]byte(body), &object) != nil {
		return ""
	}
	seen := make(map[string]bool)
	for _, m := range membersOf(body) {
		if !m.number && m.value == text && object[m.key] == text && !seen[m.key] {
			return m.key
		}
		seen[m.key] = seen[m.key] || !m.number
	}
	return ""
}

// statusTells is a pattern of status codes by which an answer tells that it is
// not the outcome expected, or "".
func statusTells(status int, want models.Outcome) string {
	class := status / 100
	switch {
	case status == 0:
		return ""
	case want == models.OK && class != 2:
		return fmt.Sprintf("%d??", class)
	case want != models.OK && (class == 2 || class == 5 && want != models.Unavailable):
		return fmt.Sprintf("%d??", class)
	case want == models.Missing && status != http.StatusNotFound && status != http.StatusGone,
		want == models.Denied && status != http.StatusForbidden && status != http.StatusUnauthorized:
		return fmt.Sprint(status)
	}
	return ""
}

// marks are the tags by which an answer can be known: those of titles, and of
// each piece of media. The model does not name the world.
func (d *decision) marks(r *models.Response) []string {
	var out []string
	add := func(t models.Tag, mark string) {
		if t.World == "" {
			t.World = d.world
		}
		if mark = t.Title() + mark; t.Booking != "" && !slices.Contains(out, mark) {
			out = append(out, mark)
		}
	}
	if r.Listing != nil {
		for _, row := range r.Listing.Rows {
			add(row.Tag, "")
		}
	}
	if r.Row != nil {
		add(r.Row.Tag, "")
	}
	if r.Content != nil {
		for _, p := range r.Content.Pieces {
			if !d.rightful(p.Tag) {
				add(p.Tag, fmt.Sprintf("-%d-", p.Tag.Moment))
			}
		}
	}
	return out
}

// rightful reports whether media with a tag is expected: of the recording that
// is read it may be, where reading is not to be refused.
func (d *decision) rightful(t models.Tag) bool {
	on, _, ok := models.ReadOf(d.op)
	return ok && d.want.Outcome == models.OK && t.World == d.world && t.Booking == on.Recording.Booking()
}

// difference is what is in a and not in b.
func difference(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// countTag counts how often a text has a tag, and no longer one in its place.
func countTag(s, tag string) int {
	n := 0
	for {
		at := strings.Index(s, tag)
		if at < 0 {
			return n
		}
		s = s[at+len(tag):]
		if strings.HasSuffix(tag, "-") || s == "" || (s[0] < 'a' || s[0] > 'z') && (s[0] < '0' || s[0] > '9') {
			n++
		}
	}
}
