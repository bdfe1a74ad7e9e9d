package clinic

import (
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A Recorder captures the media of consultations that are going on.
type Recorder interface {
	// Capture appends media to the current segment of the consultation, beginning it when it has none yet, and notes that
	// in the consultation. It keeps nothing of what is not to be recorded, and changes nothing that tx does not roll back.
	Capture(tx *store.Tx, c *care.Consultation, media []byte) error
}

// recorder keeps nothing between two calls: where media goes follows from the consultation alone.
type recorder struct {
	newID     func() (string, error)
	capturing care.Capturing
}

func (r *recorder) Capture(tx *store.Tx, c *care.Consultation, media []byte) error {
	if !r.capturing.Keeps(c.Mode) {
		return nil
	}
	segment, err := r.segment(tx, c)
	if err != nil {
		return err
	}
	return tx.Append(segment.ID, segment.Size, media)
}

// segment returns the segment to which media goes now, and begins it if this is its first media.
func (r *recorder) segment(tx *store.Tx, c *care.Consultation) (care.Segment, error) {
	if !c.NoteMedia(r.capturing) {
		return tx.Segment(c.Encounter, c.Segments)
	}
	id, err := r.newID()
	if err != nil {
		return care.Segment{}, err
	}
	begun := care.Segment{ID: id, Stretch: c.Stretch, Number: c.Segments, Mode: c.Mode}
	return begun, tx.OpenSegment(c.Encounter, begun)
}
