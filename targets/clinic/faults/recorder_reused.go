package faults

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func recorderReused() Fault {
	return Fault{
		Slug: "recorder-reused",
		Mechanism: "After a change of mode the media goes to a recorder from a pool that still has the file of the " +
			"consultation finished last, so it is missing here and heard there.",
		Trigger: "Bob speaks and leaves; Alice joins, switches, speaks and leaves; Bob plays their own recording.",
		Class:   []Effect{Viewed, Integrity},
		CWE:     226,
		Rules:   []string{"READ-2", "MODE-2", "LIST-2", "LIST-3", "READ-3"},
		Source:  "stale stills from other people's cameras, Xiaomi with Nest Hub, 2020 (model)",
		Apply: func(c *clinic.Config) {
			c.Recorder = func(_ clinic.Parts, correct clinic.Recorder) clinic.Recorder {
				return &pooledRecorder{Recorder: correct, bound: map[stretch]string{}}
			}
		},
	}
}

// stretch names the time between two changes of mode.
type stretch struct {
	encounter string
	number    int
}

type pooledRecorder struct {
	clinic.Recorder
	mu    sync.Mutex
	bound map[stretch]string // which finished recording each stretch writes to; empty: a new recorder was made
}

func (p *pooledRecorder) Capture(tx *store.Tx, c *care.Consultation, media []byte) error {
	if c.Stretch == 1 {
		return p.Recorder.Capture(tx, c, media)
	}
	file, err := p.take(tx, stretch{c.Encounter, c.Stretch})
	if err != nil {
		return err
	}
	if file == "" {
		return p.Recorder.Capture(tx, c, media)
	}
	return appendTo(tx, file, media)
}

// take returns the recording to which the recorder for a stretch is bound: the one that was finished last when the
// stretch first had media.
func (p *pooledRecorder) take(tx *store.Tx, s stretch) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if file, taken := p.bound[s]; taken {
		return file, nil
	}
	var file string
	err := tx.SQL().QueryRow(`SELECT id FROM recordings ORDER BY seq DESC LIMIT 1`).Scan(&file)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("take a recorder: %w", err)
	}
	p.bound[s] = file
	return file, nil
}
