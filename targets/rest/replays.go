package rest

import (
	"context"
	"crypto/sha256"
	"fmt"
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
	givenUp   map[models.Handle]bool   // deleted: the service may use their ids again
	phantoms  map[string]models.Handle // rows without tag, by id
	nameless  int                      // phantoms that have no id
	cursors   map[models.Handle]cursor
}

func newReplays(n models.Namespace) replays {
	return replays{namespace: n, ids: make(map[models.Handle]string), handles: make(map[string]models.Handle),
		givenUp:  make(map[models.Handle]bool),
		phantoms: make(map[string]models.Handle), cursors: make(map[models.Handle]cursor)}
}

// id is the id of a recording, or empty where the service never gave one. That
// of a phantom is one that the service never gave.
func (k *replays) id(h models.Handle) string {
	if h.Phantom() {
		return inventedID(k.namespace, h)
	}
	return k.ids[h]
}

// inventedID is shaped like the ids of the service (a UUID of version 4) and is
// always the same for a phantom of a world.
func inventedID(n models.Namespace, h models.Handle) string {
	b := sha256.Sum256([]byte(string(n) + " " + string(h)))
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// name is the handle of a row: the one under which its id is known, else one by
// its tag, else a phantom's. Another world's row has none.
func (k *replays) name(id string, tag models.Tag, segment int) models.Handle {
	if h, ok := k.handles[id]; ok && (tag.World != k.namespace || !k.usedAgain(h, tag.Booking)) {
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
		if !k.usedAgain(h, booking) {
			return h
		}
		delete(k.ids, h) // the id is another recording's now
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

// usedAgain reports whether the id of a recording that was deleted has been given
// to one of another booking.
func (k *replays) usedAgain(h, booking models.Handle) bool {
	return k.givenUp[h] && h.Booking() != booking
}

// giveUp notes that a booking's recording is deleted, or all of them.
func (k *replays) giveUp(deleted models.Handle) {
	for h := range k.ids {
		if h == deleted || h.Booking() == deleted {
			k.givenUp[h] = true
		}
	}
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
	authorization, ok := w.caller(op.User)
	if !ok {
		return unbound()
	}
	var listing *models.Listing
	cacheControl := ""
	for next := ""; ; {
		a, err := w.send(ctx, request{route: listRecordings(), query: listQuery(op.Limit, op.Mode, next), authorization: authorization})
		if err != nil {
			return models.Response{}, err
		}
		if next == "" || keptPrivate(cacheControl) {
			cacheControl = a.cacheControl()
		}
		page, ok := a.page()
		if ok {
			listing = w.addPage(listing, page)
			listing.Truncated = page.Next != "" && (listing.Pages >= maxPages || len(listing.Rows) >= maxRows)
		}
		if !ok || page.Next == "" || listing.Truncated {
			r := a.response()
			r.Listing, r.CacheControl = listing, cacheControl
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
	if !a.decode(&p) {
		return p, false
	}
	if p.Items == nil {
		a.lacks("items")
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
	id := w.replays.id(on.Recording)
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
