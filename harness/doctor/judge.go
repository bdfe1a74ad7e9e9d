package doctor

import (
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// judge tells of each kind of operation what became of it, and then of what is
// only seen by several of them.
func (e *examination) judge(w *walked) {
	caps := e.Launcher.Capabilities()
	for _, kind := range models.Kinds() {
		if !caps.Supports(kind) {
			e.add(Finding{Check: string(kind), Status: Missing, Detail: "the rules that need it are not applicable"})
			continue
		}
		e.judgeKind(kind, w.of(kind))
	}
	e.judgeTitle(w)
	e.judgeMedia(w)
	e.judgeRange(w)
	e.judgeLag(w)
	e.judgePolicy(w)
	e.judgeStrangers(w)
}

// of are the steps of a kind.
func (w *walked) of(kind models.Kind) []*step {
	var out []*step
	for i := range w.steps {
		if w.steps[i].op.Kind() == kind {
			out = append(out, &w.steps[i])
		}
	}
	return out
}

// judgeKind tells what became of the operations of a kind. That something is
// refused to a stranger, or by the policy, is judged elsewhere.
func (e *examination) judgeKind(kind models.Kind, steps []*step) {
	if len(steps) == 0 {
		e.add(Finding{Check: string(kind), Status: Untried, Detail: "the operations that it needs are missing"})
		return
	}
	for _, s := range steps {
		if s.expected.Outcome.Refused() {
			continue
		}
		if s.got.Outcome == models.Unbound {
			e.add(Finding{Check: string(kind), Status: Untried, Detail: fmt.Sprintf("%s: the service never gave an id for what it names", s.op)})
			return
		}
		if problem := s.problem(); problem != "" {
			e.wrong(string(kind), fmt.Sprintf("%s: %s", s.op, problem), e.blameFor(s)...)
			return
		}
	}
	detail := fmt.Sprintf("%s: %s", steps[0].op, steps[0].got)
	e.works(string(kind), fmt.Sprintf("%s (%s)", detail, steps[0].took.Round(time.Millisecond)))
}

// problem says what is not as expected of an operation that should succeed, or
// nothing.
func (s *step) problem() string {
	if s.got.Outcome != s.expected.Outcome {
		text := fmt.Sprintf("expected %s, got %s", s.expected.Outcome, s.got.Outcome)
		if s.got.Status != 0 {
			text += fmt.Sprintf(" (%d)", s.got.Status)
		}
		if s.got.Detail != "" {
			text += ": " + s.got.Detail
		}
		return text
	}
	if s.expected.Outcome != models.OK {
		return ""
	}
	for _, part := range []struct {
		shows models.Parts
		there bool
		name  string
	}{
		{models.ShowsListing, s.got.Listing != nil, "a listing"},
		{models.ShowsRow, s.got.Row != nil, "a recording's metadata"},
		{models.ShowsContent, s.got.Content != nil, "media"},
		{models.ShowsAudit, s.got.Audit != nil, "an audit trail"},
	} {
		if models.Shows(s.op.Kind()).Has(part.shows) && !part.there {
			return "expected " + part.name + ", got none"
		}
	}
	return ""
}

// blameFor are the places that the target names, else the operation's own.
func (e *examination) blameFor(s *step) []Place {
	var out []Place
	for _, t := range s.trouble {
		if t.Key != "" {
			out = append(out, e.place(t.Key, t.Text))
		}
	}
	if len(out) == 0 {
		out = append(out, e.place("operations."+string(s.op.Kind()), ""))
	}
	return out
}
