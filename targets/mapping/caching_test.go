package mapping

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// pagedService has two pages of a listing, the second of which anybody may keep,
// and takes whoever asks.
func pagedService(t *testing.T) string {
	mux := http.NewServeMux()
	reply := func(pattern, control, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", control)
			_, _ = w.Write([]byte(body))
		})
	}
	reply("POST /p", "no-store", `{"id": 1}`)
	reply("GET /first", "private, max-age=60", `{"rows": [], "more": "2"}`)
	reply("GET /second", "public, max-age=60", `{"rows": []}`)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAListingTellsHowItWasAskedForAndWhatItsLeastProtectedPageTellsCaches(t *testing.T) {
	for auth, want := range map[string]models.Authentication{
		"{bearer: \"{{.actor.id}}\"}":               models.ByAuthorization,
		"{cookies: {sid: \"{{.actor.id}}\"}}":       models.ByCookie,
		"{headers: {X-Session: \"{{.actor.id}}\"}}": models.ByLink,
	} {
		yaml := "auth:\n  user: " + auth + `
recording: {id: .id, title: .title}
operations:
  patient: {as: anyone, method: POST, path: /p, capture: {id: .id}}
  list: {path: '/{{default "first" .cursor}}', rows: .rows, next: 'if .more then "second" else null end'}
`
		_, got, text := perform(t, targetOf(t, yaml, pagedService(t)), "w1", "alice = patient()\nalice.list()")
		require.Equal(t, models.Caching{CacheControl: "no-store"}, got[0].Caching, "it is no answer to a GET")
		require.Equal(t, models.Caching{Authentication: want, CacheControl: "public, max-age=60"}, got[1].Caching, text)
		require.Equal(t, 2, got[1].Listing.Pages)
	}
}
