package harness

import (
	"context"
	"slices"
	"strconv"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
)

// maxBefore is the greatest number of earlier traces of the same service that
// are put in front of a trace to confirm its violation.
const maxBefore = 32

// pursue confirms a violation and reduces it.
func (e *explorer) pursue(ctx context.Context, s *sighting) (reproduced bool, m *reduce.Minimal, err error) {
	defer judge.RecoverAsError(&err)
	t, signature, err := e.confirm(ctx, s)
	if err != nil || len(t.Ops) == 0 {
		return false, nil, err
	}
	m, err = reduce.Reduce(ctx, e.judge, t, signature, e.shrinking)
	return true, m, err
}

func (e *explorer) shrinking(length int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.report(Progress{Phase: history.Reducing, Length: length})
}

// confirm looks for a trace that shows the violation on a fresh service: the
// trace that showed it, else that one behind the traces of those who were
// exposed, else behind what the service had seen before. It returns an empty
// trace where none does, and prefers one that shows the very signature to one
// that breaks the same rule in another way.
func (e *explorer) confirm(ctx context.Context, s *sighting) (models.Trace, models.Signature, error) {
	want := s.Violation.Signature
	var second models.Trace
	var secondSignature models.Signature
	for candidate := range e.candidates(s) {
		got, err := e.judge.Again(ctx, candidate, history.Confirming)
		if err != nil {
			return models.Trace{}, want, err
		}
		if v, ok := got.Verdict.Find(want); ok {
			candidate.Ops = candidate.Ops[:v.Step]
			return candidate, want, nil
		}
		if v, ok := got.Verdict.ByRule(want.Rule); ok && len(second.Ops) == 0 {
			second, secondSignature = candidate, v.Signature
			second.Ops = second.Ops[:v.Step]
		}
	}
	return second, secondSignature, nil
}

// candidates yields the traces by which a violation may be confirmed.
func (e *explorer) candidates(s *sighting) func(func(models.Trace) bool) {
	trace := e.draw(s.Index)
	trace.Ops = trace.Ops[:s.Violation.Step]
	return func(yield func(models.Trace) bool) {
		if !yield(trace.Canonical()) {
			return
		}
		if victims := e.victims(s); len(victims) > 0 && !yield(e.behind(victims, trace)) {
			return
		}
		before := s.worker.ran
		before = before[:slices.Index(before, s.Index)]
		for n := 1; n <= maxBefore && n/2 < len(before); n *= 2 {
			if !yield(e.behind(before[max(len(before)-n, 0):], trace)) {
				return
			}
		}
		for range judge.Attempts {
			if !yield(trace.Canonical()) {
				return
			}
		}
	}
}

// victims are the indexes of the earlier traces whose recordings were exposed,
// in order.
func (e *explorer) victims(s *sighting) []int {
	var out []int
	for _, x := range s.Violation.Exposures {
		if index, ok := s.worker.worlds[x.World]; ok && x.World != "" && index != s.Index {
			out = append(out, index)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxBefore)]
}

// behind puts the traces with the indexes in front of t, each with names of its
// own.
func (e *explorer) behind(indexes []int, t models.Trace) models.Trace {
	parts := make([]models.Trace, 0, len(indexes)+1)
	for _, i := range indexes {
		parts = append(parts, e.draw(i))
	}
	return concat(append(parts, t)...)
}

// concat joins traces so that the names of each stay apart.
func concat(parts ...models.Trace) models.Trace {
	var out models.Trace
	for i, p := range parts {
		prefix := models.Handle("x" + strconv.Itoa(i))
		p = p.Rename(func(h models.Handle) models.Handle { return prefix + h })
		out.Ops = append(out.Ops, p.Ops...)
	}
	return out.Canonical()
}

// name fills in whose recordings of earlier traces were exposed.
func (e *explorer) name(f *sighting, exposures []models.Exposure) []models.Exposure {
	out := slices.Clone(exposures)
	for i := range out {
		index, ok := f.worker.worlds[out[i].World]
		if !ok || out[i].Owner != "" {
			continue
		}
		for _, op := range e.draw(index).Ops {
			if op.Defines() == out[i].Recording.Booking() {
				out[i].Owner = op.Actor()
			}
		}
	}
	return out
}
