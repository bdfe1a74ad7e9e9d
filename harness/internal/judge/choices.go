package judge

import (
	"cmp"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Chosen are the choices about the life of a visit that the traces of a run showed.
// Its zero value is that of no trace. What it says does not depend on the order in
// which traces are added.
type Chosen struct {
	first map[models.Choices]int // the first trace, by its index, that showed them
}

// Add adds what a trace showed.
func (c *Chosen) Add(index int, shown models.Choices) {
	if c.first == nil {
		c.first = make(map[models.Choices]int)
	}
	if known, ok := c.first[shown]; !ok || index < known {
		c.first[shown] = index
	}
}

// Merge adds what the traces of another part of the same run showed.
func (c *Chosen) Merge(d *Chosen) {
	for shown, index := range d.first {
		c.Add(index, shown)
	}
}

// Conflict is a service that contradicts itself: of what it chose in a trace nothing
// is left that it may have chosen in those before, and in Other least of all.
type Conflict struct {
	Axis         string // by its key
	Index, Other int    // of traces, Other the lower
	// Now is what it chose in the trace, and Then in the other.
	Now, Then []string
}

// Choices are those that every trace allows, but for an axis of which they allow none
// in common: of that, what the first traces do. The conflict is the first there is, or
// nil.
func (c *Chosen) Choices() (models.Choices, *Conflict) {
	type seen struct {
		index int
		shown models.Choices
	}
	all := make([]seen, 0, len(c.first))
	for shown, index := range c.first {
		all = append(all, seen{index, shown})
	}
	slices.SortFunc(all, func(a, b seen) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.shown.String(), b.shown.String()))
	})
	var out models.Choices
	var conflict *Conflict
	for i, now := range all {
		both, apart := out.Both(now.shown)
		out = both
		if len(apart) == 0 || conflict != nil {
			continue
		}
		conflict = &Conflict{Axis: apart[0], Index: now.index, Now: now.shown.Of(apart[0])}
		for _, then := range all[:i] {
			conflict.Other, conflict.Then = then.index, then.shown.Of(apart[0])
			if _, directly := then.shown.Both(now.shown); slices.Contains(directly, apart[0]) {
				break
			}
		}
	}
	return out, conflict
}
