package mapping

import (
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// operation compiles one kind of operation.
func (c *compiler) operation(o *Operation) {
	key := "operations." + string(o.Kind)
	switch {
	case !slices.Contains(models.Kinds(), o.Kind):
		c.problem(o.Pos, key, "unknown operation %s%s", o.Kind, perhaps(string(o.Kind), describeKinds()))
		return
	case models.CredentialsFor(o.Kind) == models.NoRequest:
		c.problem(o.Pos, key, "restart is no request of a user; expected target.restart to say how the service is restarted")
		return
	case c.forms[o.Kind] == nil:
		return
	}
	out := &operation{kind: o.Kind, pos: o.Pos, form: *c.forms[o.Kind], row: c.recording}
	if len(o.Steps) > 0 && requests(&o.Step) {
		c.problem(o.Pos, key, "%s has steps and a request of its own; expected one of the two", o.Kind)
	}
	for i, s := range stepsOf(o) {
		at := key
		if len(o.Steps) > 0 {
			at = fmt.Sprintf("%s.steps.%d", key, i)
		} else if s.If.Given() {
			c.problem(s.If.Pos, at+".if", "if is for steps; expected steps around this request")
		}
		out.steps = append(out.steps, c.request(s, out, c.vocabulary(&out.form, i), at))
	}
	c.answer(o, out, key)
	c.operations[o.Kind] = out
}

// requests reports whether a step is there.
func requests(s *Step) bool {
	return s.Path.Given() || s.URL.Given() || s.JSON.Kind != 0 || len(s.Form) > 0 || len(s.Multipart) > 0 || s.Raw.Given() ||
		len(s.Query) > 0 || len(s.Headers) > 0
}

// answer compiles how the answer is read, by what the kind shows.
func (c *compiler) answer(o *Operation, out *operation, key string) {
	shows := models.Shows(o.Kind)
	lists := shows.Has(models.ShowsListing) || shows.Has(models.ShowsAudit)
	out.rows, out.next, out.total = c.query(o.Rows, key+".rows"), c.query(o.Next, key+".next"), c.query(o.Total, key+".total")
	c.only(lists, o.Kind, o.Rows, key+".rows")
	c.only(lists, o.Kind, o.Next, key+".next")
	c.only(shows.Has(models.ShowsListing), o.Kind, o.Total, key+".total")
	c.only(shows.Has(models.ShowsContent), o.Kind, o.Content.JQ, key+".content")
	c.only(models.Takes(o.Kind, "range"), o.Kind, o.Range, key+".range")
	if lists && !o.Rows.Given() {
		c.problem(o.Pos, key, "%s has no rows; expected a jq expression that gives the rows of the answer, as in rows: .items[]", o.Kind)
	}
	c.rowOf(o, out, shows, key)
	if q := c.query(o.Content.JQ, key+".content"); q != nil {
		out.content = &contentReader{q, o.Content.Base64.Value}
	}
	if shows.Has(models.ShowsAudit) {
		out.access = c.accessOf(o, key)
	}
	c.rangeOf(o, out, key)
	c.pagesOf(o, out, key)
}

// only says that a key is of no use to a kind.
func (c *compiler) only(useful bool, k models.Kind, t Text, key string) {
	if t.Given() && !useful {
		c.problem(t.Pos, key, "%s shows nothing that this could be read from; expected no such key", k)
	}
}

// rowOf compiles how rows are read, where the kind shows any.
func (c *compiler) rowOf(o *Operation, out *operation, shows models.Parts, key string) {
	given := o.Row.JQ.Given() || len(o.Row.Fields) > 0
	switch {
	case !shows.Has(models.ShowsListing) && !shows.Has(models.ShowsRow):
		if given {
			c.problem(c.spec.Where(key+".row"), key+".row", "%s shows no row; expected no such key", o.Kind)
		}
		return
	case len(o.Row.Fields) > 0:
		out.row = c.rowFields(o.Row.Fields, key+".row")
	case o.Row.JQ.Given():
		inner := *c.recording
		inner.at = c.query(o.Row.JQ, key+".row")
		out.row = &inner
	case shows.Has(models.ShowsRow):
		c.problem(o.Pos, key, "%s has no row; expected a jq expression that gives the recording in the answer, as in row: .", o.Kind)
	}
	if !out.row.has("id") {
		c.problem(o.Pos, out.row.key, "%s shows recordings, and nothing says where their ids are; expected %s.id", o.Kind, out.row.key)
	}
	if !out.row.has("title") && !out.row.has("booking") {
		c.problem(o.Pos, out.row.key, "%s shows recordings, and nothing says whose they are; expected %s.title, where the title of the booking is found, or %s.booking, its id", o.Kind, out.row.key, out.row.key)
	}
}

// accessFields are what an entry of an audit trail has.
var accessFields = []string{"who", "whose", "recording", "level"}

// accessOf compiles how entries of an audit trail are read.
func (c *compiler) accessOf(o *Operation, key string) *accessReader {
	r := c.rowFields(o.Access, key+".access")
	for _, f := range o.Access {
		if !slices.Contains(accessFields, f.Name) {
			c.problem(f.Pos, key+".access."+f.Name, "unknown key %s%s; expected %s", f.Name, perhaps(f.Name, accessFields), either(accessFields...))
		}
	}
	for _, name := range accessFields {
		if !r.has(name) {
			c.problem(o.Pos, key+".access", "%s has no access.%s; expected a jq expression on an entry of the trail", o.Kind, name)
		}
	}
	return &accessReader{r}
}

// The ways in which ranges are asked for.
const (
	rangeHeader = "header"
	rangeNone   = "none"
)

// rangeOf compiles how ranges of bytes are asked for.
func (c *compiler) rangeOf(o *Operation, out *operation, key string) {
	if !models.Takes(o.Kind, "range") {
		return
	}
	for _, name := range []string{"range", "first", "last"} {
		out.oneRange = out.oneRange || out.names(ref{"", name})
	}
	switch o.Range.Value {
	case "", rangeHeader:
		out.ranges = !out.oneRange
	case rangeNone:
		out.oneRange = false
	default:
		c.problem(o.Range.Pos, key+".range", "unknown way to ask for a range %q; expected %s", o.Range.Value, either(rangeHeader, rangeNone))
	}
}

// pagesOf compiles how the next page is asked for.
func (c *compiler) pagesOf(o *Operation, out *operation, key string) {
	last := out.last()
	out.single = models.RowsOf(o.Kind) == models.PageRows
	out.nextIsURL = !last.names(ref{"", "cursor"}) && !last.namesRole(rolePage)
	out.takesLimit = last.names(ref{"", "limit"})
	if models.DefinedBy(o.Kind) == models.ACursor && !o.Next.Given() {
		c.problem(o.Pos, key, "page has no next; expected a jq expression that gives the cursor to the next page")
	}
	if o.Next.Given() && last.poll != nil {
		c.problem(o.Next.Pos, key+".next", "a listing that is polled has one page; expected no next")
	}
}

// names reports whether any request names something.
func (o *operation) names(r ref) bool {
	return slices.ContainsFunc(o.steps, func(s *request) bool { return s.names(r) })
}
