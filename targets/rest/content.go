package rest

import (
	"context"

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
	r := a.Response()
	if a.Outcome == models.OK {
		r.Content = &models.Content{Total: a.Length}
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
	content := a.Content()
	r := a.Response()
	r.Content = content
	return r, nil
}
