package viewer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
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
