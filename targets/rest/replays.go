package rest

import (
	"context"
	"net/url"
	"strconv"

	"github.com/telehealth-conformance/crosstalk/models"
)

// The greatest number of pages, and about that of rows, that are read of one
// listing; and of rows that the document lets a page have.
const (
	maxPages = 50
	maxRows  = 1000
	maxLimit = 100
)

// row is a recording as the service shows it, in the terms of the model.
func (w *World) row(r *Recording, page int) models.Row {
	tag, _ := models.FindTag(r.Title)
	return models.Row{
		ID: r.Id, Recording: w.replays.Name(r.Id, tag, r.Segment), Tag: tag, Subject: w.subject(r.Subject),
		Mode: models.Mode(r.Mode), Segment: r.Segment, Size: r.Size, Page: page,
	}
}

// subject is the handle of somebody by id.
func (w *World) subject(id string) models.Handle {
	if id == "" {
		return models.Nobody
	}
	if h, ok := w.handles[id]; ok {
		return h
	}
	return models.Somebody
}

// list reads every page, up to a bound. Where a page is not shown, the rows
// before it are kept, and the outcome is that page's.
func (w *World) list(ctx context.Context, op models.List) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	if !ok {
		return unbound()
	}
	var listing *models.Listing
	var caching models.Caching
	for next := ""; ; {
		a, err := w.send(ctx, request{route: listRecordings(), query: listQuery(op.Limit, op.Mode, next), authorization: authorization})
		if err != nil {
			return models.Response{}, err
		}
		page, ok := a.page()
		if c := a.Caching(); next == "" || c.LessProtected(a.Status, &caching) {
			caching = c
		}
		if ok {
			listing = w.addPage(listing, page)
			listing.Truncated = page.Next != "" && (listing.Pages >= maxPages || len(listing.Rows) >= maxRows)
		}
		if !ok || page.Next == "" || listing.Truncated {
			r := a.Response()
			r.Listing, r.Caching = listing, caching
			if ok {
				w.replays.Rank(op, listing)
			}
			return r, nil
		}
		next = page.Next
	}
}

// listQuery is the query of a page.
func listQuery(limit int, mode models.Mode, cursor string) string {
	query := ""
	if limit > 0 {
		query = "&limit=" + strconv.Itoa(min(limit, maxLimit))
	}
	if mode != "" {
		query += "&mode=" + string(mode)
	}
	if cursor != "" {
		query += "&cursor=" + url.QueryEscape(cursor)
	}
	if query == "" {
		return ""
	}
	return "?" + query[1:]
}

// page is a page of a listing, with a total where the service tells one.
type page struct {
	RecordingPage
	Total *int `json:"total"`
}

// page reads an answer that is a page of a listing.
func (a *answer) page() (p page, ok bool) {
	if !a.Decode(&p) {
		return p, false
	}
	if p.Items == nil {
		a.Lacks("items")
		return p, false
	}
	return p, true
}

// addPage adds a page to a listing, which is nil before the first. Of several
// totals the greatest counts.
func (w *World) addPage(l *models.Listing, p page) *models.Listing {
	if l == nil {
		l = &models.Listing{Rows: make([]models.Row, 0, len(p.Items))}
	}
	l.Pages++
	if l.Total == nil || p.Total != nil && *p.Total > *l.Total {
		l.Total = p.Total
	}
	for i := range p.Items {
		l.Rows = append(l.Rows, w.row(&p.Items[i], l.Pages))
	}
	return l
}

// onRecording is the request with which somebody acts on a recording. It reports
// whether the service knows both.
func (w *World) onRecording(on models.OnRecording, to func(Id) route) (r request, ok bool) {
	id := w.replays.ID(on.Recording)
	r.authorization, ok = w.caller(on.User)
	if !ok || id == "" {
		return r, false
	}
	r.route, r.ids[0] = to(id), id
	return r, true
}

func (w *World) get(ctx context.Context, op models.Get) (models.Response, error) {
	ask, ok := w.onRecording(op.OnRecording, getRecording)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, ask)
	if err != nil {
		return models.Response{}, err
	}
	var rec Recording
	shown := a.Decode(&rec)
	if shown && rec.Id == "" {
		a.Lacks("id")
		shown = false
	}
	r := a.Response()
	if shown {
		row := w.row(&rec, 0)
		r.Row = &row
	}
	return r, nil
}
