package mapping

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
)

// The greatest number of pages, and about that of rows, that are read of one
// listing.
const (
	maxPages = 50
	maxRows  = 1000
)

// pages is what a listing, an export or a trail has shown so far.
type pages struct {
	listing *models.Listing
	audit   []models.Access
	media   []byte
	shown   bool
}

// readPages reads every page, up to a bound. Where a page is not shown, what was
// shown before it is kept, and the outcome is that page's.
func (w *World) readPages(ctx context.Context, o *operation, s *bindings) (models.Response, error) {
	var all pages
	var caching models.Caching
	for first := true; ; first = false {
		a, err := w.ask(ctx, o.last(), s)
		if err != nil {
			return models.Response{}, err
		}
		next, ok := w.readPage(ctx, o, s, a, &all)
		if c := a.Caching(); first || c.LessProtected(a.Status, &caching) {
			caching = c
		}
		if ok && next != "" && !o.single && !all.full() {
			s.goTo(next, o.nextIsURL)
			continue
		}
		r := a.Response()
		r.Caching = caching
		all.close(o, next, &r)
		if ok {
			w.replays.Rank(s.op, r.Listing)
		}
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
	if models.PathOf(o.kind) == models.PathPage {
		for i := range r.Listing.Rows {
			r.Listing.Rows[i].Page = 2
		}
	}
	if o.content != nil {
		r.Content = contentOf(p.media)
	}
}

// keepPage keeps where a page ended for those who follow.
func (w *World) keepPage(s *bindings, o *operation, next string) {
	if models.DefinedBy(o.kind) != models.ACursor || next == "" {
		return
	}
	s.page.next, s.page.isURL = next, o.nextIsURL
}

// readPage reads one page and returns what leads to the next. It reports whether
// the page was shown.
func (w *World) readPage(ctx context.Context, o *operation, s *bindings, a *reply, all *pages) (next string, ok bool) {
	if a.Outcome != models.OK {
		return "", false
	}
	key := o.key()
	body, err := a.body()
	if err != nil {
		w.doubt(a, key+".rows", err.Error())
		return "", false
	}
	rows, err := o.rowsOf(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, key+".rows", fmt.Sprintf("the rows cannot be read: %v", err))
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
	notices := models.RowsOf(o.kind) == models.NoticeRows
	if from := len(w.notes); !notices {
		defer func() { w.blameFields(ctx, a, o.rowsKey(), o.row, rows, from) }()
	}
	for _, in := range rows {
		row, values, ok := w.row(ctx, o.row, in, a)
		if !ok && values == nil {
			return
		}
		if notices {
			row.Recording = w.replays.Handle(row.ID)
		} else {
			w.take(&row, values)
		}
		row.Page = l.Pages
		tagged = tagged || row.Tag.World != ""
		l.Rows = append(l.Rows, row)
	}
	if !tagged {
		w.blameTitles(ctx, a, o.rowsKey(), o.row, rows)
		a.remark(w.readInstead(ctx, o.row, rows, a))
	}
}

// addTotal takes up the total that a page tells. Of several the greatest counts.
func (w *World) addTotal(ctx context.Context, o *operation, body any, a *reply, l *models.Listing) {
	if o.total == nil {
		return
	}
	v, err := o.total.one(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, o.key()+".total", err.Error())
		return
	}
	if v == nil {
		return
	}
	n, ok := w.whole(a, o.key()+".total", v)
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
		w.doubt(a, o.key()+".next", err.Error())
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
		w.doubt(a, o.key()+".next", fmt.Sprintf("expected a URL, or {{.cursor}} in the request, found %q", next))
		return ""
	}
	return to
}
