package rest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestATrailIsToldInHandles(t *testing.T) {
	var got told
	w := worldOn(t, records(200, `{"items":[
		{"agent":"id-dr1","role":"practitioner","subject":"id-alice","recording":"id-b1.r1","action":"presented","at":"2020-06-09T12:00:00Z"},
		{"agent":"","subject":"id-alice","recording":"id-b1.r1","action":"played","at":"2020-06-09T12:00:00Z"},
		{"agent":"who","role":"patient","subject":"","recording":"what","action":"previewed","at":"2020-06-09T12:00:00Z"}]}`, &got))
	r := apply(t, w, models.Audit{ByUser: asAlice})
	require.Equal(t, models.Response{Outcome: models.OK, Status: 200, Caching: withToken, Requests: 1, Audit: []models.Access{
		{Who: "dr1", Whose: "alice", Recording: "b1.r1", Level: models.Presented},
		{Who: models.Anyone, Whose: "alice", Recording: "b1.r1", Level: models.Viewed},
		{Who: models.Somebody, Whose: models.Nobody, Level: models.Previewed},
	}}, r)
	require.Equal(t, "GET /audit", got.method+" "+got.path)
}

func TestAnEmptyTrailIsATrail(t *testing.T) {
	r := apply(t, worldOn(t, answers(200, `{"items":[]}`)), models.Audit{ByUser: asAlice})
	require.NotNil(t, r.Audit)
	require.Empty(t, r.Audit)
	require.Nil(t, apply(t, worldOn(t, answers(403, `{}`)), models.Audit{ByUser: asAlice}).Audit)
	r = apply(t, worldOn(t, answers(200, `{"items":[{"action":"guessed","at":"2020-06-09T12:00:00Z"}]}`)), models.Audit{ByUser: asAlice})
	require.Equal(t, models.Unknown, r.Outcome)
	require.Nil(t, r.Audit)
}
