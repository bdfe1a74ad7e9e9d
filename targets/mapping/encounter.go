package mapping

import (
	"cmp"
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// encounterReader reads what an answer tells about a consultation.
type encounterReader struct{ status, mode, segment, recordings *query }

// readEncounter reads what an answer tells about a consultation, and learns the
// recordings of one that is completed. An answer without a JSON body tells
// nothing.
func (w *World) readEncounter(ctx context.Context, s *bindings, a *reply) *models.Encounter {
	e := w.target.mapping.encounter
	if a.Outcome != models.OK || e.status == nil && e.mode == nil {
		return nil
	}
	body, err := a.body()
	if err != nil {
		if len(a.Body) > 0 {
			w.blameKey(a, "encounter", err.Error())
		}
		return nil
	}
	status, ok1 := w.encounterWord(ctx, a, e.status, "encounter.status", body, statuses)
	mode, ok2 := w.encounterWord(ctx, a, e.mode, "encounter.mode", body, modes)
	out := &models.Encounter{Status: models.EncounterStatus(status), Mode: models.Mode(mode)}
	if e.segment != nil && out.Status == models.InProgress {
		v, err := e.segment.one(ctx, body, a.Status)
		if err != nil {
			w.doubt(a, "encounter.segment", err.Error())
		}
		n, _ := w.whole(a, "encounter.segment", v)
		out.Segment = int(n)
	}
	if !ok1 || !ok2 {
		return nil
	}
	if out.Status == models.Completed {
		w.learnRecordings(ctx, s, a, body)
	}
	return out
}

// encounterWord reads a word of an encounter, and reports whether it is one.
func (w *World) encounterWord(ctx context.Context, a *reply, q *query, key string, body any, words []string) (string, bool) {
	if q == nil {
		return "", true
	}
	v, err := q.one(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, key, err.Error())
		return "", false
	}
	text := w.word(a, key, v, words)
	return text, text == textOf(v)
}

// learnRecordings takes up the ids of a completed consultation's recordings, in
// the order of their segments.
func (w *World) learnRecordings(ctx context.Context, s *bindings, a *reply, body any) {
	q := w.target.mapping.encounter.recordings
	if q == nil {
		return
	}
	found, err := q.all(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, "encounter.recordings", err.Error())
		return
	}
	type learnt struct {
		models.Row
		values map[string]any
	}
	var all []learnt
	for _, in := range found {
		if row, values, ok := w.row(ctx, w.target.mapping.recording, in, a); ok && row.ID != "" {
			all = append(all, learnt{row, values})
		}
	}
	slices.SortStableFunc(all, func(a, b learnt) int { return cmp.Compare(a.Segment, b.Segment) })
	for i := range all {
		h := w.replays.Learn(s.booking.handle, all[i].ID, all[i].Segment)
		t := w.recordingThing(all[i].ID, h)
		for name, v := range all[i].values {
			if v != nil && v != "" && name != "id" {
				t.values[name] = v
			}
		}
	}
}
