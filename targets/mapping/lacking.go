package mapping

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// mayLack are the fields that a row need not have: it may name nobody, and say by
// its title or by its booking whose it is.
var mayLack = []string{"subject", "title", "booking"}

// lacking are the fields that are found in none of some rows.
func (r *rowReader) lacking(ctx context.Context, rows []any, a *reply) []string {
	var out []string
	for i := range r.fields {
		f := &r.fields[i]
		found := slices.Contains(mayLack, f.name) || slices.ContainsFunc(rows, func(row any) bool {
			v, err := f.jq.one(ctx, r.inside(ctx, row, a), a.Status)
			return err == nil && v != nil && v != ""
		})
		if !found {
			out = append(out, f.name)
		}
	}
	return out
}

// inside is the part of a row that has the fields.
func (r *rowReader) inside(ctx context.Context, row any, a *reply) any {
	if r.at == nil {
		return row
	}
	v, err := r.at.one(ctx, row, a.Status)
	if err != nil {
		return nil
	}
	return v
}

// blameFields blames the fields that are found in no row. Where there are
// several, what leads to the rows, whose key is given, is likelier to be wrong
// than all that was noted of the rows, from the note of that number on.
func (w *World) blameFields(ctx context.Context, a *reply, key string, o *rowReader, rows []any, from int) {
	if len(rows) == 0 {
		return
	}
	names := o.lacking(ctx, rows, a)
	has := describeFields(o.inside(ctx, rows[0], a))
	if len(names) > 1 {
		n := Note{Pos: w.target.mapping.spec.Where(key), Key: key, Status: a.Status,
			Text: fmt.Sprintf("it leads to what has none of %s; it has %s", strings.Join(names, ", "), has)}
		w.notes = slices.Insert(w.notes, from, n)
	}
	for _, name := range names {
		w.blameKey(a, o.key+"."+name, fmt.Sprintf("no recording has it; one has %s", has))
	}
}

// blameTitles blames what should find a title in rows that have none: what leads
// to the rows, whose key is given, where the title is elsewhere in the answer.
func (w *World) blameTitles(ctx context.Context, a *reply, key string, o *rowReader, rows []any) {
	if len(rows) == 0 {
		return
	}
	name := "title"
	if !o.has(name) {
		name = "booking"
	}
	titled := func(v any) bool { _, ok := models.FindTag(textOf(v)); return ok }
	within := slices.ContainsFunc(rows, func(row any) bool { return titled(o.inside(ctx, row, a)) })
	if body, err := a.body(); err == nil && !within && titled(body) {
		w.blameKey(a, key, "the title of a booking is in the answer, but not in what it leads to")
	}
	text := "no recording has the title of a booking there; one has "
	if name == "booking" {
		text = "no recording has the id of a booking that is known there; one has "
	}
	w.blameKey(a, o.key+"."+name, text+describeFields(o.inside(ctx, rows[0], a)))
}

// describeFields says what an object has.
func describeFields(v any) string {
	object, ok := v.(map[string]any)
	if !ok {
		return describe(v)
	}
	names := slices.Sorted(maps.Keys(object))
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// rowsKey is what leads to the rows of an operation.
func (o *operation) rowsKey() string {
	if o.rows == nil {
		return o.key() + ".row"
	}
	return o.key() + ".rows"
}

// key is where an operation is in the file.
func (o *operation) key() string {
	if o.derived {
		return "operations." + string(models.KindList)
	}
	return "operations." + string(o.kind)
}

// instead says what an answer has where a capture finds nothing.
func (c *capture) instead(a *reply) string {
	switch {
	case c.header != "":
		return "the answer has no header " + c.header
	case c.cookie != "":
		var names []string
		for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
			names = append(names, cookie.Name)
		}
		return fmt.Sprintf("the answer sets no cookie %s, but %s", c.cookie, orWord(strings.Join(names, ", "), "none"))
	}
	body, err := a.body()
	if err != nil {
		return err.Error()
	}
	at := "the answer"
	for _, name := range c.jq.chain {
		object, ok := body.(map[string]any)
		if !ok || object[name] == nil {
			break
		}
		body = object[name]
		at = "." + name + " of it"
	}
	return at + " has " + describeFields(body)
}

// readInstead says what is read in the first of some rows where a title was expected.
func (w *World) readInstead(ctx context.Context, o *rowReader, rows []any, a *reply) string {
	if len(rows) == 0 {
		return ""
	}
	name := "title"
	if !o.has(name) {
		name = "booking"
	}
	values, wrong := o.values(ctx, rows[0], a)
	if wrong != nil {
		return ""
	}
	return fmt.Sprintf("%s.%s reads %s", o.key, name, w.sample(textOf(values[name])))
}

// maxSample is the number of characters of a value that is shown as a sample.
const maxSample = 40

// sample is the beginning of a value in quotes, without secrets.
func (w *World) sample(text string) string {
	if text == "" {
		return "nothing"
	}
	plain := []rune(w.session.Conceal(strings.ToValidUTF8(text, "?")))
	return strconv.Quote(string(plain[:min(len(plain), maxSample)]))
}
