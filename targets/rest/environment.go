package rest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// setReplays switches replays off or on, as the operator.
func (w *World) setReplays(ctx context.Context, op models.Replays) (models.Response, error) {
	w.off = w.off || !op.On
	a, err := w.send(ctx, request{route: setReplays(), authorization: w.target.operator, contentType: jsonType,
		body: asJSON(Replays{Enabled: op.On})})
	if err != nil {
		return models.Response{}, err
	}
	var now struct {
		Enabled *bool `json:"enabled"`
	}
	switch {
	case !a.Decode(&now):
	case now.Enabled == nil:
		a.Lacks("enabled")
	case *now.Enabled != op.On:
		a.Doubt("the service says that it has not switched")
	case op.On:
		w.off = false
	}
	return a.Response(), nil
}

// Bounds on the wait for a service that was restarted.
const (
	restartTimeout = 30 * time.Second
	firstPause     = 2 * time.Millisecond
	longestPause   = 100 * time.Millisecond
)

var errNoRestart = errors.New("the target cannot restart its service")

// restart restarts the service. That it cannot be is no answer of the service's
// but the harness's failure.
func (w *World) restart(ctx context.Context) (models.Response, error) {
	if err := w.target.restart(ctx); err != nil {
		return models.Response{}, fmt.Errorf("restart %s: %w", w.target.name, err)
	}
	return models.Response{Outcome: models.OK}, nil
}

// restart has the service restarted, goes where it is now, and waits until it
// answers. Connections are closed first, so that nothing waits for them.
func (t *Target) restart(ctx context.Context) error {
	if t.startAgain == nil {
		return errNoRestart
	}
	if err := t.Close(); err != nil {
		return err
	}
	text, err := t.startAgain(ctx)
	if err != nil {
		return err
	}
	base, err := exchange.ParseBase(text)
	if err != nil {
		return err
	}
	t.base.Store(&base)
	return t.awaitHealth(ctx)
}

// awaitHealth asks the service until it answers that it is up.
func (t *Target) awaitHealth(ctx context.Context) error {
	timed, cancel := context.WithTimeout(ctx, restartTimeout)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := t.Ping(timed)
		if err == nil {
			return nil
		}
		select {
		case <-timed.Done():
			return err
		case <-time.After(pause):
		}
	}
}
