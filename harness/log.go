package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Log writes histories while they happen, as lines of JSON: a line when a trace
// begins, one before each operation and one after it, so that a hang or a kill
// leaves the trace so far. Lines of several traces may alternate; each names
// its world. A nil Log writes nothing. It is safe for concurrent use.
type Log struct {
	mu  sync.Mutex
	w   io.Writer
	err error
}

// NewLog returns a log that makes one unbuffered write for each line.
func NewLog(w io.Writer) *Log { return &Log{w: w} }

// Err is the first error of writing, if any; nothing was written after it.
func (l *Log) Err() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Purpose says why a trace is run.
type Purpose string

// The purposes.
const (
	Exploring  Purpose = "explore"
	Confirming Purpose = "confirm"
	Reducing   Purpose = "reduce"
	Certifying Purpose = "certify"
	Replaying  Purpose = "replay"
)

type beginTrace struct {
	World   models.Namespace `json:"world"`
	Purpose Purpose          `json:"purpose"`
	Number  int              `json:"trace"`
	Policy  models.Policy    `json:"policy"`
	Started time.Time        `json:"started"`
}

func (l *Log) trace(world models.Namespace, why Purpose, number int, p models.Policy, started time.Time) {
	if l == nil {
		return
	}
	line, err := json.Marshal(beginTrace{world, why, number, p, started})
	l.write(line, err)
}

// begin is written by hand, without reflection: it stands before every
// operation.
func (l *Log) begin(world models.Namespace, c models.Call) {
	if l == nil {
		return
	}
	l.write(fmt.Appendf(nil, `{"world":%q,"step":%d,"begin":%q}`, world, c.Step, c.Op.String()), nil)
}

func (l *Log) end(world models.Namespace, e *Event) {
	if l == nil {
		return
	}
	line, err := json.Marshal(e)
	line = append(fmt.Appendf(nil, `{"world":%q,`, world), line[min(1, len(line)):]...)
	l.write(line, err)
}

func (l *Log) write(line []byte, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	if err == nil {
		_, err = l.w.Write(append(line, '\n'))
	}
	if err != nil {
		l.err = fmt.Errorf("write history: %w", err)
	}
}
