package harness

import (
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// sighting is a violation seen while exploring.
type sighting struct {
	judge.Sighting
	worker  *worker
	history *history.History
	verdict judge.Verdict
}

// record adds a trace's verdict to what is known.
func (e *explorer) record(w *worker, index int, h *history.History, v judge.Verdict) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tally.Add(index, h, &v)
	for _, violation := range v.Violations {
		e.note(&sighting{judge.Sighting{Index: index, Violation: violation}, w, h, v})
	}
	if gravest, ok := e.gravest(&v); ok {
		e.sight(&sighting{judge.Sighting{Index: index, Violation: gravest}, w, h, v})
	}
	e.stop()
	e.report(Progress{Phase: history.Exploring})
}

// gravest is the violation that a trace is reduced for, if it has any that is
// not known.
func (e *explorer) gravest(v *judge.Verdict) (models.Violation, bool) {
	if ni, broken := v.ByRule(judge.Noninterference); broken && e.options.Known[judge.Noninterference] == "" {
		return ni, true // it was asked for
	}
	return v.GravestBut(func(rule string) bool { return e.options.Known[rule] != "" })
}

// note keeps the first violation of each rule.
func (e *explorer) note(s *sighting) {
	if known := e.first[s.Violation.Rule]; known == nil || s.Index < known.Index {
		e.first[s.Violation.Rule] = s
	}
}

// sight keeps the violation that is pursued.
func (e *explorer) sight(s *sighting) {
	if e.found != nil && !s.Precedes(&e.found.Sighting, e.options.Strict) {
		return
	}
	e.found = s
}

// stop ends the exploration at a violation that counts, unless the whole budget is to
// be spent, or nothing was recognized yet by which it can be believed.
func (e *explorer) stop() {
	if s := e.found; s != nil && s.Counts(e.options.Strict) && !e.options.Whole && !judge.Held(&e.tally.Coverage) {
		e.limit.Store(int64(s.Index))
	}
}

func (e *explorer) report(p Progress) {
	if e.options.Progress == nil {
		return
	}
	p.Workers, p.Traces, p.Operations, p.Elapsed = e.options.Workers, e.tally.Traces, e.tally.Operations, time.Since(e.started)
	p.Replays, p.SoFar = e.judge.Replays(), e.soFar
	e.options.Progress(p)
}
