package harness

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// History is what happened when a trace was run: one event for each operation
// performed, in order. Events are appended, never edited.
type History struct {
	World   models.Namespace
	Policy  models.Policy
	Started time.Time
	Events  []Event
}

// Event is one operation and its answer.
type Event struct {
	Call     models.Call
	Response models.Response
	At       time.Duration // since History.Started
	Took     time.Duration
}

// Requests is the number of requests that the history took.
func (h *History) Requests() int {
	n := 0
	for i := range h.Events {
		n += h.Events[i].Response.Requests
	}
	return n
}

// Trace is the trace of the operations performed.
func (h *History) Trace() models.Trace {
	var t models.Trace
	for i := range h.Events {
		t.Ops = append(t.Ops, h.Events[i].Call.Op)
	}
	return t
}

// eventJSON is an Event as it is written: the operation in the trace language.
type eventJSON struct {
	Step     int             `json:"step"`
	Op       string          `json:"op"`
	Response models.Response `json:"response"`
	AtUS     int64           `json:"atMicros"`
	TookUS   int64           `json:"tookMicros"`
}

// MarshalJSON writes the operation as its line in a trace, and times in
// microseconds.
func (e Event) MarshalJSON() ([]byte, error) {
	return json.Marshal(eventJSON{e.Call.Step, e.Call.Op.String(), e.Response, e.At.Microseconds(), e.Took.Microseconds()})
}

// Summary is what a comment in the trace says of the event.
func (e Event) Summary() string { return e.Response.String() }

// String is "step 3: alice.list() -> ok []".
func (e Event) String() string {
	return fmt.Sprintf("step %d: %s -> %s", e.Call.Step, e.Call.Op, e.Response)
}
