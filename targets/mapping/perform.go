package mapping

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// perform performs an operation as the file describes it.
func (w *World) perform(ctx context.Context, call models.Call) (models.Response, error) {
	kind := call.Op.Kind()
	if models.CredentialsFor(kind) == models.NoRequest {
		return w.restart(ctx)
	}
	o := w.target.mapping.operations[kind]
	if o == nil {
		return models.Response{}, fmt.Errorf("perform %s: the file maps no operation %q", call.Op, kind)
	}
	s, ok := w.bindings(call, o)
	if !ok || w.target.caps.NotSent(call.Op) != "" {
		return unbound()
	}
	if op, ok := call.Op.(models.Replays); ok {
		w.off = w.off || !op.On
	}
	r, err := w.run(ctx, o, s)
	if err != nil {
		r, err = w.unsent(s, err)
		s.actor.keepsToken(kind, r.Outcome)
		return r, err
	}
	s.actor.keepsToken(kind, r.Outcome)
	if r.Outcome == models.OK {
		w.learn(s, o, &r)
	}
	return r, nil
}

// unbound is the response where nothing can be sent.
func unbound() (models.Response, error) { return models.Response{Outcome: models.Unbound}, nil }

// unsent is the response where a request could not be made: nobody can tell what
// was done where others were sent before it.
func (w *World) unsent(s *bindings, err error) (models.Response, error) {
	missing, isMissing := errors.AsType[noValue](err)
	switch {
	case isMissing:
		w.note(Note{Pos: missing.pos, Key: keyOf(s), Text: "nothing was sent: " + missing.Error()})
	case !errors.Is(err, errLogin):
		return models.Response{}, err
	}
	if isMissing && !s.sent {
		return models.Response{Outcome: models.Unbound, Detail: fmt.Sprintf("%s (%s)", missing.Error(), w.target.mapping.at(missing.pos))}, nil
	}
	return models.Response{Outcome: models.Unknown, Detail: err.Error()}, nil
}

// keyOf is the key of an operation, or empty.
func keyOf(s *bindings) string {
	if s.op == nil {
		return ""
	}
	return "operations." + string(s.op.Kind())
}

// run sends the requests of an operation, one after the other, and reads the
// answer to the last. One that does not succeed ends it.
func (w *World) run(ctx context.Context, o *operation, s *bindings) (models.Response, error) {
	var a *reply
	for i, step := range o.steps {
		skipped, err := step.skipped(s)
		switch {
		case err != nil:
			return models.Response{}, err
		case skipped:
			continue
		case i == len(o.steps)-1 && o.rows != nil:
			return w.readPages(ctx, o, s)
		}
		if a, err = w.ask(ctx, step, s); err != nil {
			return models.Response{}, err
		}
		if a.Outcome != models.OK {
			break
		}
	}
	if a == nil {
		return unbound()
	}
	return w.read(ctx, o, s, a), nil
}

// skipped reports whether the condition of a step says that it is not sent: it
// gives nothing, or false.
func (r *request) skipped(s *bindings) (bool, error) {
	if r.condition == nil {
		return false, nil
	}
	text, err := r.condition.render(s)
	if _, missing := errors.AsType[noValue](err); missing {
		return true, nil
	}
	text = strings.TrimSpace(text)
	return text == "" || text == "false", err
}

// read reads what an answer shows, by what operations of the kind show.
func (w *World) read(ctx context.Context, o *operation, s *bindings, a *reply) models.Response {
	shows := models.Shows(o.kind)
	var row *models.Row
	var encounter *models.Encounter
	var content *models.Content
	if shows.Has(models.ShowsEncounter) {
		encounter = w.readEncounter(ctx, s, a)
	}
	if shows.Has(models.ShowsRow) {
		row = w.readRow(ctx, o, a)
	}
	if shows.Has(models.ShowsContent) {
		content = w.readContent(ctx, o, a)
	}
	r := a.Response()
	r.Encounter, r.Row, r.Content = encounter, row, content
	return r
}
