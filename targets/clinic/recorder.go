package clinic

import (
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A Recorder captures the media of consultations that are going on.
type Recorder interface {
	// Capture appends media to the current segment of the consultation, beginning it when it has none yet, and notes that
	// in the consultation. It keeps nothing of what is not to be recorded, and changes nothing that tx does not roll back.
	Capture(tx *store.Tx, c *care.Consultation, media []byte) error
}

// recorder keeps nothing between two calls: where media goes follows from the consultation and its segments.
type recorder struct {
	newID func() (string, error)
	rules *care.Rules
}

func (r *recorder) Capture(tx *store.Tx, c *care.Consultation, media []byte) error {
	if !c.Keeps(r.rules) {
		return nil
	}
	segment, err := r.segment(tx, c)
	if err != nil {
		return err
	}
	return tx.Append(segment.ID, segment.Size, media)
}

// segment returns the segment to which media goes now, and begins it if there is none, or none to which it may go.
func (r *recorder) segment(tx *store.Tx, c *care.Consultation) (care.Segment, error) {
	if c.NoteMedia() {
		return r.begin(tx, c)
	}
	segment, err := r.current(tx, c)
	full := r.rules.Cut == care.CutByLength && segment.Size >= care.MaxLength
	if full || errors.Is(err, care.ErrNotFound) {
		c.Segments++
		return r.begin(tx, c)
	}
	return segment, err
}

// current returns the segment of a stretch that has media; [care.ErrNotFound] if the speaker has none, or it was deleted.
func (r *recorder) current(tx *store.Tx, c *care.Consultation) (care.Segment, error) {
	if r.rules.Cut == care.CutBySpeaker {
		return tx.SegmentOf(c.Encounter, c.Stretch, c.Speaker)
	}
	return tx.Segment(c.Encounter, c.Segments)
}

// begin begins the segment with the number Segments.
func (r *recorder) begin(tx *store.Tx, c *care.Consultation) (care.Segment, error) {
	id, err := r.newID()
	if err != nil {
		return care.Segment{}, err
	}
	begun := care.Segment{ID: id, Stretch: c.Stretch, Number: c.Segments, Mode: c.Mode}
	if r.rules.Cut == care.CutBySpeaker {
		begun.Speaker = c.Speaker
	}
	return begun, tx.OpenSegment(c.Encounter, begun)
}
