package history

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
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
	// Done says that the trace was performed to its end.
	Done bool
	// TakenBack is the step at which a violation was explained by operations without
	// which it showed as well, so that nobody was blamed for it; 0 for none.
	TakenBack int
}

// logLine is any line of a log.
type logLine struct {
	World   models.Namespace `json:"world"`
	Purpose Purpose          `json:"purpose"`
	Number  int              `json:"trace"`
	Policy  models.Policy    `json:"policy"`
	Started time.Time        `json:"started"`
	Begin   string           `json:"begin"`
	Done    bool             `json:"done"`
	Taken   int              `json:"takenBack"`
	eventJSON
}

// ReadLog reads the histories of a [Log], in the order in which they began, to
// be judged again by package judge. The last line of a log may be cut off, as a kill
// leaves it; that line is passed over. The error for any other names the line.
func ReadLog(r io.Reader) ([]*Logged, error) {
	var out []*Logged
	_, err := readLines(r, func(l *Logged) { out = append(out, l) }, func(*Logged) error { return nil })
	return out, err
}

// EachHistory reads a [Log] as [ReadLog] does and gives each history to f as
// soon as it is whole, so that no more of them are held than ran at once. Those
// that never came to their end follow behind the others, in the order in which
// they began. It ends with the first error of f.
func EachHistory(r io.Reader, f func(*Logged) error) error {
	begun := 0
	order := make(map[*Logged]int)
	open, err := readLines(r, func(l *Logged) { order[l], begun = begun, begun+1 }, func(l *Logged) error {
		delete(order, l)
		return f(l)
	})
	if err != nil {
		return err
	}
	left := slices.SortedFunc(maps.Values(open), func(a, b *Logged) int { return order[a] - order[b] })
	for _, l := range left {
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}

// readLines reads the lines of a log. It tells of each history that begins and
// of each that ends, and returns those that did not end, by world.
func readLines(r io.Reader, begun func(*Logged), ended func(*Logged) error) (map[models.Namespace]*Logged, error) {
	open := make(map[models.Namespace]*Logged)
	lines := bufio.NewReaderSize(r, 64<<10)
	for number := 1; ; number++ {
		text, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return open, nil
		}
		if err != nil {
			return open, fmt.Errorf("read history: %w", err)
		}
		var line logLine
		if err := json.Unmarshal(text, &line); err != nil {
			return open, fmt.Errorf("history line %d: expected a JSON object: %w", number, err)
		}
		if line.Purpose != "" {
			l := &Logged{History: History{World: line.World, Policy: line.Policy, Started: line.Started}, Purpose: line.Purpose, Number: line.Number}
			open[line.World] = l
			begun(l)
			continue
		}
		l := open[line.World]
		if l == nil {
			return open, fmt.Errorf("history line %d: world %q has not begun", number, line.World)
		}
		if line.Done {
			l.Done, l.TakenBack = true, line.Taken
			delete(open, line.World)
			err = ended(l)
		} else if err = l.read(line); err != nil {
			err = fmt.Errorf("history line %d: %w", number, err)
		}
		if err != nil {
			return open, err
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
		Waited: time.Duration(line.WaitedUS) * time.Microsecond,
	})
	return nil
}

// WithBegun is the history with the operation that had begun when the run was
// killed, if any: nobody knows what it was answered.
func (l *Logged) WithBegun() *History {
	if l.Begun == nil {
		return &l.History
	}
	h := l.History
	e := Event{Call: models.Call{Step: len(h.Events) + 1, Op: l.Begun}, Response: models.Response{Outcome: models.Unknown}}
	if n := len(h.Events); n > 0 {
		e.At = h.Events[n-1].At + h.Events[n-1].Took
	}
	h.Events = append(slices.Clip(h.Events), e)
	return &h
}
