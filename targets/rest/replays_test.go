package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

func title(world models.Namespace, b models.Handle) string {
	return models.Tag{World: world, Booking: b}.Title()
}

// shown is a recording as the service shows it.
func shown(id, title, subject string, segment int) Recording {
	return Recording{Id: id, Title: title, Subject: subject, Segment: segment, Mode: Video, Size: 256}
}

// pages returns a handler that shows pages of a listing, with cursors p1, p2
// and so on, and answers 404 after them if they have a next one.
func pages(t *testing.T, all ...[]Recording) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := 0
		if c := r.URL.Query().Get("cursor"); c != "" {
			_, err := fmt.Sscanf(c, "p&%d", &n)
			require.NoError(t, err)
		}
		p := RecordingPage{Items: all[n]}
		if n+1 < len(all) {
			p.Next = fmt.Sprintf("p&%d", n+1)
		}
		require.NoError(t, json.NewEncoder(w).Encode(p))
	}
}

func TestRowsAreNamedByIDThenByTag(t *testing.T) {
	for name, test := range map[string]struct {
		row                Recording
		recording, subject models.Handle
	}{
		"a known recording":                        {shown("id-b1.r1", title("w", "b1"), "id-alice", 1), "b1.r1", "alice"},
		"a known recording under another's label":  {shown("id-b1.r1", title("w", "b2"), "id-alice", 1), "b1.r1", "alice"},
		"a known recording without label":          {shown("id-b1.r1", "", "id-alice", 1), "b1.r1", "alice"},
		"an unknown recording of this world":       {shown("new", title("w", "b1"), "id-alice", 4), "b1.r2", "alice"},
		"an unknown one whose segment is taken":    {shown("new", title("w", "b1"), "id-alice", 1), "b1.r2", "alice"},
		"an unknown one whose segment is not told": {shown("new", title("w", "b2"), "id-alice", 0), "b2.r1", "alice"},
		"another world's":                          {shown("new", title("other", "b1"), "id-x", 1), "", models.Somebody},
		"a row that belongs to nothing":            {shown("new", "Untitled", "", 0), "?1", models.Nobody},
		"a row without an id":                      {shown("", "", "", 0), "?1", models.Nobody},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOn(t, pages(t, []Recording{test.row}))
			r := apply(t, w, models.List{ByUser: asAlice})
			require.Equal(t, models.OK, r.Outcome)
			tag, _ := models.FindTag(test.row.Title)
			require.Equal(t, []models.Row{{ID: test.row.Id, Recording: test.recording, Tag: tag, Subject: test.subject,
				Mode: models.Video, Segment: test.row.Segment, Size: 256, Page: 1}}, r.Listing.Rows)
		})
	}
}

func TestALearntRecordingKeepsItsNameAndCanBeRead(t *testing.T) {
	w := worldOn(t, pages(t, []Recording{shown("x", title("w", "b3"), "", 0), shown("y", title("w", "b3"), "", 0), shown("x", title("w", "b9"), "", 3)}))
	r := apply(t, w, models.List{ByUser: asAlice})
	require.Equal(t, []models.Handle{"b3.r1", "b3.r2", "b3.r1"}, named(r.Listing))
	require.Equal(t, "y", w.replays.ID("b3.r2"))
}

func TestPhantomsKeepTheirNames(t *testing.T) {
	w := worldOn(t, pages(t, []Recording{shown("x", "", "", 0), shown("", "", "", 0), shown("y", "", "", 0), shown("x", "", "", 0)}))
	require.Equal(t, []models.Handle{"?1", "?2", "?3", "?1"}, named(apply(t, w, models.List{ByUser: asAlice}).Listing))
	require.Equal(t, []models.Handle{"?1", "?4", "?3", "?1"}, named(apply(t, w, models.List{ByUser: asAlice}).Listing))
}

func named(l *models.Listing) []models.Handle {
	out := make([]models.Handle, len(l.Rows))
	for i, r := range l.Rows {
		out[i] = r.Recording
	}
	return out
}

func TestListReadsEveryPage(t *testing.T) {
	one, two := shown("one", title("w", "b2"), "", 1), shown("two", title("w", "b2"), "", 2)
	w := worldOn(t, pages(t, []Recording{one}, []Recording{}, []Recording{two}))
	r := apply(t, w, models.List{ByUser: asAlice, Limit: 1})
	require.Equal(t, models.OK, r.Outcome)
	require.Equal(t, 3, r.Requests)
	require.Equal(t, 3, r.Listing.Pages)
	require.False(t, r.Listing.Truncated)
	require.Equal(t, []int{1, 3}, []int{r.Listing.Rows[0].Page, r.Listing.Rows[1].Page})
}

func TestListQuery(t *testing.T) {
	require.Equal(t, "", listQuery(0, "", ""))
	require.Equal(t, "?limit=2", listQuery(2, "", ""))
	require.Equal(t, "?limit=100", listQuery(1000, "", ""))
	require.Equal(t, "?cursor=a%26b", listQuery(0, "", "a&b"))
	require.Equal(t, "?limit=1&cursor=c", listQuery(1, "", "c"))
}

// withToken is what an answer without headers tells caches where a token was sent.
var withToken = models.Caching{Authentication: models.ByAuthorization}

func TestAnEmptyListingIsAListing(t *testing.T) {
	w := worldOn(t, answers(200, `{"items":[]}`))
	require.Equal(t, models.Response{Outcome: models.OK, Status: 200, Caching: withToken, Requests: 1, Listing: &models.Listing{Rows: []models.Row{}, Pages: 1}},
		apply(t, w, models.List{ByUser: asAlice}))
}

func TestARefusedListingIsNone(t *testing.T) {
	w := worldOn(t, answers(401, `{}`))
	require.Equal(t, models.Response{Outcome: models.Denied, Status: 401, Requests: 1}, apply(t, w, models.List{ByUser: asAlice}))
}

func TestALaterPageThatIsNotShownLeavesTheRowsBeforeIt(t *testing.T) {
	for name, test := range map[string]struct {
		status  int
		body    string
		outcome models.Outcome
	}{
		"refused":  {403, "", models.Denied},
		"failed":   {500, "", models.Unknown},
		"nonsense": {200, "{", models.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			first := pages(t, []Recording{shown("x", title("w", "b2"), "", 1)}, nil)
			w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("cursor") {
					answers(test.status, test.body)(w, r)
					return
				}
				first(w, r)
			})
			r := apply(t, w, models.List{ByUser: asAlice})
			require.Equal(t, test.outcome, r.Outcome)
			require.Equal(t, test.status, r.Status)
			require.Equal(t, []models.Handle{"b2.r1"}, named(r.Listing))
			require.Equal(t, 2, r.Requests)
		})
	}
}

func TestAnEndlessListingIsTruncated(t *testing.T) {
	endless := func(rows int) http.HandlerFunc {
		p := RecordingPage{Items: make([]Recording, rows), Next: "again"}
		return func(w http.ResponseWriter, _ *http.Request) { require.NoError(t, json.NewEncoder(w).Encode(p)) }
	}
	r := apply(t, worldOn(t, endless(1)), models.List{ByUser: asAlice})
	require.True(t, r.Listing.Truncated)
	require.Equal(t, maxPages, r.Listing.Pages)
	r = apply(t, worldOn(t, endless(400)), models.List{ByUser: asAlice})
	require.True(t, r.Listing.Truncated)
	require.Equal(t, 3, r.Listing.Pages)
	require.Len(t, r.Listing.Rows, 1200)
}

func TestGetShowsARow(t *testing.T) {
	body, err := json.Marshal(shown("id-b1.r1", title("w", "b1"), "id-alice", 1))
	require.NoError(t, err)
	var got told
	r := apply(t, worldOn(t, records(200, string(body), &got)), models.Get{OnRecording: onReplay})
	require.Equal(t, "GET /recordings/id-b1.r1", got.method+" "+got.path)
	require.Equal(t, &models.Row{ID: "id-b1.r1", Recording: "b1.r1", Tag: models.Tag{World: "w", Booking: "b1"}, Subject: "alice",
		Mode: models.Video, Segment: 1, Size: 256}, r.Row)
}

func TestListAsksForAMode(t *testing.T) {
	var queries []string
	all := pages(t, []Recording{{}}, []Recording{{}})
	w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		all(w, r)
	})
	apply(t, w, models.List{ByUser: asAlice, Limit: 1, Mode: models.Audio})
	require.Equal(t, []string{"limit=1&mode=audio", "limit=1&mode=audio&cursor=p%261"}, queries)
}

func TestTheGreatestTotalCounts(t *testing.T) {
	for want, bodies := range map[int][]string{
		-1: {`{"items":[],"next":"x"}`, `{"items":[]}`},
		0:  {`{"items":[],"next":"x","total":0}`, `{"items":[],"total":0}`},
		2:  {`{"items":[],"next":"x"}`, `{"items":[],"total":2}`},
		3:  {`{"items":[],"next":"x","total":3}`, `{"items":[],"total":1}`},
		4:  {`{"items":[],"next":"x","total":3}`, `{"items":[],"total":4}`},
	} {
		n := 0
		w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
			answers(200, bodies[n])(w, r)
			n++
		})
		total := apply(t, w, models.List{ByUser: asAlice}).Listing.Total
		if want < 0 {
			require.Nil(t, total)
			continue
		}
		require.Equal(t, want, *total)
	}
}

func TestARecordingThatNeverExistedHasAnIDLikeOthers(t *testing.T) {
	var got told
	w := worldOn(t, records(404, `{"title":"Not found","detail":""}`, &got))
	seen := map[string]bool{}
	for range 2 {
		for _, h := range []models.Handle{"?1", "?2"} {
			r := apply(t, w, models.Get{OnRecording: models.OnRecording{User: "alice", Recording: h}})
			require.Equal(t, models.Missing, r.Outcome)
			require.Regexp(t, `^/recordings/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, got.path)
			seen[got.path] = true
		}
	}
	require.Len(t, seen, 2, "each phantom has an id of its own, always the same")
	require.NotEqual(t, naming.UUID("w", "?1"), naming.UUID("v", "?1"))
}

func TestARecordingWithoutAModeHasNone(t *testing.T) {
	w := worldOn(t, answers(200, `{"id":"id-b1.r1","segment":1}`))
	require.Empty(t, apply(t, w, models.Get{OnRecording: onReplay}).Row.Mode)
}
