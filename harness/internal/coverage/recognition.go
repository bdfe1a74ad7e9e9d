package coverage

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Recognition says whether answers that should hold a tag do, or what was known by one
// before: listings and media of what a correct service shows to the caller.
type Recognition struct {
	// Known answers hold one, and Unknown ones hold none.
	Known, Unknown int
	// Sample is what the target says of one of those that hold none: that which comes
	// first in the alphabet, whatever the order of traces.
	Sample string
}

// Doubtful reports whether no answer held a tag, of some that should.
func (r *Recognition) Doubtful() bool { return r.Known == 0 && r.Unknown > 0 }

func (r *Recognition) add(d Recognition) {
	r.Known += d.Known
	r.Unknown += d.Unknown
	r.sampled(d.Sample)
}

func (r *Recognition) sampled(text string) {
	if text != "" && (r.Sample == "" || text < r.Sample) {
		r.Sample = text
	}
}

func (r *Recognition) note(o *models.Observation, known bool) {
	if known {
		r.Known++
		return
	}
	r.Unknown++
	r.sampled(o.Got.Detail)
}

// listed takes note of a listing that has rows, and should.
func (r *Recognition) listed(o *models.Observation) {
	got, want := o.Got.Listing, o.Expected.Listing
	if got == nil || want == nil || len(got.Rows) == 0 || len(want.Rows) == 0 {
		return
	}
	r.note(o, slices.ContainsFunc(got.Rows, func(row models.Row) bool {
		return row.Tag.World != "" || row.Recording != "" && !row.Recording.Phantom()
	}))
}

// played takes note of media that was delivered whole, and should be. A range may be
// too short for a tag.
func (r *Recognition) played(o *models.Observation) {
	got, want := o.Got.Content, o.Expected.Content
	if o.Call.Op.Kind() != models.KindPlay || o.Got.Outcome != models.OK || o.Expected.Outcome != models.OK || got == nil || want == nil {
		return
	}
	if got.Length > 0 && got.Length == got.Total {
		r.note(o, len(got.Pieces) > 0)
	}
}
