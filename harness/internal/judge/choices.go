package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	Axis  string `json:"axis"`  // by its key
	Index int    `json:"trace"` // from 0
	Other int    `json:"other"` // the lower of the two
	// Now is what it chose in the trace, and Then in the other.
	Now  []string `json:"now"`
	Then []string `json:"then"`
}

// String says it in words.
func (c *Conflict) String() string {
	return fmt.Sprintf("The service contradicts itself: %s is %s in trace %d and %s in trace %d.", c.Axis, strings.Join(c.Now, " or "), c.Index,
		strings.Join(c.Then, " or "), c.Other)
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

// Choices are what a service chose about the life of a visit: what it declares, and
// what its answers showed besides.
type Choices struct {
	Declared models.Choices `json:"declared"`
	Observed models.Choices `json:"observed"`
	// Conflict is where the service contradicts itself, if it does.
	Conflict *Conflict `json:"conflict,omitempty"`
}

// Choices are those of a run under a policy.
func (t *Tally) Choices(p *models.Policy) Choices {
	shown, conflict := t.Chosen.Choices()
	return Choices{Declared: p.Choices, Observed: shown.Beside(p.Choices), Conflict: conflict}
}

// Qualify is the verdict on a run in which the service may have contradicted itself,
// or too many traces could not be judged: then it is inconclusive.
func (c *Choices) Qualify(verdict Conclusion, crowded, traces int) Conclusion {
	if verdict == Conformant && (c.Conflict != nil || crowded*100 > traces) {
		return Inconclusive
	}
	return verdict
}
