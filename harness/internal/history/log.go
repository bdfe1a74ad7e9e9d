package history

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Log writes histories while they happen, as lines of JSON: a line when a trace
// begins, one before each operation and one after it, so that a hang or a kill
// leaves the trace so far, and a line when the trace was performed to its end.
// Lines of several traces may alternate; each names its world. A nil Log writes
// nothing. It is safe for concurrent use.
type Log struct {
	mu     sync.Mutex
	w      io.Writer
	buffer []byte
	err    error
}

// NewLog returns a log that makes one unbuffered write for each line, or nil where
// w is nil.
func NewLog(w io.Writer) *Log {
	if w == nil {
		return nil
	}
	return &Log{w: w}
}

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
	Exploring   Purpose = "explore"
	Confirming  Purpose = "confirm"
	Reducing    Purpose = "reduce"
	Certifying  Purpose = "certify"
	Comparing   Purpose = "compare" // what one patient observes without the others
	Replaying   Purpose = "replay"
	Documenting Purpose = "record" // for the reports
)

type beginTrace struct {
	World   models.Namespace `json:"world"`
	Purpose Purpose          `json:"purpose"`
	Number  int              `json:"trace"`
	Policy  models.Policy    `json:"policy"`
	Started time.Time        `json:"started"`
}

// Trace says that a trace begins.
func (l *Log) Trace(world models.Namespace, why Purpose, number int, p models.Policy, started time.Time) {
	if l == nil {
		return
	}
	line, err := json.Marshal(beginTrace{world, why, number, p, started})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil && l.err == nil {
		l.err = fmt.Errorf("write history: %w", err)
	}
	l.put(append(line, '\n'))
}

// Begin and End are written by hand, without reflection, for they stand around
// every operation. Names and operations are plain ASCII without quotes.

// Begin says that an operation begins.
func (l *Log) Begin(world models.Namespace, c models.Call) {
	if l == nil {
		return
	}
	l.line(world, func(b []byte) []byte {
		b = strconv.AppendInt(append(b, `"step":`...), int64(c.Step), 10)
		return append(append(append(b, `,"begin":"`...), c.Op.String()...), '"')
	})
}

// End says what an operation was answered.
func (l *Log) End(world models.Namespace, e *Event) {
	if l == nil {
		return
	}
	l.line(world, e.appendJSON)
}

// Done says that a trace was performed to its end and judged, and at which step the
// blame was taken back, 0 for none: see [Logged].
func (l *Log) Done(world models.Namespace, takenBack int) {
	if l == nil {
		return
	}
	l.line(world, func(b []byte) []byte {
		b = append(b, `"done":true`...)
		if takenBack > 0 {
			b = strconv.AppendInt(append(b, `,"takenBack":`...), int64(takenBack), 10)
		}
		return b
	})
}

// line writes a line that names its world, with the members that are appended.
func (l *Log) line(world models.Namespace, members func([]byte) []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := append(l.buffer[:0], `{"world":"`...)
	b = append(append(b, world...), `",`...)
	l.buffer = append(members(b), '}', '\n')
	l.put(l.buffer)
}

// put makes one write. The first error is kept, and nothing is written after it.
func (l *Log) put(line []byte) {
	if l.err != nil {
		return
	}
	if _, err := l.w.Write(line); err != nil {
		l.err = fmt.Errorf("write history: %w", err)
	}
}
