package rest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestEachOperationOnAnEncounterHasItsRequest(t *testing.T) {
	for _, test := range []struct {
		op                     models.Operation
		request, content, body string
	}{
		{models.Join{OnBooking: onBooking}, "POST /encounters/id-encounter/join", "", ""},
		{models.Drop{OnBooking: onBooking}, "POST /encounters/id-encounter/drop", "", ""},
		{models.Leave{OnBooking: onBooking}, "POST /encounters/id-encounter/leave", "", ""},
		{models.End{OnBooking: onBooking}, "POST /encounters/id-encounter/end", "", ""},
		{models.Switch{OnBooking: onBooking, Mode: models.Video}, "PUT /encounters/id-encounter/mode", "application/json", `{"mode":"video"}`},
		{models.Speak{OnBooking: onBooking}, "POST /encounters/id-encounter/media", "application/octet-stream", string(spoken("b1", 7))},
	} {
		var got told
		w := worldOn(t, records(200, `{"status":"in-progress","mode":"audio","segment":2}`, &got))
		r := apply(t, w, test.op)
		require.Equal(t, models.Response{Outcome: models.OK, Status: 200, Requests: 1,
			Encounter: &models.Encounter{Status: models.InProgress, Mode: models.Audio, Segment: 2}}, r)
		require.Equal(t, test.request, got.method+" "+got.path)
		require.Equal(t, "Bearer alice", got.authorization)
		require.Equal(t, test.content, got.contentType)
		require.Equal(t, test.body, string(got.body))
	}
}

func TestACompletedEncounterTellsItsRecordings(t *testing.T) {
	w := worldOn(t, answers(200, `{"status":"completed","mode":"video","segment":3,
		"recordings":[{"id":"second","segment":2},{"id":"first","segment":1},{"id":"id-b1.r1","segment":3},{"id":""}]}`))
	w.bookings["b2"] = booking{"a2", "e2", "alice"}
	r := apply(t, w, models.End{OnBooking: models.OnBooking{User: "alice", Booking: "b2"}})
	require.Equal(t, &models.Encounter{Status: models.Completed, Mode: models.Video}, r.Encounter)
	for h, id := range map[models.Handle]string{"b1.r1": "id-b1.r1", "b2.r1": "first", "b2.r2": "second"} {
		require.Equal(t, id, w.replays.ID(h))
	}
	require.Equal(t, 3, w.replays.Known())
}

func TestAnEncounterThatGoesOnTellsNoRecordings(t *testing.T) {
	w := worldOn(t, answers(200, `{"status":"in-progress","mode":"video","segment":1,"recordings":[{"id":"early","segment":2}]}`))
	apply(t, w, models.Leave{OnBooking: onBooking})
	require.Equal(t, 1, w.replays.Known())
}
