package faults

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func stuckEgress() Fault {
	return Fault{
		Slug: "stuck-egress",
		Mechanism: "When the last participant leaves after a change of mode, the capture of the last segment is not " +
			"stopped: the next consultation is captured into it as well as into its own.",
		Trigger: "Alice joins, switches, speaks and leaves; Bob joins, speaks and leaves; Alice plays their recording.",
		Class:   []Effect{Viewed, Integrity},
		CWE:     459,
		Rules:   []string{"READ-2", "READ-1"},
		Source:  "suitenumerique/meet, issue 1448",
		Apply: func(c *clinic.Config) {
			c.Consultations = func(parts clinic.Parts, correct clinic.Consultations) clinic.Consultations {
				return &egress{Consultations: correct, parts: parts}
			}
		},
	}
}

type egress struct {
	clinic.Consultations
	parts clinic.Parts

	mu    sync.Mutex
	stuck string // the recording whose capture was not stopped; empty: none
	into  string // the encounter that is captured into it; empty: none yet
}

func (e *egress) Leave(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := e.Consultations.Leave(ctx, who, encounter)
	if err == nil && after.Status == care.Completed {
		e.release(encounter)
		e.stick(after)
	}
	return after, err
}

func (e *egress) End(ctx context.Context, who care.Caller, encounter string) (clinic.Encounter, error) {
	after, err := e.Consultations.End(ctx, who, encounter)
	if err == nil {
		e.release(encounter)
	}
	return after, err
}

func (e *egress) Capture(ctx context.Context, who care.Caller, encounter string, media []byte) (clinic.Encounter, error) {
	after, err := e.Consultations.Capture(ctx, who, encounter, media)
	if err != nil {
		return after, err
	}
	file := e.fileFor(encounter)
	if file == "" {
		return after, nil
	}
	return after, e.parts.Store.Update(ctx, func(tx *store.Tx) error { return appendTo(tx, file, media) })
}

// stick leaves the capture of the last segment running if the mode was changed.
func (e *egress) stick(after clinic.Encounter) {
	if after.Stretch == 1 || len(after.Recordings) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stuck, e.into = after.Recordings[len(after.Recordings)-1].ID, ""
}

// fileFor returns the recording into which an encounter is captured by mistake: the first to be captured is.
func (e *egress) fileFor(encounter string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stuck == "" || e.into != "" && e.into != encounter {
		return ""
	}
	e.into = encounter
	return e.stuck
}

// release stops the capture when the encounter that is captured by mistake ends.
func (e *egress) release(encounter string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.into == encounter {
		e.stuck, e.into = "", ""
	}
}
