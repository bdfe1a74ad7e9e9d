package clinic

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// Reading is a way in which recordings are read.
type Reading string

// The ways to read recordings, all of which replays switched off closes.
const (
	Listing    Reading = "listing"
	Metadata   Reading = "metadata"
	Playback   Reading = "playback"
	Thumbnail  Reading = "thumbnail"
	Transcript Reading = "transcript"
	Linking    Reading = "linking" // making a link
	Opening    Reading = "opening" // opening one
	Exporting  Reading = "exporting"
)

// readings says which operations of openapi.yaml read recordings, by their pattern in the service's mux.
var readings = map[string]Reading{
	"GET /recordings":                 Listing,
	"GET /recordings/{id}":            Metadata,
	"GET /recordings/{id}/content":    Playback,
	"HEAD /recordings/{id}/content":   Playback,
	"GET /recordings/{id}/thumbnail":  Thumbnail,
	"GET /recordings/{id}/transcript": Transcript,
	"POST /recordings/{id}/links":     Linking,
	"GET /links/{secret}":             Opening,
	"HEAD /links/{secret}":            Opening,
	"GET /export":                     Exporting,
}

// A Gate is the switch with which the operator takes replays from everybody, when something is wrong with them.
type Gate interface {
	// Admit returns nil while replays are on and [care.ErrUnavailable] while they are off.
	Admit(ctx context.Context, how Reading) error
	// Set switches replays on or off. It stays so when the service is stopped and started again.
	Set(ctx context.Context, on bool) error
}

// replaySwitch is the name of the switch in the store.
const replaySwitch = "replays"

// gate keeps the switch in the store, and in memory, where it is looked at before each reading.
type gate struct {
	Parts
	off atomic.Bool
}

func newGate(ctx context.Context, parts Parts) (*gate, error) {
	g := &gate{Parts: parts}
	on, err := parts.Store.Switch(ctx, replaySwitch, true)
	g.off.Store(!on)
	return g, err
}

func (g *gate) Admit(context.Context, Reading) error {
	if g.off.Load() {
		return care.ErrUnavailable
	}
	return nil
}

func (g *gate) Set(ctx context.Context, on bool) error {
	if err := g.Store.SetSwitch(ctx, replaySwitch, on); err != nil {
		return err
	}
	g.off.Store(!on)
	return nil
}

// guard asks the gate before an operation that reads recordings, so that nothing is looked up while replays are off.
func (s *Service) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if how, reads := readings[r.Pattern]; reads {
			if err := s.gate.Admit(r.Context(), how); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
