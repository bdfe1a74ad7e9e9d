package rest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestACursorLeadsToTheNextPageForWhoeverFollowsIt(t *testing.T) {
	var got told
	w := worldOn(t, records(200, `{"items":[{"id":"id-b1.r1","segment":1}],"total":3,"next":"a&b"}`, &got))
	w.users["bob"] = &user{authorization: "Bearer bob"}
	r := apply(t, w, models.Page{ByUser: asAlice, Name: "c1", Limit: 2})
	require.Equal(t, models.OK, r.Outcome)
	require.Equal(t, "limit=2", got.query)
	require.Equal(t, "Bearer alice", got.authorization)
	require.True(t, r.Listing.More)
	require.False(t, r.Listing.Truncated)
	require.Equal(t, 3, *r.Listing.Total)
	require.Equal(t, 1, r.Listing.Rows[0].Page)

	r = apply(t, w, models.Follow{ByUser: models.ByUser{User: "bob"}, Cursor: "c1"})
	require.Equal(t, "limit=2&cursor=a%26b", got.query)
	require.Equal(t, "Bearer bob", got.authorization)
	require.Equal(t, []models.Handle{"b1.r1"}, named(r.Listing))
	require.Equal(t, 2, r.Listing.Rows[0].Page)
	require.Equal(t, 1, r.Requests)
}

func TestALastPageLeavesTheCursorUnbound(t *testing.T) {
	for name, body := range map[string]string{"the last": `{"items":[],"total":0}`, "nonsense": `{"next":"c"}`} {
		t.Run(name, func(t *testing.T) {
			w := worldOn(t, answers(200, body))
			r := apply(t, w, models.Page{ByUser: asAlice, Name: "c1", Limit: 1})
			require.True(t, r.Listing == nil || !r.Listing.More)
			require.Equal(t, models.Response{Outcome: models.Unbound}, apply(t, w, models.Follow{ByUser: asAlice, Cursor: "c1"}))
		})
	}
}
