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

// replays are the recordings whose ids a world knows.
type replays struct {
	namespace models.Namespace
	ids       map[models.Handle]string
	handles   map[string]models.Handle
	phantoms  map[string]models.Handle // rows without tag, by id
	nameless  int                      // phantoms that have no id
}

func newReplays(n models.Namespace) replays {
	return replays{namespace: n, ids: make(map[models.Handle]string),
		handles: make(map[string]models.Handle), phantoms: make(map[string]models.Handle)}
}

// name is the handle of a row: the one under which its id is known, else one by
// its tag, else a phantom's. Another world's row has none.
func (k *replays) name(id string, tag models.Tag, segment int) models.Handle {
	if h, ok := k.handles[id]; ok {
		return h
	}
	switch tag.World {
	case k.namespace:
		return k.learn(tag.Booking, id, segment)
	case "":
		return k.phantom(id)
	}
	return ""
}

// learn gives an id that is not known yet the handle of a booking's recording:
// that of its segment, or if that is taken or not told, the next free one.
func (k *replays) learn(booking models.Handle, id string, segment int) models.Handle {
	if h, ok := k.handles[id]; ok {
		return h
	}
	h := models.RecordingHandle(booking, segment)
	if _, taken := k.ids[h]; taken || segment < 1 {
		h = k.free(booking)
	}
	if id != "" {
		k.ids[h], k.handles[id] = id, h
	}
	return h
}

func (k *replays) free(booking models.Handle) models.Handle {
	for n := 1; ; n++ {
		h := models.RecordingHandle(booking, n)
		if _, taken := k.ids[h]; !taken {
			return h
		}
	}
}

func (k *replays) phantom(id string) models.Handle {
	h, known := k.phantoms[id]
	if known {
		return h
	}
	h = models.PhantomHandle(len(k.phantoms) + k.nameless + 1)
	if id == "" {
		k.nameless++
	} else {
		k.phantoms[id] = h
	}
	return h
}

// row is a recording as the service shows it, in the terms of the model.
func (w *World) row(r *Recording, page int) models.Row {
	tag, _ := models.FindTag(r.Title)
	return models.Row{
		ID: r.Id, Recording: w.replays.name(r.Id, tag, r.Segment), Tag: tag, Subject: w.subject(r.Subject),
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
	u := w.users[op.User]
	if u == nil {
		return unbound()
	}
	var listing *models.Listing
	for cursor := ""; ; {
		a, err := w.send(ctx, request{route: listRecordings(), query: listQuery(op.Limit, cursor), authorization: u.authorization})
		if err != nil {
			return models.Response{}, err
		}
		page, ok := a.page()
		if ok {
			listing = w.addPage(listing, page)
			listing.Truncated = page.Next != "" && (listing.Pages >= maxPages || len(listing.Rows) >= maxRows)
		}
		if !ok || page.Next == "" || listing.Truncated {
			r := a.response()
			r.Listing = listing
			return r, nil
		}
		cursor = page.Next
	}
}

// listQuery is the query of a page.
func listQuery(limit int, cursor string) string {
	query := ""
	if limit > 0 {
		query = "?limit=" + strconv.Itoa(min(limit, maxLimit))
	}
	if cursor == "" {
		return query
	}
	if query == "" {
		return "?cursor=" + url.QueryEscape(cursor)
	}
	return query + "&cursor=" + url.QueryEscape(cursor)
}

// page reads an answer that is a page of a listing.
func (a *answer) page() (p RecordingPage, ok bool) {
	if !a.decode(&p) {
		return p, false
	}
	if p.Items == nil {
		a.lacks("items")
		return p, false
	}
	return p, true
}

// addPage adds a page to a listing, which is nil before the first.
func (w *World) addPage(l *models.Listing, p RecordingPage) *models.Listing {
	if l == nil {
		l = &models.Listing{Rows: make([]models.Row, 0, len(p.Items))}
	}
	l.Pages++
	for i := range p.Items {
		l.Rows = append(l.Rows, w.row(&p.Items[i], l.Pages))
	}
	return l
}

// onRecording finds who reads what, and reports whether the service knows both.
func (w *World) onRecording(on models.OnRecording) (u *user, id string, ok bool) {
	u, id = w.users[on.User], w.replays.ids[on.Recording]
	return u, id, u != nil && id != ""
}

func (w *World) get(ctx context.Context, op models.Get) (models.Response, error) {
	u, id, ok := w.onRecording(op.OnRecording)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: getRecording(id), authorization: u.authorization})
	if err != nil {
		return models.Response{}, err
	}
	var rec Recording
	shown := a.decode(&rec)
	if shown && rec.Id == "" {
		a.lacks("id")
		shown = false
	}
	r := a.response()
	if shown {
		row := w.row(&rec, 0)
		r.Row = &row
	}
	return r, nil
}
