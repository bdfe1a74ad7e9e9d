package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// export reads a patient's recordings with their media, which is put together
// before its tags are read.
func (w *World) export(ctx context.Context, op models.Export) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: exportRecordings(), authorization: authorization})
	if err != nil {
		return models.Response{}, err
	}
	all, ok := a.exported()
	r := a.Response()
	if !ok {
		return r, nil
	}
	r.Listing = &models.Listing{Rows: make([]models.Row, len(all)), Pages: 1}
	var media []byte
	for i := range all {
		r.Listing.Rows[i] = w.row(&all[i].Recording, 1)
		media = append(media, all[i].Content...)
	}
	r.Content = &models.Content{Length: int64(len(media)), Total: int64(len(media))}
	r.Content.Pieces, r.Content.Stray = models.ReadMedia(media)
	return r, nil
}

// exported reads an answer that is an export.
func (a *answer) exported() ([]ExportedRecording, bool) {
	var e Export
	if !a.Decode(&e) {
		return nil, false
	}
	if e.Recordings == nil {
		a.Lacks("recordings")
		return nil, false
	}
	return e.Recordings, true
}

// inbox reads a user's notices, each of which is a row.
func (w *World) inbox(ctx context.Context, op models.Inbox) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: listNotifications(), authorization: authorization})
	if err != nil {
		return models.Response{}, err
	}
	notices, ok := a.notices()
	r := a.Response()
	if !ok {
		return r, nil
	}
	r.Listing = &models.Listing{Rows: make([]models.Row, len(notices)), Pages: 1}
	for i := range notices {
		r.Listing.Rows[i] = w.notice(&notices[i])
	}
	return r, nil
}

// notices reads an answer that is an inbox.
func (a *answer) notices() ([]Notification, bool) {
	var in Inbox
	if !a.Decode(&in) {
		return nil, false
	}
	if in.Items == nil {
		a.Lacks("items")
		return nil, false
	}
	return in.Items, true
}

// notice is the recording that a notice is about. A notice does not say which of
// its consultation's recordings it is, so that nothing is learnt from it: one
// that is not known by its id has no handle.
func (w *World) notice(n *Notification) models.Row {
	tag, _ := models.FindTag(n.Title)
	return models.Row{ID: n.Recording, Recording: w.replays.Handle(n.Recording), Tag: tag, Page: 1}
}
