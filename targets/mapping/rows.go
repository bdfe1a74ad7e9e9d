package mapping

import (
	"context"
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// rowReader reads rows: what at leads to, or the row itself, has the fields.
type rowReader struct {
	key    string // in the file
	at     *query
	fields []rowField
}

type rowField struct {
	name string
	jq   *query
}

func (r *rowReader) has(name string) bool {
	return slices.ContainsFunc(r.fields, func(f rowField) bool { return f.name == name })
}

// values are the fields of a row by name. The error names the key to blame.
func (r *rowReader) values(ctx context.Context, row any, a *reply) (map[string]any, *Note) {
	if r.at != nil {
		inner, err := r.at.one(ctx, row, a.Status)
		if err != nil {
			return nil, &Note{Key: r.key, Pos: r.at.text.Pos, Text: "a row cannot be read: " + err.Error(), Status: a.Status}
		}
		row = inner
	}
	out := make(map[string]any, len(r.fields))
	for i := range r.fields {
		f := &r.fields[i]
		v, err := f.jq.one(ctx, row, a.Status)
		if err != nil {
			key := r.key + "." + f.name
			return nil, &Note{Key: key, Pos: f.jq.text.Pos, Text: fmt.Sprintf("%s of a row cannot be read: %v", f.name, err), Status: a.Status}
		}
		out[f.name] = v
	}
	return out, nil
}

// doubtNote puts an answer in doubt, and says which key is to blame.
func (w *World) doubtNote(a *reply, n *Note) {
	a.Doubt(fmt.Sprintf("%s (%s)", n.Text, w.target.mapping.at(n.Pos)))
	w.note(*n)
}

// row is a row in the terms of the model, and what else it told. What is neither
// a mode nor a number is left out, and puts the answer in doubt.
func (w *World) row(ctx context.Context, o *rowReader, in any, a *reply) (models.Row, map[string]any, bool) {
	values, wrong := o.values(ctx, in, a)
	if wrong != nil {
		w.doubtNote(a, wrong)
		return models.Row{}, nil, false
	}
	row := models.Row{ID: textOf(values["id"])}
	row.Tag = w.tag(values)
	if o.has("subject") {
		row.Subject = w.subject(values["subject"])
	}
	row.Mode = models.Mode(w.word(a, o.key+".mode", values["mode"], modes))
	segment, ok1 := w.whole(a, o.key+".segment", values["segment"])
	size, ok2 := w.whole(a, o.key+".size", values["size"])
	row.Segment, row.Size = int(segment), size
	if w.target.seen.Load() == nil && row.ID != "" {
		w.target.seen.CompareAndSwap(nil, &row.ID)
	}
	return row, values, ok1 && ok2
}

// word is a value that must be one of some words, or empty where there is none or
// another, which puts the answer in doubt.
func (w *World) word(a *reply, key string, v any, words []string) string {
	text := textOf(v)
	if text == "" || slices.Contains(words, text) {
		return text
	}
	w.doubtNote(a, &Note{Key: key, Pos: w.target.mapping.spec.Where(key), Text: fmt.Sprintf("expected %s, found %s", either(words...), describe(v)), Status: a.Status})
	return ""
}

// whole is a value that must be a whole number, or 0 where there is none.
func (w *World) whole(a *reply, key string, v any) (int64, bool) {
	if v == nil {
		return 0, true
	}
	n, ok := wholeNumber(v)
	if !ok {
		w.doubtNote(a, &Note{Key: key, Pos: w.target.mapping.spec.Where(key), Text: "expected a whole number, found " + describe(v), Status: a.Status})
	}
	return n, ok
}

// tag is the tag in the title of a row, or else that of the booking that it
// names.
func (w *World) tag(values map[string]any) models.Tag {
	if tag, ok := models.FindTag(textOf(values["title"])); ok {
		return tag
	}
	id := textOf(values["booking"])
	if id == "" {
		return models.Tag{}
	}
	tag, ok := models.FindTag(id)
	if known, found := w.target.bookings.Load(id); found {
		tag, ok = known.(models.Tag)
	}
	if !ok {
		return models.Tag{}
	}
	return tag
}

// subject is the handle of somebody by what they are known by.
func (w *World) subject(v any) models.Handle {
	id := textOf(v)
	if id == "" {
		return models.Nobody
	}
	if h, ok := w.handles[id]; ok {
		return h
	}
	return models.Somebody
}

// take names a row, and keeps what it told for later requests.
func (w *World) take(row *models.Row, values map[string]any) {
	row.Recording = w.replays.Name(row.ID, row.Tag, row.Segment)
	if row.Recording == "" || row.Recording.Phantom() {
		return
	}
	t := w.recordingThing(row.ID, row.Recording)
	for name, v := range values {
		if v != nil && v != "" && name != "id" {
			t.values[name] = v
		}
	}
}

// readRow reads the metadata that an answer is.
func (w *World) readRow(ctx context.Context, o *operation, a *reply) *models.Row {
	if a.Outcome != models.OK {
		return nil
	}
	body, err := a.body()
	if err != nil {
		w.doubt(a, "operations."+string(o.kind)+".row", err.Error())
		return nil
	}
	from := len(w.notes)
	defer func() { w.blameFields(ctx, a, o.rowsKey(), o.row, []any{body}, from) }()
	row, values, ok := w.row(ctx, o.row, body, a)
	if !ok {
		return nil
	}
	if row.Tag.World == "" {
		w.blameTitles(ctx, a, o.rowsKey(), o.row, []any{body})
	}
	if row.ID == "" {
		w.doubt(a, o.row.key+".id", "the recording has no id")
		return nil
	}
	w.take(&row, values)
	return &row
}

// modes and statuses are the words of the model.
var (
	modes    = []string{string(models.Audio), string(models.Video)}
	statuses = []string{string(models.Planned), string(models.InProgress), string(models.Completed), string(models.Cancelled)}
	levels   = []string{models.Presented.String(), models.Previewed.String(), models.Viewed.String(), models.Obtained.String()}
)
