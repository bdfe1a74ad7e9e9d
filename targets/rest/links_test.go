package rest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestALinkIsOpenedWithItsSecret(t *testing.T) {
	var got told
	w := worldOn(t, records(201, `{"id":"x","path":"/links/s3cr-et_","recording":"id-b1.r1"}`, &got))
	r := apply(t, w, models.Link{OnRecording: onReplay, Name: "l1"})
	require.Equal(t, models.Response{Outcome: models.OK, Status: 201, Requests: 1}, r)
	require.Equal(t, "POST /recordings/id-b1.r1/links", got.method+" "+got.path)
	require.Empty(t, got.contentType)

	elsewhere := worldOn(t, records(200, string(spoken("b1", 3)), &got))
	elsewhere.links = w.links
	for who, authorization := range map[models.Handle]string{"alice": "Bearer alice", models.Anyone: ""} {
		r = apply(t, elsewhere, models.Open{User: who, Link: "l1"})
		require.Equal(t, &models.Content{Length: 256, Total: 256, Pieces: []models.Piece{whole("b1", 3)}}, r.Content)
		require.Equal(t, "GET /links/s3cr-et_", got.method+" "+got.path)
		require.Equal(t, authorization, got.authorization)
	}
}

func TestALinkWithoutASecretIsNone(t *testing.T) {
	for _, path := range []string{"", "/links/", "/links/a/b", "/recordings/x", "links/x"} {
		w := worldOn(t, answers(201, `{"id":"x","path":"`+path+`","recording":"y"}`))
		require.Equal(t, models.Unknown, apply(t, w, models.Link{OnRecording: onReplay, Name: "l1"}).Outcome, path)
		require.Equal(t, models.Response{Outcome: models.Unbound}, apply(t, w, models.Open{User: models.Anyone, Link: "l1"}))
	}
}

func TestAReasonNamesNoIDOfTheRequest(t *testing.T) {
	w := worldOn(t, answers(404, `{"title":"Not found","detail":"no secret for\nid-b1.r1 or id-dr1"}`))
	w.links["l1"] = "secret"
	for want, op := range map[string]models.Operation{
		"Not found no ID for id-b1.r1 or id-dr1":     models.Open{User: "alice", Link: "l1"},
		"Not found no secret for ID or id-dr1":       models.Get{OnRecording: onReplay},
		"Not found no secret for ID or ID":           models.Share{Sharing: models.Sharing{OnRecording: onReplay, Peer: "dr1"}},
		"Not found no secret for id-b1.r1 or ID":     models.Appoint{Proxying: models.Proxying{User: "alice", Proxy: "dr1"}},
		"Not found no secret for id-b1.r1 or id-dr1": models.Export{ByUser: asAlice},
	} {
		r := apply(t, w, op)
		require.Equal(t, want, r.Reason, op)
		require.Equal(t, "no secret for id-b1.r1 or id-dr1", r.Detail)
	}
}

func TestOnlyARefusalHasAReason(t *testing.T) {
	const problem = `{"title":"A","detail":"B"}`
	for status, want := range map[int]string{200: "", 401: "A B", 403: "A B", 404: "A B", 409: "A B", 422: "A B", 500: "", 503: ""} {
		require.Equal(t, want, apply(t, worldOn(t, answers(status, problem)), models.Delete{OnRecording: onReplay}).Reason, status)
	}
	require.Empty(t, apply(t, worldOn(t, answers(404, "not found")), models.Delete{OnRecording: onReplay}).Reason)
}
