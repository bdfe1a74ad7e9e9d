package coverage

import (
	"cmp"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Cell is a way in which isolation can be asked about: how the viewer's own
// consultations had been switched, how the one recorded had been, and by which
// path the recording was looked for.
type Cell struct {
	Viewer models.SwitchHistory `json:"viewer"`
	Owner  models.SwitchHistory `json:"owner"`
	Path   models.Path          `json:"path"`
}

// CellCount says how often a cell was exercised, and in how many of these its
// owner did see the same recording by the same path: the positive control. A
// service that shows nobody anything has no controls.
type CellCount struct {
	Cell
	Checks   int `json:"checks"`
	Controls int `json:"controls"`
}

// Pair is two kinds of operation in a row.
type Pair struct {
	First, Second models.Kind
}

// Coverage is what histories exercised.
type Coverage struct {
	// Operations counts the operations of each kind, and Accepted those that
	// were answered ok.
	Operations map[models.Kind]int `json:"operations"`
	Accepted   map[models.Kind]int `json:"accepted"`
	// Pairs counts each two operations in a row of one history. It is not
	// written down: judging the history again counts it again.
	Pairs map[Pair]int `json:"-"`
	// Cells are those exercised, in order.
	Cells []CellCount `json:"cells"`
	// ShapeSame counts the traces with the shape of 9 June 2020 (booked audio,
	// switched to video, then listed) in which the same patient listed, and
	// ShapeOther those in which another did.
	ShapeSame  int `json:"shapeSame"`
	ShapeOther int `json:"shapeOther"`
}

// Add adds what other histories exercised.
func (c *Coverage) Add(d Coverage) {
	if c.Operations == nil {
		c.Operations, c.Accepted = make(map[models.Kind]int), make(map[models.Kind]int)
	}
	if c.Pairs == nil {
		c.Pairs = make(map[Pair]int)
	}
	for p, n := range d.Pairs {
		c.Pairs[p] += n
	}
	for k, n := range d.Operations {
		c.Operations[k] += n
	}
	for k, n := range d.Accepted {
		c.Accepted[k] += n
	}
	for _, cell := range d.Cells {
		c.addCell(cell)
	}
	c.ShapeSame += d.ShapeSame
	c.ShapeOther += d.ShapeOther
}

func (c *Coverage) addCell(d CellCount) {
	i, found := slices.BinarySearchFunc(c.Cells, d.Cell, func(a CellCount, b Cell) int { return compareCells(a.Cell, b) })
	if !found {
		c.Cells = slices.Insert(c.Cells, i, CellCount{Cell: d.Cell})
	}
	c.Cells[i].Checks += d.Checks
	c.Cells[i].Controls += d.Controls
}

func compareCells(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Viewer, b.Viewer), cmp.Compare(a.Owner, b.Owner))
}

// Survey gathers the coverage of one history.
type Survey struct {
	kinds, accepted map[models.Kind]int
	pairs           map[Pair]int
	last            models.Kind // the operation before, empty at first
	asked           []asked
	seen            map[sight]bool // what owners were shown
	shapeSame       bool
	shapeOther      bool
	toVideo         []models.Handle // patients whose audio booking was switched to video
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

// Observe takes note of the next operation of the history.
func (s *Survey) Observe(o *models.Observation) {
	kind := o.Call.Op.Kind()
	s.kinds[kind]++
	if s.last != "" {
		s.pairs[Pair{s.last, kind}]++
	}
	s.last = kind
	if o.Got.Outcome == models.OK {
		s.accepted[kind]++
	}
	switch op := o.Call.Op.(type) {
	case models.Switch:
		s.switched(o, op)
	case models.List:
		s.listed(o, op)
	default:
		if on, path, ok := models.ReadOf(op); ok {
			s.read(o, on, path)
		}
	}
}

func (s *Survey) switched(o *models.Observation, op models.Switch) {
	if o.Got.Outcome == models.OK && o.Before.BookedMode(op.Booking) == models.Audio && op.Mode == models.Video {
		s.toVideo = append(s.toVideo, o.Before.Owner(op.Booking))
	}
}

func (s *Survey) listed(o *models.Observation, op models.List) {
	if o.Expected.Outcome != models.OK {
		return
	}
	for _, p := range s.toVideo {
		s.shapeSame = s.shapeSame || p == op.User
		s.shapeOther = s.shapeOther || p != op.User && o.Before.IsPatient(op.User)
	}
	path := models.PathList
	if o.Got.Listing != nil && o.Got.Listing.Pages > 1 {
		path = models.PathPage
	}
	counts := o.Got.Listing != nil && o.Got.Listing.Total != nil
	for _, r := range o.Before.Recordings() {
		if o.Before.Entitled(op.User, r) {
			continue
		}
		s.ask(o, op.User, r, path)
		if counts {
			s.ask(o, op.User, r, models.PathCount)
		}
	}
	if o.Got.Listing == nil {
		return
	}
	for i := range o.Got.Listing.Rows {
		if row := &o.Got.Listing.Rows[i]; o.Before.MaySee(op.User, row.Recording) {
			s.seen[sight{row.Recording, models.PathList}] = true
			s.seen[sight{row.Recording, models.PathPage}] = true
			if counts {
				s.seen[sight{row.Recording, models.PathCount}] = true
			}
		}
	}
}

func (s *Survey) read(o *models.Observation, on models.OnRecording, path models.Path) {
	switch {
	case o.Expected.Outcome == models.Unbound || o.Got.Outcome == models.Unbound || on.Recording.Phantom() || on.User == models.Anyone:
	case !o.Before.Entitled(on.User, on.Recording):
		s.ask(o, on.User, on.Recording, path)
	case o.Got.Outcome == models.OK:
		s.seen[sight{on.Recording, path}] = true
	}
}

func (s *Survey) ask(o *models.Observation, viewer, recording models.Handle, path models.Path) {
	cell := Cell{o.Before.PatientHistory(viewer), o.Before.BookingHistory(recording), path}
	s.asked = append(s.asked, asked{sight{recording, path}, cell})
}

// Coverage is what the history exercised.
func (s *Survey) Coverage() Coverage {
	c := Coverage{Operations: s.kinds, Accepted: s.accepted, Pairs: s.pairs}
	for _, a := range s.asked {
		n := CellCount{Cell: a.cell, Checks: 1}
		if s.seen[a.sight] {
			n.Controls = 1
		}
		c.addCell(n)
	}
	if s.shapeSame {
		c.ShapeSame = 1
	}
	if s.shapeOther {
		c.ShapeOther = 1
	}
	return c
}
