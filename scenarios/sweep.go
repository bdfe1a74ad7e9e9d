package scenarios

import "github.com/telehealth-conformance/crosstalk/models"

// maxSweep is the number of recordings that each patient reads in the closing
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

// lookAround lets a patient list, with pages of a drawn size, and read
// recordings, his own and others'.
func (d *drawer) lookAround(u models.Handle, all []models.Handle) {
	if d.mix.has(models.KindList) {
		d.perform(models.List{ByUser: models.ByUser{User: u}, Limit: d.uniform(3)})
	}
	var own, others int
	for _, r := range all {
		n, read := &others, d.tryToRead
		if d.state.MaySee(u, r) {
			n, read = &own, d.read
		}
		if *n++; *n <= maxSweep {
			read(models.OnRecording{User: u, Recording: r})
		}
	}
}

// read plays a recording, and one time in two asks for its metadata or its
// headers, too.
func (d *drawer) read(on models.OnRecording) {
	d.performIf(models.Play{OnRecording: on})
	switch d.uniform(4) {
	case 0:
		d.performIf(models.Get{OnRecording: on})
	case 1:
		d.performIf(models.Head{OnRecording: on})
	}
}

// tryToRead asks for another's recording in one way: half of the time it plays
// it, else it asks for the metadata or the headers.
func (d *drawer) tryToRead(on models.OnRecording) {
	switch d.uniform(4) {
	case 0:
		d.performIf(models.Get{OnRecording: on})
	case 1:
		d.performIf(models.Head{OnRecording: on})
	default:
		d.performIf(models.Play{OnRecording: on})
	}
}

// performIf performs an operation that the mix has.
func (d *drawer) performIf(op models.Operation) {
	if d.mix.has(op.Kind()) {
		d.perform(op)
	}
}
