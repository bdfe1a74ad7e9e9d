package rest

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

func (w *World) head(ctx context.Context, op models.Head) (models.Response, error) {
	ask, ok := w.onRecording(op.OnRecording, headRecordingContent)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, ask)
	if err != nil {
		return models.Response{}, err
	}
	r := a.response()
	if a.outcome == models.OK {
		r.Content = &models.Content{Total: a.length}
	}
	return r, nil
}

func (w *World) play(ctx context.Context, op models.Play) (models.Response, error) {
	ask, ok := w.onRecording(op.OnRecording, getRecordingContent)
	if !ok {
		return unbound()
	}
	if !op.Range.Whole() {
		ask.byteRange = "bytes=" + op.Range.String()
	}
	return w.receiveContent(ctx, ask)
}

// thumb reads what begins the media.
func (w *World) thumb(ctx context.Context, op models.Thumb) (models.Response, error) {
	return w.derived(ctx, op.OnRecording, getRecordingThumbnail)
}

// transcript reads what begins each piece of the media.
func (w *World) transcript(ctx context.Context, op models.Transcript) (models.Response, error) {
	return w.derived(ctx, op.OnRecording, getRecordingTranscript)
}

// derived reads something that the service has made from the media of a
// recording, in which the tags are left.
func (w *World) derived(ctx context.Context, on models.OnRecording, from func(Id) route) (models.Response, error) {
	ask, ok := w.onRecording(on, from)
	if !ok {
		return unbound()
	}
	return w.receiveContent(ctx, ask)
}

// receiveContent performs a request that is answered with media.
func (w *World) receiveContent(ctx context.Context, ask request) (models.Response, error) {
	a, err := w.send(ctx, ask)
	if err != nil {
		return models.Response{}, err
	}
	content := a.content()
	r := a.response()
	r.Content = content
	return r, nil
}

// content is the media in an answer. Of an answer that is a refusal or broke
// off it is what was delivered all the same, or nil.
func (a *answer) content() *models.Content {
	c := &models.Content{Length: int64(len(a.body)), Total: -1}
	c.Pieces, c.Stray = models.ReadMedia(a.body)
	success := a.status >= 200 && a.status < 300
	switch {
	case !success && len(c.Pieces) == 0, a.status == 0:
		return nil
	case !success:
	case a.status == http.StatusPartialContent:
		a.placeRange(c)
	case a.outcome == models.OK:
		c.Total = c.Length
	default:
		c.Total = a.length
	}
	return c
}

// placeRange reads from where the bytes of a partial answer are.
func (a *answer) placeRange(c *models.Content) {
	r, ok := parseContentRange(a.header.Get("Content-Range"))
	if !ok {
		a.doubt("a partial answer without a valid Content-Range")
		return
	}
	c.From, c.Total = r.first, r.total
}

// contentRange is what a Content-Range header says: the offsets of the first
// and the last byte, and the size of the whole or -1.
type contentRange struct {
	first, last, total int64
}

// parseContentRange reads a header like "bytes 0-99/512" or "bytes 0-99/*"
// (RFC 9110 section 14.4).
func parseContentRange(text string) (r contentRange, ok bool) {
	unit, rest, ok1 := strings.Cut(text, " ")
	span, total, ok2 := strings.Cut(rest, "/")
	first, last, ok3 := strings.Cut(span, "-")
	if !ok1 || !ok2 || !ok3 || !strings.EqualFold(unit, "bytes") {
		return r, false
	}
	r.first, ok1 = parseOffset(first)
	r.last, ok2 = parseOffset(last)
	r.total, ok3 = -1, true
	if total != "*" {
		r.total, ok3 = parseOffset(total)
	}
	valid := r.first <= r.last && (r.total < 0 || r.last < r.total)
	return r, ok1 && ok2 && ok3 && valid
}

// parseOffset reads a number that is written with digits alone.
func parseOffset(text string) (int64, bool) {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
