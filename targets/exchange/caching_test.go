package exchange

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestAnAnswerTellsHowItsRequestWasAuthenticated(t *testing.T) {
	s := sessionOn(t, func(http.ResponseWriter, *http.Request) {})
	cookie := http.Header{"Cookie": {"sid=1"}}
	for want, r := range map[models.Authentication]Request{
		models.ByAuthorization: {Authorization: "Bearer 1", Header: cookie},
		models.ByCookie:        {Header: cookie},
		models.ByLink:          {Header: http.Header{"X-Token": {"1"}}},
	} {
		a := s.get(t, r)
		require.Equal(t, models.Caching{Authentication: want}, a.Caching())
	}
}

func TestARefusalAndAnAnswerToAPostTellNothingOfIt(t *testing.T) {
	refused := Answer{Outcome: models.Missing, Authentication: models.ByCookie}
	require.Empty(t, refused.Caching())
	require.Empty(t, authentication(httptest.NewRequest(http.MethodPost, "/links", nil)))
	require.Equal(t, models.ByLink, authentication(httptest.NewRequest(http.MethodHead, "/links/1", nil)))
}

func TestAnAnswerTellsWhatConcernsCaches(t *testing.T) {
	s := sessionOn(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Cache-Control"] = []string{"max-age=60", "must-revalidate"}
		w.Header().Set("CDN-Cache-Control", "max-age=600")
		w.Header().Set("Cache-Status", "edge;hit")
		w.Header().Set("Age", "7")
		w.Header().Set("Vary", "Cookie")
		w.Header().Set("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
		w.Header().Set("Expires", "Sunday, 06-Nov-94 08:50:37 GMT")
	})
	a := s.get(t, Request{})
	require.Equal(t, models.Caching{Authentication: models.ByLink, CacheControl: "max-age=60, must-revalidate", Caches: &models.CacheHeaders{
		CDNCacheControl: "max-age=600", CacheStatus: "edge;hit", Age: "7", Vary: "Cookie", ExpiresAfter: "60"}}, a.Caching())
}

func TestExpiresCountsFromDate(t *testing.T) {
	for expires, want := range map[string]string{
		"Sun, 06 Nov 1994 08:49:37 GMT": "0", "Sun, 06 Nov 1994 08:49:36 GMT": "0", "Sun, 06 Nov 1994 09:49:37 GMT": "3600", "-1": "0", "": "0",
	} {
		require.Equal(t, want, expiresAfter(http.Header{"Date": {"Sun, 06 Nov 1994 08:49:37 GMT"}, "Expires": {expires}}), expires)
	}
	require.Empty(t, expiresAfter(http.Header{"Date": {"Sun, 06 Nov 1994 08:49:37 GMT"}}))
	require.Equal(t, "60", expiresAfter(http.Header{"Expires": {"Thu, 01 Jan 1970 00:01:00 GMT"}}), "without Date")
}

func TestWhatMostAnswersTellCachesIsNotAllocated(t *testing.T) {
	a := Answer{Outcome: models.OK, Header: http.Header{"Cache-Control": {"no-store"}, "Content-Type": {"application/json"}}, Authentication: models.ByAuthorization}
	require.Zero(t, testing.AllocsPerRun(10, func() { a.Caching() }))
}

// session is one on a server.
type session struct {
	Session
	url string
}

func sessionOn(t *testing.T, h http.HandlerFunc) *session {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &session{Session{World: "w", Transport: http.DefaultTransport, Timeout: time.Minute}, server.URL}
}

func (s *session) get(t *testing.T, r Request) *Answer {
	t.Helper()
	r.Method, r.URL = http.MethodGet, s.url
	a, err := s.Send(context.Background(), r)
	require.NoError(t, err)
	return &a
}
