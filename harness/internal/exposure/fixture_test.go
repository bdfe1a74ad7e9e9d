package exposure_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// begun is when the first trace of every test began.
var begun = time.Date(2020, time.June, 9, 15, 4, 5, 0, time.UTC)

// two is a trace in which bob is recorded, and what alice does then is added.
const two = `alice = patient()
bob = patient()
dr1 = clinician()
b1 = bob.book(dr1, video)
bob.join(b1)
bob.speak(b1)
bob.leave(b1)
`

// ran is the history of a trace on a service with a change: in the nth minute, an
// operation each second, each with a request.
func ran(t *testing.T, n int, text string, tamper func(models.Call, *models.Response)) *history.History {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	h, err := judge.Run(context.Background(), samples.Service{Tamper: tamper}, models.Namespace(fmt.Sprintf("w%d", n)), trace, nil)
	require.NoError(t, err)
	h.Started = begun.Add(time.Duration(n) * time.Minute)
	for i := range h.Events {
		h.Events[i].At, h.Events[i].Took = time.Duration(i)*time.Second, time.Millisecond
		h.Events[i].Response.Requests = 1
		h.Events[i].Response.Exchanges = []models.Exchange{{ID: fmt.Sprintf("w%d-%d-1", n, i+1),
			Traceparent: fmt.Sprintf("00-%031d%d-%016d-01", n, 1, i+1), Method: "GET", Path: "/x", Status: 200}}
	}
	return h
}

// add takes a history into a register as the trace with its number.
func add(r *exposure.Register, h *history.History, purpose history.Purpose, number int) {
	v := judge.CheckAllExposures(h)
	r.Add(h, &v, purpose, number)
}

// to has the answers to a step changed.
func to(step int, change func(*models.Response)) func(models.Call, *models.Response) {
	return func(c models.Call, r *models.Response) {
		if c.Step == step {
			change(r)
		}
	}
}

// row is a row of a listing with the tag of a booking.
func row(recording models.Handle, world models.Namespace, booking models.Handle) models.Row {
	return models.Row{Recording: recording, Tag: models.Tag{World: world, Booking: booking}, Page: 1}
}

// listing answers with rows.
func listing(rows ...models.Row) func(*models.Response) {
	return func(r *models.Response) {
		*r = models.Response{Outcome: models.OK, Listing: &models.Listing{Rows: rows, Pages: 1}}
	}
}

// media answers with a number of bytes of the booking's first cells.
func media(world models.Namespace, booking models.Handle, length, total int64) func(*models.Response) {
	return func(r *models.Response) {
		*r = models.Response{Outcome: models.OK, Content: &models.Content{Length: length, Total: total,
			Pieces: []models.Piece{{Tag: models.Tag{World: world, Booking: booking, Moment: 6}, To: int(length)}}}}
	}
}

func lost(r *models.Response) { *r = models.Response{Outcome: models.Unknown} }

// facts are those of every run of the tests.
var facts = exposure.Facts{Target: "clinic --fault a_b", Seed: 7, Started: begun, Ended: begun.Add(time.Hour), Traces: 3, Operations: 30, Requests: 40,
	Complete: true, Story: "alice was presented with bob's recording b1.r1 in a listing."}
