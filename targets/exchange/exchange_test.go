package exchange

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// echo answers with the ids it was sent.
func echo(t *testing.T, seen *[]models.Exchange) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*seen = append(*seen, models.Exchange{ID: r.Header.Get("X-Request-Id"), Traceparent: r.Header.Get("Traceparent"), Method: r.Method, Path: r.URL.RequestURI()})
		w.Header().Set("X-Seen", "yes")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("no coffee"))
	}))
	t.Cleanup(server.Close)
	return server
}

func TestEveryRequestCarriesIDsThatTheAnswerTells(t *testing.T) {
	var seen []models.Exchange
	server := echo(t, &seen)
	s := Session{World: "w1", Transport: NewTransport(), Timeout: time.Second}
	var told []models.Exchange
	for step := range 2 {
		s.Begin(step + 1)
		for range 2 {
			_, err := s.Send(t.Context(), Request{Method: "GET", URL: server.URL + "/a?b=c"})
			require.NoError(t, err)
		}
		var r models.Response
		s.Report(&r)
		require.Equal(t, 2, r.Requests)
		told = append(told, r.Exchanges...)
	}
	traces, spans := map[string]bool{}, map[string]bool{}
	for i := range told {
		require.Equal(t, http.StatusTeapot, told[i].Status)
		told[i].Status = 0
		parts := regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-01$`).FindStringSubmatch(told[i].Traceparent)
		require.NotNil(t, parts, told[i].Traceparent)
		traces[parts[1]], spans[parts[2]] = true, true
	}
	require.Equal(t, seen, told)
	require.Equal(t, []string{"w1-1-1", "w1-1-2", "w1-2-1", "w1-2-2"}, []string{told[0].ID, told[1].ID, told[2].ID, told[3].ID})
	require.Len(t, traces, 2, "a trace for each step")
	require.Len(t, spans, 4, "a span for each request")
}

func TestExchangesAreTakenDownWhereTheContextAsksForIt(t *testing.T) {
	var seen []models.Exchange
	server := echo(t, &seen)
	var taken targets.Recording
	ctx := targets.WithRecording(t.Context(), &taken)
	s := Session{World: "w1", Transport: NewTransport(), Timeout: time.Second}
	s.Begin(3)
	_, err := s.Send(ctx, Request{Method: "PUT", URL: server.URL + "/x", Body: []byte("in"), ContentType: "text/plain", Authorization: "Bearer t"})
	require.NoError(t, err)
	server.Close()
	_, err = s.Send(ctx, Request{Method: "GET", URL: server.URL + "/y"})
	require.NoError(t, err)

	all := taken.Exchanges()
	require.Len(t, all, 2)
	first := all[0]
	require.Equal(t, 3, first.Step)
	require.Equal(t, "in", string(first.RequestBody))
	require.Equal(t, "no coffee", string(first.ResponseBody))
	require.Equal(t, []string{"Bearer t"}, first.RequestHeader["Authorization"])
	require.Equal(t, []string{"yes"}, first.ResponseHeader["X-Seen"])
	require.Equal(t, http.StatusTeapot, first.Status)
	require.Empty(t, first.Failure)
	require.Zero(t, all[1].Status)
	require.Contains(t, all[1].Failure, "refused")
}

func TestWhatIsSecretInAPathIsNotTold(t *testing.T) {
	var seen []models.Exchange
	server := echo(t, &seen)
	s := Session{World: "w1", Transport: NewTransport(), Timeout: time.Second, Hide: func(path string) string { return strings.ReplaceAll(path, "dr1", "who") }}
	_, err := s.Send(t.Context(), Request{Method: "GET", URL: server.URL + "/links/s3cret?by=dr1", Secret: "s3cret"})
	require.NoError(t, err)
	var r models.Response
	s.Report(&r)
	require.Equal(t, "/links/[secret]?by=who", r.Exchanges[0].Path)
	require.Equal(t, "/links/s3cret?by=dr1", seen[0].Path)
}
