package process

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// response is an answer in the terms of the model.
func (w *World) response(k models.Kind, m *message, a *answer) models.Response {
	r := models.Response{Outcome: a.Outcome, Status: a.Status, Caching: a.caching(), Detail: oneLine(a.Detail), Requests: a.requests(), Renewed: a.Renewed,
		Listing: w.listing(k, a.Listing), Content: a.content(k)}
	if a.Outcome.Refused() {
		r.Reason = oneLine(withoutID(a.Reason, m))
	}
	if e := a.Encounter; e != nil {
		r.Encounter = &models.Encounter{Status: e.Status, Mode: e.Mode, Segment: e.Segment}
	}
	if a.Row != nil {
		row := w.row(k, a.Row)
		r.Row = &row
	}
	if a.Audit != nil {
		r.Audit = make([]models.Access, len(a.Audit))
		for i := range a.Audit {
			r.Audit[i] = w.access(&a.Audit[i])
		}
	}
	return r
}

// caching is what the answer tells caches. An adapter that tells of no headers at
// all, not even that there are none, leaves nothing to judge.
func (a *answer) caching() models.Caching {
	c := models.Caching{Authentication: a.Authentication, Caches: a.Caches}
	switch {
	case a.CacheControl != nil:
		c.CacheControl = *a.CacheControl
	case a.Authentication == "" && a.Caches == nil && a.Outcome == models.OK && a.Status != 0:
		c.Authentication = models.Untold
	}
	return c
}

// requests is the number of requests that an operation took: one where the
// adapter does not say.
func (a *answer) requests() int {
	switch {
	case a.Requests != nil:
		return *a.Requests
	case a.Outcome == models.Unbound:
		return 0
	}
	return 1
}

// listing is a listing whose rows are named. That a list has more is that the
// adapter did not read it to its end.
func (w *World) listing(k models.Kind, l *listing) *models.Listing {
	if l == nil {
		return nil
	}
	out := &models.Listing{Rows: make([]models.Row, len(l.Rows)), Pages: 1, Total: l.Total, Truncated: l.Truncated, More: l.More}
	whole := models.RowsOf(k) == models.ReplayRows
	if whole {
		out.Truncated, out.More = l.Truncated || l.More, false
	}
	for i := range l.Rows {
		row := w.row(k, &l.Rows[i])
		row.Page = pageOf(k, l.Rows[i].Page)
		if whole {
			out.Pages = max(out.Pages, row.Page)
		}
		out.Rows[i] = row
	}
	return out
}

// pageOf is the page that a row stood on: the second that is read is what a
// cursor leads to, and only of a list are there several.
func pageOf(k models.Kind, said int) int {
	switch {
	case models.PathOf(k) == models.PathPage:
		return 2
	case models.RowsOf(k) == models.ReplayRows:
		return max(said, 1)
	}
	return 1
}

// row is a recording as the service shows it. A notice does not say which of its
// consultation's recordings it is about, so that nothing is learnt from it: one
// that is not known by its id has no handle.
func (w *World) row(k models.Kind, r *row) models.Row {
	tag, _ := models.FindTag(r.Title)
	out := models.Row{ID: r.ID, Tag: tag, Subject: w.whose(r.Subject), Mode: r.Mode, Segment: r.Segment, Size: r.Size}
	if models.RowsOf(k) == models.NoticeRows {
		out.Recording = w.replays.Handle(r.ID)
	} else {
		out.Recording = w.replays.Name(r.ID, tag, r.Segment)
	}
	return out
}

// whose is the patient to whom the service attributes something.
func (w *World) whose(s somebody) models.Handle {
	switch {
	case !s.said:
		return ""
	case s.name == "":
		return models.Nobody
	case w.registered(s.name):
		return s.name
	}
	return models.Somebody
}

func (w *World) registered(h models.Handle) bool {
	_, ok := w.users[h]
	return ok
}

// access is an entry of an audit trail. A recording that the world does not know
// has no handle.
func (w *World) access(a *access) models.Access {
	who := w.whose(a.Who)
	if who == models.Nobody || a.Who.name == models.Anyone {
		who = models.Anyone
	}
	return models.Access{Who: who, Whose: w.whose(a.Whose), Recording: w.replays.Handle(a.Recording), Level: a.Level}
}

// content is the media in an answer. What came with a refusal is kept only where
// there is media in it: else it is the refusal's own text.
func (a *answer) content(k models.Kind) *models.Content {
	if a.Content == nil {
		return nil
	}
	c := &models.Content{From: a.Content.From, Length: int64(len(a.Content.Body)), Total: -1}
	c.Pieces, c.Stray = models.ReadMedia(a.Content.Body)
	if len(c.Pieces) == 0 && !a.delivered() {
		return nil
	}
	switch {
	case a.Content.Total != nil:
		c.Total = *a.Content.Total
	case models.RowsOf(k) == models.ExportRows:
		c.Total = c.Length
	}
	return c
}

// delivered reports whether the service began to give what was asked for.
func (a *answer) delivered() bool {
	return a.Outcome == models.OK || a.Outcome == models.Unknown && a.Status >= 200 && a.Status < 300
}

// learnRecordings takes up the ids of a completed consultation's recordings, in
// the order of their segments.
func (w *World) learnRecordings(op models.Operation, e *encounter) {
	if e == nil || e.Status != models.Completed && e.Status != "" {
		return
	}
	booking := op.Uses()
	if _, ok := w.bookings[booking]; !ok {
		return
	}
	rows := slices.SortedStableFunc(slices.Values(e.Recordings), func(a, b row) int { return a.Segment - b.Segment })
	for i := range rows {
		w.replays.Learn(booking, rows[i].ID, rows[i].Segment)
	}
}
