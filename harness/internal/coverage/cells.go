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
	// switched to video while it went on, spoken in, completed, then listed) in which
	// the same patient listed, ShapeOther those in which another did, and Shape those
	// in which both did so for the same visit.
	ShapeSame  int `json:"shapeSame"`
	ShapeOther int `json:"shapeOther"`
	Shape      int `json:"shape"`
	// Titles and Media say whether what is shown could be told apart at all.
	Titles Recognition `json:"-"`
	Media  Recognition `json:"-"`
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
	c.Shape += d.Shape
	c.Titles.add(d.Titles)
	c.Media.add(d.Media)
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
