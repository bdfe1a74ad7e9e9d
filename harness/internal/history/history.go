package history

import (
	"fmt"
	"strconv"
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
	// Earlier are the answers before it, where the operation was performed again
	// until the lag of the service was over.
	Earlier []models.Response
	At      time.Duration // since History.Started
	Took    time.Duration
	// Waited is for how long the lag that the service declares was waited out before.
	Waited time.Duration
}

// Requests is the number of requests that the history took.
func (h *History) Requests() int { return h.sum(func(r *models.Response) int { return r.Requests }) }

// Renewed is the number of tokens that had expired and were renewed.
func (h *History) Renewed() int { return h.sum(func(r *models.Response) int { return r.Renewed }) }

// sum adds up what each answer counts, those included that were asked again.
func (h *History) sum(count func(*models.Response) int) int {
	n := 0
	for i := range h.Events {
		n += count(&h.Events[i].Response)
		for j := range h.Events[i].Earlier {
			n += count(&h.Events[i].Earlier[j])
		}
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

// eventJSON is an Event as it is read back: the operation in the trace language,
// times in microseconds.
type eventJSON struct {
	Step     int               `json:"step"`
	Op       string            `json:"op"`
	Response models.Response   `json:"response"`
	Earlier  []models.Response `json:"earlier,omitempty"`
	AtUS     int64             `json:"atMicros"`
	TookUS   int64             `json:"tookMicros"`
	WaitedUS int64             `json:"waitedMicros,omitempty"`
}

// appendJSON appends the members of an eventJSON, without braces.
func (e *Event) appendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `"step":`...), int64(e.Call.Step), 10)
	b = append(append(append(b, `,"op":"`...), e.Call.Op.String()...), `","response":`...)
	b = e.Response.AppendJSON(b)
	for i := range e.Earlier {
		separator := byte(',')
		if i == 0 {
			b, separator = append(b, `,"earlier":`...), '['
		}
		b = e.Earlier[i].AppendJSON(append(b, separator))
	}
	if len(e.Earlier) > 0 {
		b = append(b, ']')
	}
	b = strconv.AppendInt(append(b, `,"atMicros":`...), e.At.Microseconds(), 10)
	b = strconv.AppendInt(append(b, `,"tookMicros":`...), e.Took.Microseconds(), 10)
	if e.Waited > 0 {
		b = strconv.AppendInt(append(b, `,"waitedMicros":`...), e.Waited.Microseconds(), 10)
	}
	return b
}

// String is "step 3: alice.list() -> ok []".
func (e Event) String() string {
	return fmt.Sprintf("step %d: %s -> %s", e.Call.Step, e.Call.Op, e.Response)
}

// Silent reports whether the service answered nothing at all: every operation
// sent timed out or found nobody listening.
func (h *History) Silent() bool {
	sent := 0
	for i := range h.Events {
		switch r := &h.Events[i].Response; {
		case r.Outcome == models.Unbound:
		case r.Outcome != models.Unknown || r.Status != 0:
			return false
		default:
			sent++
		}
	}
	return sent > 0
}
