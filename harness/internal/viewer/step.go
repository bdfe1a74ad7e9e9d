package viewer

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// comparison is what a correct service answers beside what was answered.
type comparison struct {
	viewing
	before *models.State
	fields []Field
}

// compare sets an answer beside the expected one, part by part.
func (v viewing) compare(before *models.State, op models.Operation, expected, got *models.Response) []Field {
	c := comparison{viewing: v, before: before}
	status := ""
	if got.Status != 0 {
		status = fmt.Sprintf(" (HTTP %d)", got.Status)
	}
	c.fields = append(c.fields, Field{Name: "outcome", Expected: string(expected.Outcome), Answered: string(got.Outcome) + status,
		Differs: expected.Outcome != got.Outcome})
	c.encounters(expected.Encounter, got.Encounter)
	c.rows(rowsOf(expected), rowsOf(got))
	c.totals(expected.Listing, got.Listing)
	c.content(op, expected.Content, got.Content)
	c.accesses(expected.Audit, got.Audit)
	return c.fields
}

// both adds a part that differs where both sides speak of it and not alike.
func (c *comparison) both(name, expected, got string) {
	if expected != "" || got != "" {
		c.fields = append(c.fields, Field{Name: name, Expected: expected, Answered: got, Differs: expected != "" && got != "" && expected != got})
	}
}

func (c *comparison) encounters(expected, got *models.Encounter) {
	if expected == nil && got == nil {
		return
	}
	x, g := deref(expected), deref(got)
	c.both("consultation", string(x.Status), string(g.Status))
	c.both("mode", string(x.Mode), string(g.Mode))
	c.both("segment", number(x.Segment), number(g.Segment))
}

func deref[T any](p *T) (zero T) {
	if p == nil {
		return zero
	}
	return *p
}

// number is a number in digits, and empty for 0, which says nothing.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return wording.Grouped(n)
}

// rowsOf are the rows of a listing, or the one of a recording's metadata.
func rowsOf(r *models.Response) []models.Row {
	if r.Listing != nil {
		return r.Listing.Rows
	}
	if r.Row != nil {
		return []models.Row{*r.Row}
	}
	return nil
}

// viewedRows is the number of rows of a listing that are compared one by one.
const viewedRows = 60

// rows compares which recordings are shown, how often, and whose they are.
func (c *comparison) rows(expected, got []models.Row) {
	x, g := c.byName(expected), c.byName(got)
	var same int
	for _, name := range inOrder(expected, got, c.rowName) {
		f := Field{Name: name, Expected: shown(x[name], c.whose), Answered: shown(g[name], c.whose), Differs: len(x[name]) != len(g[name])}
		if !f.Differs && len(expected)+len(got) > 2*viewedRows {
			same++
			continue
		}
		c.fields = append(c.fields, f)
	}
	if same > 0 {
		c.both("others", wording.Count(same, "row"), wording.Count(same, "row"))
	}
}

func (c *comparison) byName(rows []models.Row) map[string][]models.Row {
	out := make(map[string][]models.Row)
	for _, r := range rows {
		out[c.rowName(r)] = append(out[c.rowName(r)], r)
	}
	return out
}

// inOrder are the names of both, without repetition, in order of appearance.
func inOrder(expected, got []models.Row, name func(models.Row) string) []string {
	var out []string
	seen := make(map[string]bool)
	for _, r := range slices.Concat(expected, got) {
		if n := name(r); !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// rowName is the recording's handle, else the booking of another trace, else "?".
func (c *comparison) rowName(r models.Row) string {
	if r.Recording != "" {
		return string(r.Recording)
	}
	if r.Tag.World == "" {
		return "? " + r.ID
	}
	if index, ok := c.Worlds[r.Tag.World]; ok {
		return fmt.Sprintf("trace%d:%s", index, r.Tag.Booking)
	}
	return string(r.Tag.World) + ":" + string(r.Tag.Booking)
}

// whose says whose recording a row is.
func (c *comparison) whose(r models.Row) string {
	if owner := c.before.Owner(r.Recording); owner != "" {
		return string(owner) + "'s"
	}
	if r.Tag.World != "" && r.Tag.World != c.History.World {
		return "of another test"
	}
	return ""
}

func shown(rows []models.Row, whose func(models.Row) string) string {
	if len(rows) == 0 {
		return "not shown"
	}
	text := "shown"
	if len(rows) > 1 {
		text = fmt.Sprintf("shown %d times", len(rows))
	}
	if w := whose(rows[0]); w != "" {
		text += ", " + w
	}
	return text
}

func (c *comparison) totals(expected, got *models.Listing) {
	if got == nil {
		return
	}
	c.both("total", totalOf(expected), totalOf(got))
	if got.Pages > 1 {
		c.both("pages", "", wording.Grouped(got.Pages))
	}
}

func totalOf(l *models.Listing) string {
	if l == nil || l.Total == nil {
		return ""
	}
	return wording.Grouped(*l.Total)
}

// content compares how much was delivered, and whose it is.
func (c *comparison) content(op models.Operation, expected, got *models.Content) {
	if expected == nil && got == nil {
		return
	}
	if expected == nil {
		c.fields = append(c.fields, Field{Name: "bytes", Expected: "nothing", Answered: bytesOf(got), Differs: true})
	} else {
		c.both("bytes", bytesOf(expected), bytesOf(got))
	}
	if got == nil {
		return
	}
	var found []string
	foreign := false
	wanted, _, only := op.Uses().Recording()
	for _, p := range got.Pieces {
		words := c.piece(p)
		if !slices.Contains(found, words) {
			found = append(found, words)
		}
		foreign = foreign || only && (p.Tag.World != c.History.World || p.Tag.Booking != wanted)
	}
	if len(found) == 0 {
		return
	}
	f := Field{Name: "content of", Answered: wording.Listed(found), Differs: foreign}
	switch {
	case expected == nil:
		f.Expected, f.Differs = "nothing", true
	case only:
		f.Expected = string(wanted) + " only"
	}
	c.fields = append(c.fields, f)
}

func (c *comparison) piece(p models.Piece) string {
	name := c.rowName(models.Row{Tag: p.Tag})
	if p.Tag.World == c.History.World {
		name = string(p.Tag.Booking)
		if owner := c.before.Owner(p.Tag.Booking); owner != "" {
			name += ", " + string(owner) + "'s"
		}
	}
	if p.Tag.Moment > 0 && p.Tag.World == c.History.World {
		name += fmt.Sprintf(", step %d", p.Tag.Moment)
	}
	return name
}

func bytesOf(c *models.Content) string {
	switch {
	case c == nil || c.Length == 0 && c.Total <= 0: // it says nothing
		return ""
	case c.Total < 0:
		return wording.Grouped(int(c.Length))
	}
	return wording.Grouped(int(c.Length)) + " of " + wording.Grouped(int(c.Total))
}

// accesses lists what an audit trail shows.
func (c *comparison) accesses(expected, got []models.Access) {
	if expected == nil && got == nil {
		return
	}
	c.fields = append(c.fields, Field{Name: "accesses", Expected: accessesOf(expected), Answered: accessesOf(got)})
}

func accessesOf(all []models.Access) string {
	words := make([]string, 0, len(all))
	for _, a := range all {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s %s", a.Who, a.Level, cmp.Or(a.Recording, a.Whose))))
	}
	slices.Sort(words)
	if words = slices.Compact(words); len(words) > viewedRows {
		words = append(words[:viewedRows], fmt.Sprintf("%d more", len(words)-viewedRows))
	}
	return cmp.Or(strings.Join(words, "; "), "none")
}

// found is where in an answer that is seen which was exposed: a row, or bytes.
func (v viewing) found(x models.Exposure, got *models.Response) []Evidence {
	var out []Evidence
	rows := rowsOf(got)
	for i, row := range rows {
		if v.isOf(x, row.Recording, row.Tag) && row.Tag.World != "" {
			where := fmt.Sprintf("row %d of %d", i+1, len(rows))
			if row.Page > 0 && got.Listing != nil && got.Listing.Pages > 1 {
				where += fmt.Sprintf(", on page %d of %d", row.Page, got.Listing.Pages)
			}
			out = append(out, Evidence{Where: "The tag stands in " + where, Text: rowText(row), Mark: row.Tag.Title(), Says: v.says(x, row.Tag)})
		}
	}
	if got.Content == nil {
		return out
	}
	for _, p := range got.Content.Pieces {
		if v.isOf(x, "", p.Tag) {
			media := p.Tag.Media()[max(0, p.From):min(models.MediaSize, p.To)]
			out = append(out, Evidence{Where: "The tag stands in " + wording.Count(len(media), "byte") + " of media that were delivered",
				Text: inLines(media), Mark: p.Tag.Title(), Says: v.says(x, p.Tag)})
		}
	}
	return out
}

// inLines sets media out in lines of a tag each.
func inLines(media []byte) string {
	const width = 32
	var lines []string
	for part := range slices.Chunk(media, width) {
		lines = append(lines, string(part))
	}
	return strings.Join(lines, "\n")
}

// isOf reports whether a handle or a tag is that of an exposed recording.
func (v viewing) isOf(x models.Exposure, h models.Handle, t models.Tag) bool {
	if h != "" && h == x.Recording {
		return true
	}
	world := cmp.Or(x.World, v.History.World)
	return t.World == world && (x.Recording == "" || t.Booking == x.Recording.Booking()) && (h == "" || x.World != "")
}

// rowText is a row as the adapter read it, a part on each line.
func rowText(r models.Row) string {
	var b strings.Builder
	for _, part := range [][2]string{{"title", r.Tag.Title()}, {"id", r.ID}, {"patient", string(r.Subject)}, {"mode", string(r.Mode)},
		{"segment", number(r.Segment)}, {"bytes", number(int(r.Size))}} {
		if part[1] != "" {
			fmt.Fprintf(&b, "%-9s%s\n", part[0], part[1])
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// says is how the tag tells whose it is.
func (v viewing) says(x models.Exposure, t models.Tag) string {
	if x.World != "" {
		return fmt.Sprintf("%s was put into booking %s of another test, which belongs to %s.", t.Title(), t.Booking, v.Owner(x))
	}
	said := ""
	if t.Moment > 0 {
		said = fmt.Sprintf(", and spoken at step %d", t.Moment)
	}
	return fmt.Sprintf("%s was put into booking %s%s: it is %s's, and nobody has given %s a right to it.", t.Title(), t.Booking, said, v.Owner(x), x.Viewer)
}

// entity is something that the model knows: its kind, its name, and a snapshot.
type entity struct {
	kind, name string
	value      any
}

// changes are what the model knows after a step otherwise than before it. The
// service itself is among them when it was restarted or switched.
func changes(before, after *models.State) []Entity {
	diff := after.Changes(before)
	var out []Entity
	for _, e := range entities(&diff) {
		out = append(out, Entity{Kind: e.kind, Name: e.name, Facts: e.facts()})
	}
	if was := before.Changes(after); was.ReplaysOff != diff.ReplaysOff || was.Restarts != diff.Restarts {
		e := entity{"service", "service", [2]any{diff.ReplaysOff, diff.Restarts}}
		out = append(out, Entity{Kind: e.kind, Name: e.name, Facts: e.facts()})
	}
	for _, h := range diff.Gone {
		out = append(out, Entity{Kind: "recording", Name: string(h)})
	}
	return out
}

func entities(s *models.Snapshot) []entity {
	var out []entity
	for _, u := range s.Users {
		kind := "patient"
		if u.Clinician {
			kind = "clinician"
		}
		out = append(out, entity{kind, string(u.Handle), u})
	}
	for _, b := range s.Bookings {
		out = append(out, entity{"booking", string(b.Handle), b})
	}
	for _, r := range s.Recordings {
		out = append(out, entity{"recording", string(r.Handle), r})
	}
	for _, l := range s.Links {
		out = append(out, entity{"link", string(l.Handle), l})
	}
	return out
}

// facts are what is known of an entity, in words.
func (e entity) facts() []Fact {
	var out factList
	switch v := e.value.(type) {
	case models.UserSnapshot:
		out.add("logged in", yesOrNo(v.LoggedIn))
		out.when(v.Closed, "account", "closed")
		out.when(v.Uncertain, "token", "uncertain")
		out.add("proxies", handles(v.Proxies))
	case models.BookingSnapshot:
		out.booking(v)
	case models.RecordingSnapshot:
		out.add("owner", string(v.Owner))
		out.add("mode", string(cmp.Or(v.Mode, "changed")))
		out.add("bytes", wording.Grouped(int(v.Size)))
		out.add("spoken at", stepsOf(v.Spoken))
		out.add("shared with", handles(v.Shared))
		out.when(v.Deleted, "is", "deleted")
	case models.LinkSnapshot:
		out.add("to", string(v.Recording))
		out.add("made by", string(v.Maker))
		out.when(v.Revoked, "is", "revoked")
	case [2]any:
		out.add("replays", map[any]string{true: "off", false: "on"}[v[0]])
		out.add("restarts", number(v[1].(int)))
	}
	return out
}

type factList []Fact

// add adds a fact that has a value.
func (l *factList) add(name, value string) {
	if value != "" {
		*l = append(*l, Fact{Name: name, Value: value})
	}
}

func (l *factList) when(is bool, name, value string) {
	if is {
		l.add(name, value)
	}
}

func (l *factList) booking(b models.BookingSnapshot) {
	l.add("patient", string(b.Patient))
	l.add("clinician", string(b.Clinician))
	l.add("guest", string(b.Guest))
	l.add("slot", wording.Grouped(b.Slot))
	l.add("status", string(b.Status))
	mode := string(b.Mode)
	if b.Switches > 0 {
		mode += fmt.Sprintf(" (booked %s, switched %s)", b.Booked, times(b.Switches))
	}
	l.add("mode", mode)
	l.add("present", handles(b.Present))
	l.add("dropped", handles(b.Dropped))
	l.add("spoken at", stepsOf(b.Spoken))
	l.when(b.Uncertain, "is", "uncertain")
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func handles(all []models.Handle) string {
	words := make([]string, len(all))
	for i, h := range all {
		words[i] = string(h)
	}
	return wording.Listed(words)
}

func stepsOf(all []int) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = fmt.Sprintf("step %d", n)
	}
	return wording.Listed(words)
}

// viewedBody is the number of bytes of a body that are shown.
const viewedBody = 16 << 10

// viewedRequest is an exchange as it is shown. It must be redacted already.
func viewedRequest(x *targets.Recorded, marks []string) Request {
	out := Request{ID: x.ID, Traceparent: x.Traceparent, Method: x.Method, URL: cmp.Or(x.Path, x.URL), Status: x.Status,
		TookUS: x.Took.Microseconds(), Whole: true, Failure: x.Failure,
		Sent: Message{Headers: viewedHeaders(x.RequestHeader)}, Got: Message{Headers: viewedHeaders(x.ResponseHeader)}}
	out.Sent.Body, out.Sent.Note = bodyText(x.RequestBody, nil)
	out.Got.Body, out.Got.Note = bodyText(x.ResponseBody, marks)
	return out
}

func viewedHeaders(h map[string][]string) []Fact {
	var out []Fact
	for _, name := range wording.Sorted(h) {
		for _, value := range h[name] {
			out = append(out, Fact{Name: name, Value: strings.ToValidUTF8(value, "·")})
		}
	}
	return out
}

// bodyText is a body to be read, with dots for what cannot be, and a remark on
// what was done to it. Of a long one it is the part with the first mark.
func bodyText(body []byte, marks []string) (text, note string) {
	from, to := 0, len(body)
	if len(body) > viewedBody {
		for _, m := range marks {
			if at := bytes.Index(body, []byte(m)); at >= 0 {
				from = max(0, min(at-viewedBody/4, len(body)-viewedBody))
				break
			}
		}
		to = from + viewedBody
		note = fmt.Sprintf("Bytes %s to %s of %s.", wording.Grouped(from), wording.Grouped(to), wording.Grouped(len(body)))
	}
	part := body[from:to]
	if utf8.Valid(body) {
		return strings.ToValidUTF8(string(part), "·"), note
	}
	note = strings.TrimSpace(note + " Not a text: what cannot be printed is a dot.")
	return strings.Map(func(c rune) rune {
		if c == utf8.RuneError || !unicode.IsPrint(c) && c != '\n' && c != '\t' {
			return '·'
		}
		return c
	}, string(part)), note
}
