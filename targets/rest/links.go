package rest

import (
	"context"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// link makes a playback link and keeps its secret.
func (w *World) link(ctx context.Context, op models.Link) (models.Response, error) {
	ask, ok := w.onRecording(op.OnRecording, createRecordingLink)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, ask)
	if err != nil {
		return models.Response{}, err
	}
	if secret, ok := a.secret(); ok {
		w.links[op.Name] = secret
		w.session.KeepSigned(secret)
		alone, _, _ := strings.Cut(secret, "?")
		w.session.Keep(targets.Secret{Value: alone})
	}
	return a.Response(), nil
}

// secret reads an answer that is a link, and returns what in its path makes it
// one.
func (a *answer) secret() (string, bool) {
	var made Link
	if !a.Decode(&made) {
		return "", false
	}
	secret, ok := strings.CutPrefix(made.Path, "/links/")
	if !ok || secret == "" || strings.Contains(secret, "/") {
		a.Lacks("path")
		return "", false
	}
	return secret, true
}

// open plays what a link leads to.
func (w *World) open(ctx context.Context, op models.Open) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	secret := w.links[op.Link]
	if !ok || secret == "" {
		return unbound()
	}
	return w.receiveContent(ctx, request{route: openLink(secret), authorization: authorization, ids: [2]string{secret}})
}
