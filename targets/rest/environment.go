package rest

import (
	"context"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
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

// restart restarts the service. That it cannot be is no answer of the service's
// but the harness's failure.
func (w *World) restart(ctx context.Context) (models.Response, error) {
	if err := w.target.Restart(ctx, w.target.Ping); err != nil {
		return models.Response{}, fmt.Errorf("restart %s: %w", w.target.name, err)
	}
	return models.Response{Outcome: models.OK}, nil
}
