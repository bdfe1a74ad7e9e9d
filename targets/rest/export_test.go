package rest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestAnExportIsRowsAndAllTheirMedia(t *testing.T) {
	body, err := json.Marshal(Export{Recordings: []ExportedRecording{
		{Recording: shown("id-b1.r1", title("w", "b1"), "id-alice", 1), Content: append(spoken("b1", 3), "noise"...)},
		{Recording: shown("new", title("w", "b2"), "id-alice", 2), Content: spoken("b2", 4)},
	}})
	require.NoError(t, err)
	var got told
	r := apply(t, worldOn(t, records(200, string(body), &got)), models.Export{ByUser: asAlice})
	require.Equal(t, "GET /export", got.method+" "+got.path)
	require.Equal(t, "Bearer alice", got.authorization)
	require.Equal(t, []models.Handle{"b1.r1", "b2.r2"}, named(r.Listing))
	require.Equal(t, 1, r.Listing.Rows[1].Page)
	require.Nil(t, r.Listing.Total, "an export tells none")
	require.Equal(t, &models.Content{Length: 517, Total: 517, Pieces: []models.Piece{whole("b1", 3), whole("b2", 4)}, Stray: 5}, r.Content)
}

func TestAnEmptyExportHasNoMedia(t *testing.T) {
	r := apply(t, worldOn(t, answers(200, `{"recordings":[]}`)), models.Export{ByUser: asAlice})
	require.Equal(t, models.Response{Outcome: models.OK, Status: 200, Caching: withToken, Requests: 1, Content: &models.Content{},
		Listing: &models.Listing{Rows: []models.Row{}, Pages: 1}}, r)
}

func TestANoticeIsARow(t *testing.T) {
	var got told
	w := worldOn(t, records(200, `{"items":[
		{"id":"n1","kind":"replay-ready","recording":"id-b1.r1","title":"`+title("w", "b1")+`"},
		{"id":"n2","kind":"replay-ready","recording":"new","title":"`+title("w", "b2")+`"},
		{"id":"n3","kind":"replay-ready","recording":"id-b1.r1","title":"Your replay"}]}`, &got))
	r := apply(t, w, models.Inbox{ByUser: asAlice})
	require.Equal(t, "GET /notifications", got.method+" "+got.path)
	require.Equal(t, []models.Row{
		{ID: "id-b1.r1", Recording: "b1.r1", Tag: models.Tag{World: "w", Booking: "b1"}, Page: 1},
		{ID: "new", Tag: models.Tag{World: "w", Booking: "b2"}, Page: 1},
		{ID: "id-b1.r1", Recording: "b1.r1", Page: 1},
	}, r.Listing.Rows)
	require.Equal(t, 1, w.replays.Known(), "nothing is learnt: a notice does not say the segment")
}
