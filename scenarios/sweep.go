package scenarios

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// maxSweep is the number of recordings that each patient reads in the closing
// sweep, of their own and of others' each, and the number of links and cursors
// that are followed.
const maxSweep = 4

// sweep appends the closing sweep to the trace. Where replays are switched off,
// everybody looks around once more before they are switched on.
func (d *drawer) sweep() {
	d.settle(models.KindLogin, func(op models.Operation) bool { return !d.state.IsLoggedIn(op.Actor()) })
	d.settle(models.KindLeave, func(models.Operation) bool { return true })
	if d.state.ReplaysOff() {
		d.everybodyLooks()
		d.perform(models.Replays{On: true})
	}
	d.everybodyLooks()
}

// everybodyLooks lets each patient look around, and then a caller without token.
func (d *drawer) everybodyLooks() {
	all := d.state.Recordings()
	for _, u := range d.state.LoggedIn() {
		if d.state.IsPatient(u) {
			d.lookAround(u, all)
			d.ask(u)
		}
	}
	d.cliniciansList()
	d.tryLinks()
	if len(all) > 0 && d.uniform(2) == 0 {
		d.tryToRead(models.OnRecording{User: models.Anyone, Recording: all[d.uniform(len(all))]})
	}
}

// cliniciansList lets each clinician, one time in two, list with pages of a drawn
// size: those with whom many consultations were held have many.
func (d *drawer) cliniciansList() {
	for _, u := range d.state.LoggedIn() {
		if !d.state.IsPatient(u) && d.mix.has(models.KindList) && d.uniform(2) == 0 {
			d.list(u)
		}
	}
}

// list lets somebody list, with pages of a drawn size where one can be asked for.
func (d *drawer) list(u models.Handle) {
	op := models.List{ByUser: models.ByUser{User: u}, Limit: d.uniform(3)}
	if d.mix.Caps.NotSent(op) != "" {
		op.Limit = 0
	}
	d.perform(op)
}

// settle performs the operations of a kind that a correct service accepts and
// that are wanted, until there are none.
func (d *drawer) settle(kind models.Kind, wanted func(models.Operation) bool) {
	if !d.mix.has(kind) {
		return
	}
	for _, op := range d.enabled(kind) {
		if wanted(op) && d.state.Accepts(op) {
			d.perform(op)
		}
	}
}

// lookAround lets a patient list, with pages of a drawn size, and read
// recordings, their own and others'; and one time in four one that never existed.
func (d *drawer) lookAround(u models.Handle, all []models.Handle) {
	if d.mix.has(models.KindList) {
		d.list(u)
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
	if d.uniform(4) == 0 {
		d.tryToRead(models.OnRecording{User: u, Recording: models.PhantomHandle(1)})
	}
}

// ask lets a patient ask for what the service keeps about them, where the trace
// is about that.
func (d *drawer) ask(u models.Handle) {
	for _, kind := range d.grouped.ask {
		if d.enables(kind) {
			d.perform(models.Simplest(kind, u, ""))
		}
	}
}

// tryLinks lets a drawn caller follow each link and each cursor there is.
func (d *drawer) tryLinks() {
	for _, kind := range d.grouped.follow {
		if !d.enables(kind) {
			continue
		}
		byLink := make(map[models.Handle][]models.Operation)
		var links []models.Handle
		for _, op := range d.enabled(kind) {
			if byLink[op.Uses()] == nil {
				links = append(links, op.Uses())
			}
			byLink[op.Uses()] = append(byLink[op.Uses()], op)
		}
		for _, l := range links[:min(len(links), maxSweep)] {
			d.perform(d.one(byLink[l]))
		}
	}
}

// sweptRange is the range of bytes that is played in the closing sweep.
var sweptRange = models.Range{First: 64, Length: 128}

// read plays a recording, and three times in four asks for its metadata, its
// headers, or a range of it, too; or for what derives from it where the trace is
// about that.
func (d *drawer) read(on models.OnRecording) {
	d.performIf(models.Play{OnRecording: on})
	switch d.uniform(4) {
	case 0:
		d.performIf(models.Get{OnRecording: on})
	case 1:
		d.performIf(models.Head{OnRecording: on})
	case 2:
		d.performIf(models.Play{OnRecording: on, Range: sweptRange})
	}
	d.derive(on)
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
	d.derive(on)
}

// derive asks for something that derives from a recording, where the trace is
// about that.
func (d *drawer) derive(on models.OnRecording) {
	for _, kind := range d.grouped.derive {
		if d.enables(kind) && d.uniform(2) == 0 {
			d.perform(models.Simplest(kind, on.User, on.Recording))
		}
	}
}

// performIf performs an operation that the mix has and the target can send.
func (d *drawer) performIf(op models.Operation) {
	if d.mix.has(op.Kind()) && d.mix.Caps.NotSent(op) == "" {
		d.perform(op)
	}
}
