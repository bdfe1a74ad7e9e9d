package exposure

import (
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Evidence says what an exposure is known by, the weakest first. See the
// package's documentation.
type Evidence uint8

// The evidence. From Acknowledged on an exposure is proven.
const (
	NoEvidence   Evidence = iota
	Lost                  // the outcome was unknown
	Token                 // shown to the holder of the owner's revoked token
	Inference             // existence or number, but not whose
	Untagged              // answered, without anything that says whose it is
	Minted                // a playback link that was made
	Acknowledged          // the service said that it did it
	ByID                  // the recording's own id came back
	Tagged                // a tag of the owner's consultation came back
)

// evidenceNames are indexed by Evidence.
var evidenceNames = [...]string{"", "unknown", "token", "inference", "untagged", "link", "acknowledged", "id", "tag"}

// String is the word for it, as the files have it.
func (e Evidence) String() string { return evidenceNames[e] }

// MarshalText returns the word for it.
func (e Evidence) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the word for it.
func (e *Evidence) UnmarshalText(text []byte) error {
	for i, name := range evidenceNames {
		if name == string(text) {
			*e = Evidence(i)
			return nil
		}
	}
	return &models.NameError{What: "evidence", Name: string(text)}
}

// proven reports whether the answer itself shows the exposure.
func (e Evidence) proven() bool { return e >= Acknowledged }

// evidenceOf grades what the answer to a step shows of an exposure.
func evidenceOf(h *history.History, step int, x models.Exposure) Evidence {
	e := &h.Events[step-1]
	best := evidenceIn(h, &e.Response, x, e.Call.Op)
	for i := range e.Earlier {
		best = max(best, evidenceIn(h, &e.Earlier[i], x, e.Call.Op))
	}
	return best
}

func evidenceIn(h *history.History, r *models.Response, x models.Exposure, op models.Operation) Evidence {
	world := x.World
	if world == "" {
		world = h.World
	}
	switch {
	case x.World == "" && x.Viewer == x.Owner:
		return Token
	case x.Level == models.Inferred:
		return Inference
	case tagged(r, world, x.Recording.Booking()):
		return Tagged
	case names(r, x):
		return ByID
	case models.DefinedBy(op.Kind()) == models.ALink:
		return Minted
	case r.Outcome == models.OK && (x.Level == models.Controlled || tellsSize(r, x)):
		return Acknowledged
	}
	return Untagged
}

// tagged reports whether an answer has a tag of a booking.
func tagged(r *models.Response, world models.Namespace, booking models.Handle) bool {
	is := func(t models.Tag) bool { return t.World != "" && t.World == world && t.Booking == booking }
	if r.Row != nil && is(r.Row.Tag) {
		return true
	}
	if r.Listing != nil {
		for i := range r.Listing.Rows {
			if is(r.Listing.Rows[i].Tag) {
				return true
			}
		}
	}
	if r.Content != nil {
		for i := range r.Content.Pieces {
			if is(r.Content.Pieces[i].Tag) {
				return true
			}
		}
	}
	return false
}

// names reports whether an answer has the id of a recording of this world.
func names(r *models.Response, x models.Exposure) bool {
	if x.World != "" || x.Recording == "" {
		return false
	}
	if r.Row != nil && r.Row.Recording == x.Recording {
		return true
	}
	if r.Listing != nil {
		for i := range r.Listing.Rows {
			if r.Listing.Rows[i].Recording == x.Recording {
				return true
			}
		}
	}
	for _, a := range r.Audit {
		if a.Recording == x.Recording {
			return true
		}
	}
	return false
}

// tellsSize reports whether the headers of a recording told how long it is.
func tellsSize(r *models.Response, x models.Exposure) bool {
	return x.Path == models.PathHead && r.Content != nil && r.Content.Total > 0
}
