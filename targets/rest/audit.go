package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// audit reads the trail of who was shown a patient's recordings.
func (w *World) audit(ctx context.Context, op models.Audit) (models.Response, error) {
	authorization, ok := w.caller(op.User)
	if !ok {
		return unbound()
	}
	a, err := w.send(ctx, request{route: listAuditEvents(), authorization: authorization})
	if err != nil {
		return models.Response{}, err
	}
	events, ok := a.events()
	r := a.Response()
	if !ok {
		return r, nil
	}
	r.Audit = make([]models.Access, len(events))
	for i := range events {
		r.Audit[i] = w.access(&events[i])
	}
	return r, nil
}

// events reads an answer that is an audit trail.
func (a *answer) events() ([]AuditEvent, bool) {
	var trail AuditTrail
	if !a.Decode(&trail) {
		return nil, false
	}
	if trail.Items == nil {
		a.Lacks("items")
		return nil, false
	}
	for i := range trail.Items {
		if !trail.Items[i].Action.Valid() {
			a.Lacks("action")
			return nil, false
		}
	}
	return trail.Items, true
}

// access is an entry of a trail in the terms of the model. A recording that the
// world does not know has no handle.
func (w *World) access(e *AuditEvent) models.Access {
	who := models.Anyone
	if e.Agent != "" {
		who = w.subject(e.Agent)
	}
	return models.Access{Who: who, Whose: w.subject(e.Subject), Recording: w.replays.Handle(e.Recording), Level: levelOf(e.Action)}
}

// levelOf is how far an action exposes a recording.
func levelOf(a AuditAction) models.Level {
	switch a {
	case Played:
		return models.Viewed
	case Previewed:
		return models.Previewed
	}
	return models.Presented
}
