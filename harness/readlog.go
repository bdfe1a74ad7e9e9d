package harness

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Logged is a history read back from a log.
type Logged struct {
	History
	Purpose Purpose
	Number  int
	// Begun is the operation that had begun and not ended when the log did, if
	// any.
	Begun models.Operation
}

// logLine is any line of a log.
type logLine struct {
	World   models.Namespace `json:"world"`
	Purpose Purpose          `json:"purpose"`
	Number  int              `json:"trace"`
	Policy  models.Policy    `json:"policy"`
	Started time.Time        `json:"started"`
	Begin   string           `json:"begin"`
	eventJSON
}

// ReadLog reads the histories of a [Log], in the order in which they began, to
// be judged again with [Check]. The last line of a log may be cut off, as a kill
// leaves it; that line is passed over. The error for any other names the line.
func ReadLog(r io.Reader) ([]*Logged, error) {
	var out []*Logged
	worlds := make(map[models.Namespace]*Logged)
	lines := bufio.NewReader(r)
	for number := 1; ; number++ {
		text, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("read history: %w", err)
		}
		var line logLine
		if err := json.Unmarshal(text, &line); err != nil {
			return out, fmt.Errorf("history line %d: expected a JSON object: %w", number, err)
		}
		if line.Purpose != "" {
			l := &Logged{History: History{World: line.World, Policy: line.Policy, Started: line.Started}, Purpose: line.Purpose, Number: line.Number}
			out, worlds[line.World] = append(out, l), l
			continue
		}
		l := worlds[line.World]
		if l == nil {
			return out, fmt.Errorf("history line %d: world %q has not begun", number, line.World)
		}
		if err := l.read(line); err != nil {
			return out, fmt.Errorf("history line %d: %w", number, err)
		}
	}
}

// read adds a line that begins or ends an operation.
func (l *Logged) read(line logLine) error {
	op, err := models.ParseOperation(line.Begin + line.Op) // one of the two is empty
	if err != nil {
		return err
	}
	if line.Begin != "" {
		l.Begun = op
		return nil
	}
	l.Begun = nil
	l.Events = append(l.Events, Event{
		Call: models.Call{Step: line.Step, Op: op}, Response: line.Response, Earlier: line.Earlier,
		At: time.Duration(line.AtUS) * time.Microsecond, Took: time.Duration(line.TookUS) * time.Microsecond,
	})
	return nil
}
