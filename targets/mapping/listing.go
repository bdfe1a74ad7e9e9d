package mapping

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// The greatest number of pages, and about that of rows, that are read of one
// listing.
const (
	maxPages = 50
	maxRows  = 1000
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

// modes and statuses are the words of the model.
var (
	modes    = []string{string(models.Audio), string(models.Video)}
	statuses = []string{string(models.Planned), string(models.InProgress), string(models.Completed), string(models.Cancelled)}
	levels   = []string{models.Presented.String(), models.Previewed.String(), models.Viewed.String(), models.Obtained.String()}
)

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

// subject is the handle of somebody by what he is known by.
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
	t := w.recordingThing(row.Recording)
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
	row, values, ok := w.row(ctx, o.row, body, a)
	if !ok {
		return nil
	}
	if row.ID == "" {
		w.doubt(a, o.row.key+".id", "the recording has no id")
		return nil
	}
	w.take(&row, values)
	return &row
}

// pages is what a listing, an export or a trail has shown so far.
type pages struct {
	listing *models.Listing
	audit   []models.Access
	media   []byte
	shown   bool
}

// readPages reads every page, up to a bound. Where a page is not shown, what was
// shown before it is kept, and the outcome is that page's.
func (w *World) readPages(ctx context.Context, o *operation, s *scope) (models.Response, error) {
	var all pages
	cacheControl := ""
	for first := true; ; first = false {
		a, err := w.ask(ctx, o.last(), s)
		if err != nil {
			return models.Response{}, err
		}
		if first || exchange.KeptPrivate(cacheControl) {
			cacheControl = a.CacheControl()
		}
		next, ok := w.readPage(ctx, o, s, a, &all)
		if ok && next != "" && !o.single && !all.full() {
			s.goTo(next, o.nextIsURL)
			continue
		}
		r := a.Response()
		r.CacheControl = cacheControl
		all.close(o, next, &r)
		if o.single && ok {
			w.keepPage(s, o, next)
		}
		return r, nil
	}
}

// full reports whether no further page is read.
func (p *pages) full() bool {
	if p.listing == nil {
		return len(p.audit) >= maxRows
	}
	return p.listing.Pages >= maxPages || len(p.listing.Rows) >= maxRows
}

// close puts what was shown into the response.
func (p *pages) close(o *operation, next string, r *models.Response) {
	if !p.shown {
		return
	}
	shows := models.Shows(o.kind)
	if shows.Has(models.ShowsAudit) {
		r.Audit = p.audit
		return
	}
	r.Listing = p.listing
	r.Listing.Truncated = next != "" && !o.single && p.full()
	r.Listing.More = next != "" && o.single
	if o.kind == models.KindFollow {
		for i := range r.Listing.Rows {
			r.Listing.Rows[i].Page = 2
		}
	}
	if shows.Has(models.ShowsContent) {
		r.Content = contentOf(p.media)
	}
}

// keepPage keeps where a page ended for those who follow.
func (w *World) keepPage(s *scope, o *operation, next string) {
	if o.kind != models.KindPage || next == "" {
		return
	}
	s.page.next, s.page.isURL = next, o.nextIsURL
}

// readPage reads one page and returns what leads to the next. It reports whether
// the page was shown.
func (w *World) readPage(ctx context.Context, o *operation, s *scope, a *reply, all *pages) (next string, ok bool) {
	if a.Outcome != models.OK {
		return "", false
	}
	key := "operations." + string(o.kind)
	body, err := a.body()
	if err != nil {
		w.doubt(a, key+".rows", err.Error())
		return "", false
	}
	rows, err := o.rowsOf(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, key+".rows", fmt.Sprintf("the rows (%s) cannot be read: %v", w.target.mapping.at(o.rows.text.Pos), err))
		return "", false
	}
	all.shown = true
	if models.Shows(o.kind).Has(models.ShowsAudit) {
		w.addAccesses(ctx, o, rows, a, all)
	} else {
		w.addRows(ctx, o, rows, a, all)
		w.addTotal(ctx, o, body, a, all.listing)
	}
	if o.content != nil {
		media, err := o.content.bytes(ctx, body, a.Status)
		if err != nil {
			w.doubt(a, key+".content", err.Error())
		}
		all.media = append(all.media, media...)
	}
	next = w.nextPage(ctx, o, body, a)
	return next, a.Outcome == models.OK
}

// rowsOf are the rows of a page: what the expression gives, or the items of the
// one list that it gives.
func (o *operation) rowsOf(ctx context.Context, body any, status int) ([]any, error) {
	rows, err := o.rows.all(ctx, body, status)
	if err != nil || len(rows) != 1 || o.rows.spread {
		return rows, err
	}
	switch only := rows[0].(type) {
	case []any:
		return only, nil
	case nil:
		return nil, fmt.Errorf("%s gives null; expected a list", o.rows.text.Value)
	case map[string]any:
	default:
		return nil, fmt.Errorf("%s gives %s; expected a list of rows", o.rows.text.Value, describe(only))
	}
	return rows, nil
}

// addRows adds the rows of a page. Of an inbox nothing is learnt: a notice does
// not say which of a consultation's recordings it is about.
func (w *World) addRows(ctx context.Context, o *operation, rows []any, a *reply, all *pages) {
	if all.listing == nil {
		all.listing = &models.Listing{Rows: make([]models.Row, 0, len(rows))}
	}
	l := all.listing
	l.Pages++
	tagged := false
	for _, in := range rows {
		row, values, ok := w.row(ctx, o.row, in, a)
		if !ok && values == nil {
			return
		}
		if o.kind == models.KindInbox {
			row.Recording = w.replays.Handle(row.ID)
		} else {
			w.take(&row, values)
		}
		row.Page = l.Pages
		tagged = tagged || row.Tag.World != ""
		l.Rows = append(l.Rows, row)
	}
	if len(rows) > 0 && !tagged {
		w.blameKey(a, o.row.key+".title", "no row has the title of a booking in it, nor names a booking that is known")
	}
}

// addTotal takes up the total that a page tells. Of several the greatest counts.
func (w *World) addTotal(ctx context.Context, o *operation, body any, a *reply, l *models.Listing) {
	if o.total == nil {
		return
	}
	v, err := o.total.one(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, "operations."+string(o.kind)+".total", err.Error())
		return
	}
	if v == nil {
		return
	}
	n, ok := w.whole(a, "operations."+string(o.kind)+".total", v)
	if total := int(n); ok && (l.Total == nil || total > *l.Total) {
		l.Total = &total
	}
}

// nextPage is what leads to the next page: a token, or a URL.
func (w *World) nextPage(ctx context.Context, o *operation, body any, a *reply) string {
	if o.next == nil {
		return ""
	}
	v, err := o.next.one(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, "operations."+string(o.kind)+".next", err.Error())
		return ""
	}
	next := textOf(v)
	if !truthy(v) || next == "" || !o.nextIsURL {
		if !truthy(v) {
			return ""
		}
		return next
	}
	to, err := resolveURL(a.url, next)
	if err != nil {
		w.doubt(a, "operations."+string(o.kind)+".next", fmt.Sprintf("expected a URL, or {{.cursor}} in the request, found %q", next))
		return ""
	}
	return to
}

// accessReader reads the entries of an audit trail.
type accessReader struct{ fields *rowReader }

// addAccesses adds the entries of a page. A recording that the world does not
// know has no handle.
func (w *World) addAccesses(ctx context.Context, o *operation, rows []any, a *reply, all *pages) {
	if all.audit == nil {
		all.audit = make([]models.Access, 0, len(rows))
	}
	for _, in := range rows {
		values, wrong := o.access.fields.values(ctx, in, a)
		if wrong != nil {
			w.doubtNote(a, wrong)
			return
		}
		who := models.Anyone
		if textOf(values["who"]) != "" {
			who = w.subject(values["who"])
		}
		access := models.Access{Who: who, Whose: w.subject(values["whose"]), Recording: w.replays.Handle(textOf(values["recording"]))}
		word := w.word(a, o.access.fields.key+".level", values["level"], levels)
		if word == "" {
			continue
		}
		if err := access.Level.UnmarshalText([]byte(word)); err == nil {
			all.audit = append(all.audit, access)
		}
	}
}

// encounterReader reads what an answer tells about a consultation.
type encounterReader struct{ status, mode, segment, recordings *query }

// readEncounter reads what an answer tells about a consultation, and learns the
// recordings of one that is completed. An answer without a JSON body tells
// nothing.
func (w *World) readEncounter(ctx context.Context, s *scope, a *reply) *models.Encounter {
	e := w.target.mapping.encounter
	if a.Outcome != models.OK || e.status == nil && e.mode == nil {
		return nil
	}
	body, err := a.body()
	if err != nil {
		if len(a.Body) > 0 {
			w.blameKey(a, "encounter", err.Error())
		}
		return nil
	}
	status, ok1 := w.encounterWord(ctx, a, e.status, "encounter.status", body, statuses)
	mode, ok2 := w.encounterWord(ctx, a, e.mode, "encounter.mode", body, modes)
	out := &models.Encounter{Status: models.EncounterStatus(status), Mode: models.Mode(mode)}
	if e.segment != nil && out.Status == models.InProgress {
		v, err := e.segment.one(ctx, body, a.Status)
		if err != nil {
			w.doubt(a, "encounter.segment", err.Error())
		}
		n, _ := w.whole(a, "encounter.segment", v)
		out.Segment = int(n)
	}
	if !ok1 || !ok2 {
		return nil
	}
	if out.Status == models.Completed {
		w.learnRecordings(ctx, s, a, body)
	}
	return out
}

// encounterWord reads a word of an encounter, and reports whether it is one.
func (w *World) encounterWord(ctx context.Context, a *reply, q *query, key string, body any, words []string) (string, bool) {
	if q == nil {
		return "", true
	}
	v, err := q.one(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, key, err.Error())
		return "", false
	}
	text := w.word(a, key, v, words)
	return text, text == textOf(v)
}

// learnRecordings takes up the ids of a completed consultation's recordings, in
// the order of their segments.
func (w *World) learnRecordings(ctx context.Context, s *scope, a *reply, body any) {
	q := w.target.mapping.encounter.recordings
	if q == nil {
		return
	}
	found, err := q.all(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, "encounter.recordings", err.Error())
		return
	}
	type learnt struct {
		models.Row
		values map[string]any
	}
	var all []learnt
	for _, in := range found {
		if row, values, ok := w.row(ctx, w.target.mapping.recording, in, a); ok && row.ID != "" {
			all = append(all, learnt{row, values})
		}
	}
	slices.SortStableFunc(all, func(a, b learnt) int { return cmp.Compare(a.Segment, b.Segment) })
	for i := range all {
		h := w.replays.Learn(s.booking.handle, all[i].ID, all[i].Segment)
		t := w.recordingThing(h)
		for name, v := range all[i].values {
			if v != nil && v != "" && name != "id" {
				t.values[name] = v
			}
		}
	}
}
