package coverage

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// shape is a visit with the shape of 9 June 2020: booked by audio and switched to
// video while it went on.
type shape struct {
	booking     models.Handle
	spoke       bool // after the switch
	same, other bool // its patient, and another, listed once it was completed
}

// shape takes note of what the next operation has of the shape.
func (s *Survey) shape(o *models.Observation) {
	op, accepted := o.Call.Op, o.Got.Outcome == models.OK && o.Expected.Outcome == models.OK
	to, switches := op.(models.Switch)
	switch {
	case !accepted:
	case switches && to.Mode == models.Video && o.Before.BookedMode(to.Booking) == models.Audio:
		if !slices.ContainsFunc(s.shapes, func(v shape) bool { return v.booking == to.Booking }) {
			s.shapes = append(s.shapes, shape{booking: to.Booking})
		}
	case models.Speaks(op.Kind()):
		for i := range s.shapes {
			s.shapes[i].spoke = s.shapes[i].spoke || s.shapes[i].booking == op.Uses()
		}
	case models.RowsOf(op.Kind()) == models.ReplayRows && o.Got.Listing != nil:
		s.shapeListed(o)
	}
}

// shapeListed takes note of who lists once a visit of the shape is completed.
func (s *Survey) shapeListed(o *models.Observation) {
	viewer, recorded := o.Call.Op.Actor(), o.Before.Recordings()
	for i := range s.shapes {
		v := &s.shapes[i]
		if !v.spoke || !slices.ContainsFunc(recorded, func(h models.Handle) bool { return h.Booking() == v.booking }) {
			continue
		}
		v.same = v.same || viewer == o.Before.Owner(v.booking)
		v.other = v.other || viewer != o.Before.Owner(v.booking) && o.Before.IsPatient(viewer)
	}
}

// count is 1 for what is so.
func count(so bool) int {
	if so {
		return 1
	}
	return 0
}
