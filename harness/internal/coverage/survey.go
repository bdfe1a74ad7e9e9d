package coverage

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Survey gathers the coverage of one history.
type Survey struct {
	kinds, accepted map[models.Kind]int
	pairs           map[Pair]int
	last            models.Kind // the operation before, empty at first
	asked           []asked
	seen            map[sight]bool // what owners were shown
	shapes          []shape
	titles, media   Recognition
}

// sight is a recording shown by a path, and asked a question about it.
type sight struct {
	recording models.Handle
	path      models.Path
}

type asked struct {
	sight
	cell Cell
}

// NewSurvey returns a survey that has seen nothing.
func NewSurvey() *Survey {
	return &Survey{kinds: make(map[models.Kind]int), accepted: make(map[models.Kind]int), pairs: make(map[Pair]int), seen: make(map[sight]bool)}
}

// Observe takes note of the next operation of the history, as it was judged in the
// first of the states before it.
func (s *Survey) Observe(o *models.Observation, before []*models.State) {
	kind := o.Call.Op.Kind()
	s.Performed(kind, o.Got.Outcome)
	s.shape(o)
	if models.RowsOf(kind) == models.ReplayRows {
		s.listed(o, before)
	}
	s.media.played(o)
	if on, path, ok := models.ReadOf(o.Call.Op); ok {
		s.read(o, before, on, path)
	}
}

// Performed takes note of the next operation alone, of which its answer tells
// nothing more.
func (s *Survey) Performed(kind models.Kind, outcome models.Outcome) {
	s.kinds[kind]++
	if s.last != "" {
		s.pairs[Pair{s.last, kind}]++
	}
	s.last = kind
	if outcome == models.OK {
		s.accepted[kind]++
	}
}

func (s *Survey) listed(o *models.Observation, before []*models.State) {
	viewer := o.Call.Op.Actor()
	if o.Expected.Outcome != models.OK {
		return
	}
	s.titles.listed(o)
	path := models.PathList
	if o.Got.Listing != nil && o.Got.Listing.Pages > 1 {
		path = models.PathPage
	}
	counts := o.Got.Listing != nil && o.Got.Listing.Total != nil
	for _, r := range o.Before.Recordings() {
		if entitled(before, viewer, r) {
			continue
		}
		s.ask(o, viewer, r, path)
		if counts {
			s.ask(o, viewer, r, models.PathCount)
		}
	}
	if o.Got.Listing == nil {
		return
	}
	for i := range o.Got.Listing.Rows {
		if row := &o.Got.Listing.Rows[i]; o.Before.MaySee(viewer, row.Recording) {
			s.seen[sight{row.Recording, models.PathList}] = true
			s.seen[sight{row.Recording, models.PathPage}] = true
			if counts {
				s.seen[sight{row.Recording, models.PathCount}] = true
			}
		}
	}
}

func (s *Survey) read(o *models.Observation, before []*models.State, on models.OnRecording, path models.Path) {
	switch {
	case o.Expected.Outcome == models.Unbound || o.Got.Outcome == models.Unbound || on.Recording.Phantom() || on.User == models.Anyone:
	case !entitled(before, on.User, on.Recording):
		s.ask(o, on.User, on.Recording, path)
	case o.Got.Outcome == models.OK:
		s.seen[sight{on.Recording, path}] = true
	}
}

// entitled reports whether somebody may have a right to a recording: whether they
// have it in any state.
func entitled(before []*models.State, viewer, recording models.Handle) bool {
	return slices.ContainsFunc(before, func(s *models.State) bool { return s.Entitled(viewer, recording) })
}

func (s *Survey) ask(o *models.Observation, viewer, recording models.Handle, path models.Path) {
	cell := Cell{o.Before.PatientHistory(viewer), o.Before.BookingHistory(recording), path}
	s.asked = append(s.asked, asked{sight{recording, path}, cell})
}

// Coverage is what the history exercised.
func (s *Survey) Coverage() Coverage {
	c := Coverage{Titles: s.titles, Media: s.media, Operations: s.kinds, Accepted: s.accepted, Pairs: s.pairs}
	for _, a := range s.asked {
		n := CellCount{Cell: a.cell, Checks: 1}
		if s.seen[a.sight] {
			n.Controls = 1
		}
		c.addCell(n)
	}
	for _, v := range s.shapes {
		c.ShapeSame = max(c.ShapeSame, count(v.same))
		c.ShapeOther = max(c.ShapeOther, count(v.other))
		c.Shape = max(c.Shape, count(v.same && v.other))
	}
	return c
}
