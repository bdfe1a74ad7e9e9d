package scenarios

import (
	"math/bits"
	"slices"

	"pgregory.net/rapid"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Traces returns the generator of the mix's traces for a service with a policy.
// Every trace ends in a closing sweep, written as ordinary operations: who is
// logged out logs in, who is in a consultation leaves it, replays are switched
// on, and then each patient lists, reads their own recordings, and tries to read
// those of others.
func (m Mix) Traces(p models.Policy) *rapid.Generator[models.Trace] {
	kinds := groupKinds()
	return rapid.Custom(func(t *rapid.T) models.Trace {
		d := drawer{t: t, mix: m, grouped: kinds, state: models.NewState(&p)}
		d.body()
		d.aftermath()
		d.sweep()
		return d.trace
	})
}

// Draw returns the trace that belongs to a seed. The same seed gives the same
// trace.
func Draw(g *rapid.Generator[models.Trace], seed int) models.Trace { return g.Example(seed) }

// drawer draws one trace, operation by operation, from the model's state.
type drawer struct {
	t       *rapid.T
	mix     Mix
	grouped groups
	kinds   []Weight
	// themes are those of the kinds that the enabled themes have brought.
	themes []Weight
	trace  models.Trace
	state  *models.State
	bit    *rapid.Generator[bool]
	last   models.Handle // the booking that was acted on last
	made   models.Handle // the link or cursor that was made last, until it is followed
}

// body draws the trace without what comes after its consultations. Operations of
// the themes are on top of its length, so that they take nothing from these.
func (d *drawer) body() {
	d.people()
	d.kinds = d.swarm()
	for n := d.length() - len(d.trace.Ops); n > 0; {
		if !d.operation() {
			break
		}
		if last := d.trace.Ops[len(d.trace.Ops)-1]; !d.mix.onTop(last.Kind()) {
			n--
		}
	}
}

// length draws the length of the trace without its closing sweep.
func (d *drawer) length() int {
	least := min(max(d.mix.MinOps, 1), d.mix.MaxOps)
	return least + d.uniform(d.mix.MaxOps-least+1)
}

// uniform draws a number from 0 to n-1, each as likely as any other. Integers
// that rapid draws by itself favor small values, and [rapid.SampledFrom] early
// elements; single bits do neither.
func (d *drawer) uniform(n int) int {
	if d.bit == nil {
		d.bit = rapid.Bool()
	}
	width := bits.Len(uint(n - 1))
	for {
		v := 0
		for range width {
			v <<= 1
			if d.bit.Draw(d.t, "bit") {
				v |= 1
			}
		}
		if v < n {
			return v
		}
	}
}

// people registers the first patients and clinicians: two patients or more, and
// a clinician or more, as far as the population allows.
func (d *drawer) people() {
	pop := d.mix.Population
	for range min(2, pop.Patients) + d.uniform(max(pop.Patients-1, 1)) {
		d.pick(d.enabled(models.KindPatient), true)
	}
	for range 1 + d.uniform(max(pop.Clinicians, 1)) {
		d.pick(d.enabled(models.KindClinician), true)
	}
}

// aftermath lets the consultations end and draws from the enabled themes what is
// done about recordings then, if there are any; one operation in eight is any
// other.
func (d *drawer) aftermath() {
	body := d.kinds
	defer func() { d.kinds = body }()
	if d.kinds = d.themes; len(d.kinds) == 0 || d.mix.MaxAfter == 0 {
		return
	}
	d.settle(models.KindLeave, func(models.Operation) bool { return true })
	if len(d.state.Recordings()) == 0 {
		return
	}
	for range 1 + d.uniform(d.mix.MaxAfter) {
		d.kinds = d.themes
		if d.uniform(8) == 0 {
			d.kinds = body
		}
		if !d.operation() {
			return
		}
	}
}

// swarm chooses the operations of this trace: all core ones, a random half of
// the others, and those of a few themes.
func (d *drawer) swarm() []Weight {
	kinds := append([]Weight(nil), d.mix.Core...)
	for _, w := range d.mix.Others {
		if d.uniform(2) == 1 {
			kinds = append(kinds, w)
		}
	}
	for _, t := range d.mix.Themes {
		if d.uniform(d.mix.ThemeOdds) == 0 {
			d.themes = append(d.themes, t.Kinds...)
		}
	}
	return append(kinds, d.themes...)
}

// enables reports whether the trace may use operations of a kind.
func (d *drawer) enables(k models.Kind) bool { return has(d.kinds, k) }

// enabled lists the operations of a kind that can be performed, those that will be
// refused as well, but for those that the target cannot send.
func (d *drawer) enabled(k models.Kind) []models.Operation {
	ops := d.state.EnabledOf(k, d.mix.Population)
	if len(d.mix.Caps.Unsent[k]) == 0 {
		return ops
	}
	return slices.DeleteFunc(ops, func(op models.Operation) bool { return d.mix.Caps.NotSent(op) != "" })
}

// operation draws one operation, three times in four one that a correct service
// accepts, and reports whether there was any.
func (d *drawer) operation() bool {
	if d.followUp() {
		return true
	}
	accepted := d.uniform(4) != 0
	return d.operationThatIs(accepted) || d.operationThatIs(!accepted)
}

// followUp lets somebody follow, one time in two, the link or the cursor that was
// made last and that nobody has followed, and reports whether anybody did.
func (d *drawer) followUp() bool {
	if d.made == "" || d.uniform(2) == 0 {
		return false
	}
	var ops []models.Operation
	for _, kind := range d.grouped.follow {
		if !d.enables(kind) {
			continue
		}
		for _, op := range d.enabled(kind) {
			if op.Uses() == d.made {
				ops = append(ops, op)
			}
		}
	}
	d.made = ""
	if len(ops) == 0 {
		return false
	}
	d.perform(d.one(ops))
	return true
}

// operationThatIs draws one operation, of a kind that has any such in this
// state, and reports whether there was one.
func (d *drawer) operationThatIs(accepted bool) bool {
	kinds := append([]Weight(nil), d.kinds...)
	for len(kinds) > 0 {
		i := d.weighted(kinds)
		if d.pick(d.enabled(kinds[i].Kind), accepted) {
			return true
		}
		kinds = append(kinds[:i], kinds[i+1:]...)
	}
	return false
}

func (d *drawer) weighted(kinds []Weight) int {
	sum := 0
	for _, w := range kinds {
		sum += w.Weight
	}
	at := d.uniform(sum)
	for i, w := range kinds {
		if at -= w.Weight; at < 0 {
			return i
		}
	}
	return len(kinds) - 1
}

// pick draws one of the operations, among those that a correct service accepts
// or among those that it refuses, appends it to the trace, and reports whether
// there was one.
func (d *drawer) pick(ops []models.Operation, accepted bool) bool {
	chosen := ops[:0]
	for _, op := range ops {
		if d.state.Accepts(op) == accepted {
			chosen = append(chosen, op)
		}
	}
	if len(chosen) == 0 {
		return false
	}
	d.perform(d.one(d.near(chosen)))
	return true
}

// near keeps, one time in two, only the operations on the booking that was
// acted on last, if there are any: what belongs together is done together, so
// that consultations come to an end within a short trace.
func (d *drawer) near(ops []models.Operation) []models.Operation {
	if d.last == "" || d.uniform(2) == 0 {
		return ops
	}
	var out []models.Operation
	for _, op := range ops {
		if op.Uses().Booking() == d.last {
			out = append(out, op)
		}
	}
	if len(out) == 0 {
		return ops
	}
	return out
}

func (d *drawer) one(ops []models.Operation) models.Operation { return ops[d.uniform(len(ops))] }

func (d *drawer) perform(op models.Operation) {
	c := models.Call{Step: len(d.trace.Ops) + 1, Op: op}
	d.state = d.state.Step(c, d.state.Expect(c))
	d.trace.Ops = append(d.trace.Ops, op)
	if what := models.DefinedBy(op.Kind()); what == models.ALink || what == models.ACursor {
		d.made = op.Defines()
	}
	for _, h := range [...]models.Handle{op.Defines(), op.Uses().Booking()} {
		if d.state.Owner(h) != "" {
			d.last = h
		}
	}
}
