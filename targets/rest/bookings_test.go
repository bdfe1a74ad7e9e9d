package rest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func appointmentJSON(status string) string {
	return `{"id":"id-a2","encounter":"id-e2","status":"` + status + `"}`
}

func TestBookCarriesTheTagAndLearnsBothIDs(t *testing.T) {
	var got told
	w := worldOn(t, records(201, appointmentJSON("booked"), &got))
	r := apply(t, w, models.Book{Booking: "b2", User: "alice", Clinician: "dr1", Mode: models.Video, Slot: 2})
	require.Equal(t, models.Response{Outcome: models.OK, Status: 201, Requests: 1}, r)
	require.Equal(t, "POST /appointments", got.method+" "+got.path)
	require.Equal(t, "Bearer alice", got.authorization)
	require.JSONEq(t, `{"practitioner":"id-dr1","slot":2,"mode":"video","description":"`+models.Tag{World: "w", Booking: "b2"}.Title()+`"}`, string(got.body))
	require.Equal(t, booking{"id-a2", "id-e2", "alice"}, w.bookings["b2"])
}

func TestCancelSaysWhatTheServiceSays(t *testing.T) {
	for status, want := range map[string]models.EncounterStatus{
		"cancelled": models.Cancelled, "booked": models.Planned, "arrived": models.InProgress, "fulfilled": models.Completed,
	} {
		var got told
		w := worldOn(t, records(200, appointmentJSON(status), &got))
		r := apply(t, w, models.Cancel{OnBooking: onBooking})
		require.Equal(t, &models.Encounter{Status: want}, r.Encounter)
		require.Equal(t, "POST /appointments/id-appointment/cancel", got.method+" "+got.path)
	}
}

func TestIDsAreEscapedInPaths(t *testing.T) {
	var got told
	w := worldOn(t, records(404, "", &got))
	w.bookings["b1"] = booking{"a/../b?c#d e\x00", "e", "alice"}
	require.Equal(t, models.Missing, apply(t, w, models.Cancel{OnBooking: onBooking}).Outcome)
	require.Equal(t, "/appointments/a%2F..%2Fb%3Fc%23d%20e%00/cancel", got.path)
}

func TestAGuestIsBookedByID(t *testing.T) {
	var got told
	w := worldOn(t, records(201, appointmentJSON("booked"), &got))
	w.users["bob"] = &user{id: "id-bob"}
	op := models.Book{Booking: "b2", User: "alice", Clinician: "dr1", Mode: models.Video, With: "bob"}
	require.Equal(t, models.OK, apply(t, w, op).Outcome)
	require.Contains(t, string(got.body), `"guest":"id-bob"`)
	op.With = "carol"
	require.Equal(t, models.Response{Outcome: models.Unbound}, apply(t, w, op))
}

func TestRescheduleSaysWhereTo(t *testing.T) {
	var got told
	w := worldOn(t, records(200, `{"id":"id-a2","encounter":"id-e2","status":"booked","mode":"video"}`, &got))
	r := apply(t, w, models.Reschedule{OnBooking: onBooking, Slot: 3})
	require.Equal(t, &models.Encounter{Status: models.Planned, Mode: models.Video}, r.Encounter)
	require.Equal(t, "POST /appointments/id-appointment/reschedule", got.method+" "+got.path)
	require.JSONEq(t, `{"slot":3}`, string(got.body))
	require.Equal(t, jsonType, got.contentType)
}
