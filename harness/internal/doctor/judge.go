package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// judge tells of each kind of operation what became of it, in the order of the
// tour, and then of what is only seen by several of them.
func (e *examination) judge(w *walked) {
	caps := e.Launcher.Capabilities()
	first := len(e.report.Findings)
	for _, kind := range w.kinds() {
		e.judgeKind(kind, w)
	}
	slices.SortStableFunc(e.report.Findings[first:], func(a, b Finding) int { return cmp.Compare(a.step, b.step) })
	e.judgeTitle(w)
	e.judgeGrain(w)
	e.judgeMedia(w)
	e.judgeRecordings(w)
	e.judgeRange(w)
	e.judgePages(w)
	e.judgeLag(w)
	e.judgePolicy(w)
	e.judgeStrangers(w)
	for _, kind := range models.Kinds() {
		if !caps.Supports(kind) {
			e.add(Finding{Check: string(kind), Status: Missing})
		} else if unsent := caps.Unsent[kind]; len(unsent) > 0 {
			e.add(Finding{Check: string(kind), Status: Missing, Detail: strings.Join(unsent, " and ") + ": not sent, and so not asked"})
		}
	}
}

// kinds are those of the tour, in its order.
func (w *walked) kinds() []models.Kind {
	var out []models.Kind
	for i := range w.steps {
		if k := w.steps[i].op.Kind(); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
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

// judgeKind tells what became of the operations of a kind that a correct service
// accepts. What it must refuse is judged elsewhere, as is what shows whether the
// service does what its configuration says.
func (e *examination) judgeKind(kind models.Kind, w *walked) {
	var worked *step
	all := w.of(kind)
	defer func(n int) { e.report.Findings[n].step = all[0].number }(len(e.report.Findings))
	for _, s := range all {
		if s.tests != "" || s.expected.Outcome.Refused() || s.expected.Outcome == models.Unbound || s.unsent() {
			continue
		}
		if problem := s.problem(); problem != "" {
			all = []*step{s}
			e.wrong(string(kind), fmt.Sprintf("%s: %s", s.op, problem), e.blameFor(s)...)
			return
		}
		if where := e.judgeEncounter(w, s); len(where) > 0 {
			all = []*step{s}
			e.wrong(string(kind), fmt.Sprintf("%s: expected a consultation that is %s, got %s", s.op, state(s.expected.Encounter), state(s.got.Encounter)), where...)
			return
		}
		if worked == nil && s.got.Outcome == models.OK {
			worked = s
		}
	}
	e.registered = e.registered || models.DefinedBy(kind) == models.APatient && worked != nil
	if worked == nil {
		e.add(Finding{Check: string(kind), Status: Untried, Detail: "what it needs is missing or went wrong"})
		return
	}
	e.works(string(kind), fmt.Sprintf("%s: %s (%s)", worked.op, worked.got, worked.took.Round(time.Millisecond)))
}

// unsent reports whether nothing was sent because something before went wrong, or
// because the target has no way to ask.
func (s *step) unsent() bool { return s.got.Outcome == models.Unbound && s.got.Detail == "" }

// silent reports whether replays are switched off and a listing says so by having
// no rows, which is as good as an answer that they are unavailable (KILL-1).
func (s *step) silent() bool {
	return s.expected.Outcome == models.Unavailable && s.got.Outcome == models.OK &&
		s.got.Listing != nil && len(s.got.Listing.Rows) == 0 && s.got.Content == nil
}

// problem says what is not as expected of an operation that should succeed, or
// nothing.
func (s *step) problem() string {
	if s.silent() {
		return ""
	}
	if s.got.Outcome != s.expected.Outcome {
		text := fmt.Sprintf("expected %s, got %s", s.expected.Outcome, s.got.Outcome)
		if s.got.Status != 0 {
			text += fmt.Sprintf(" (%d)", s.got.Status)
		}
		if s.got.Detail != "" && len(s.trouble) == 0 {
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
		{models.ShowsContent, s.got.Content != nil || models.RowsOf(s.op.Kind()) == models.ExportRows, "media"},
		{models.ShowsAudit, s.got.Audit != nil, "an audit trail"},
	} {
		if models.Shows(s.op.Kind()).Has(part.shows) && !part.there {
			return "expected " + part.name + ", got none"
		}
	}
	return ""
}

// judgeEncounter are the places to blame where the service says another state or
// mode of a consultation than it should be in. Where the word that was expected
// has been read before, its reading is right and the operation is wrong.
func (e *examination) judgeEncounter(w *walked, s *step) []Place {
	got, want := s.got.Encounter, s.expected.Encounter
	if got == nil || want == nil || w.estranged() != s {
		return nil
	}
	operation := e.place("operations."+string(s.op.Kind()), "it is answered, and does not do what it should")
	read := func(same func(got, want *models.Encounter) bool) bool {
		return slices.ContainsFunc(w.steps, func(o step) bool {
			return o.got.Encounter != nil && o.expected.Encounter != nil && same(o.got.Encounter, o.expected.Encounter)
		})
	}
	var reading Place
	var known bool
	switch {
	case got.Status != "" && want.Status != "" && got.Status != want.Status:
		reading = e.place("encounter.status", fmt.Sprintf("it reads %s", got.Status))
		known = read(func(g, x *models.Encounter) bool { return g.Status == want.Status && x.Status == want.Status })
	case got.Mode != "" && want.Mode != "" && got.Mode != want.Mode:
		reading = e.place("encounter.mode", fmt.Sprintf("it reads %s", got.Mode))
		known = read(func(g, x *models.Encounter) bool { return g.Mode == want.Mode && x.Mode == want.Mode })
	default:
		return nil
	}
	if known {
		return []Place{operation, reading}
	}
	return []Place{reading, operation}
}

// estranged is the first step after which the service says another state or mode
// of a consultation than it should be in, or nil. What it says later follows from
// that.
func (w *walked) estranged() *step {
	for i := range w.steps {
		s := &w.steps[i]
		got, want := s.got.Encounter, s.expected.Encounter
		if s.got.Outcome != models.OK || s.expected.Outcome != models.OK || got == nil || want == nil {
			continue
		}
		if got.Status != "" && want.Status != "" && got.Status != want.Status || got.Mode != "" && want.Mode != "" && got.Mode != want.Mode {
			return s
		}
	}
	return nil
}

// state is what a consultation is in, in words.
func state(e *models.Encounter) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", e.Status, e.Mode))
}

// blameFor are the places that the target names, else the operation's own.
func (e *examination) blameFor(s *step) []Place {
	var out []Place
	for _, t := range s.trouble {
		if t.Key != "" && !slices.ContainsFunc(out, func(p Place) bool { return p.Key == t.Key }) {
			out = append(out, e.place(t.Key, t.Text))
		}
	}
	if len(out) == 0 {
		out = append(out, e.place("operations."+string(s.op.Kind()), ""))
	}
	return out
}
