package scenarios

import "github.com/telehealth-conformance/crosstalk/models"

// maxSweep is the number of recordings that each patient plays in the closing
// sweep, of his own and of others' each.
const maxSweep = 4

// sweep appends the closing sweep to the trace.
func (d *drawer) sweep() {
	d.settle(models.KindLogin, func(op models.Operation) bool { return !d.state.IsLoggedIn(op.Actor()) })
	d.settle(models.KindLeave, func(models.Operation) bool { return true })
	all := d.state.Recordings()
	for _, u := range d.state.LoggedIn() {
		if d.state.IsPatient(u) {
			d.lookAround(u, all)
		}
	}
}

// settle performs the operations of a kind that a correct service accepts and
// that are wanted, until there are none.
func (d *drawer) settle(kind models.Kind, wanted func(models.Operation) bool) {
	if !d.mix.has(kind) {
		return
	}
	for _, op := range d.state.EnabledOf(kind, d.mix.Population) {
		if wanted(op) && d.state.Accepts(op) {
			d.perform(op)
		}
	}
}

// lookAround lets a patient list, with pages of a drawn size, and play.
func (d *drawer) lookAround(u models.Handle, all []models.Handle) {
	if d.mix.has(models.KindList) {
		d.perform(models.List{ByUser: models.ByUser{User: u}, Limit: d.uniform(3)})
	}
	if !d.mix.has(models.KindPlay) {
		return
	}
	var own, others int
	for _, r := range all {
		n := &others
		if d.state.MaySee(u, r) {
			n = &own
		}
		if *n++; *n <= maxSweep {
			d.perform(models.Play{OnRecording: models.OnRecording{User: u, Recording: r}})
		}
	}
}
