package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// cursor is where a page ended, and the limit with which it was asked for.
type cursor struct {
	next  string
	limit int
}

// page reads the first page and keeps the cursor to the next, if there is one.
func (w *World) page(ctx context.Context, op models.Page) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	if !ok {
		return unbound()
	}
	r, next, err := w.onePage(ctx, authorization, cursor{limit: op.Limit}, 1)
	if next != "" {
		w.cursors[op.Name] = cursor{next, op.Limit}
	}
	return r, err
}

// follow reads the page that a cursor leads to, whoever received it.
func (w *World) follow(ctx context.Context, op models.Follow) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	at, known := w.cursors[op.Cursor]
	if !ok || !known {
		return unbound()
	}
	r, _, err := w.onePage(ctx, authorization, at, 2)
	return r, err
}

// onePage reads one page, whose rows get a number, and returns the cursor to the
// next.
func (w *World) onePage(ctx context.Context, authorization string, at cursor, number int) (r models.Response, next string, err error) {
	a, err := w.send(ctx, request{route: listRecordings(), query: listQuery(at.limit, "", at.next), authorization: authorization})
	if err != nil {
		return r, "", err
	}
	p, ok := a.page()
	r = a.Response()
	if !ok {
		return r, "", nil
	}
	r.Listing = w.addPage(nil, p)
	r.Listing.More = p.Next != ""
	for i := range r.Listing.Rows {
		r.Listing.Rows[i].Page = number
	}
	return r, p.Next, nil
}
