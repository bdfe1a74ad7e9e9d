package exchange

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
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
	var taken targets.ExchangeLog
	ctx := targets.WithExchangeLog(t.Context(), &taken)
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

func TestWhatIsSecretIsNotTold(t *testing.T) {
	var seen []models.Exchange
	server := echo(t, &seen)
	known := new(secret.Net)
	known.Add(targets.Secret{Value: "operator-key-1", Name: "KEY"}, targets.Secret{Value: "ok", Name: "SHORT", Place: targets.Place{In: targets.InQuery, Name: "to"}},
		targets.Secret{Value: "links", Name: "WORD", Place: targets.Place{In: targets.InBody, Name: "user"}})
	var told secret.Recent
	s := Session{World: "w1", Transport: NewTransport(), Timeout: time.Second, Known: known, Told: &told}
	var taken targets.ExchangeLog
	s.Keep(targets.Secret{Value: "s3cret"})
	s.Keep(targets.Secret{Value: "alices-token-17"})
	s.Keep(targets.Secret{Value: "alices-token-17"})
	_, err := s.Send(targets.WithExchangeLog(t.Context(), &taken), Request{Method: "GET",
		URL: server.URL + "/links/s3cret?key=operator-key-1&to=ok&X-Amz-Signature=0af%2F7651&on=okay"})
	require.NoError(t, err)
	r := models.Response{Detail: "alices-token-17 and 0af/7651", Reason: "b3BlcmF0b3Ita2V5LTE=", Caching: models.Caching{CacheControl: "x=operator-key-1"},
		Listing: &models.Listing{Rows: []models.Row{{ID: "alices-token-17", Mode: "operator-key-1"}}}, Encounter: &models.Encounter{Status: "operator-key-1"}}
	s.Report(&r)
	require.Equal(t, "/links/[secret]?key=[secret-KEY]&to=[secret-SHORT]&X-Amz-Signature=[secret]&on=okay", r.Exchanges[0].Path)
	require.Equal(t, "/links/s3cret?key=operator-key-1&to=ok&X-Amz-Signature=0af%2F7651&on=okay", seen[0].Path)
	require.Equal(t, []string{"[secret] and [secret]", "[secret-KEY]=", "x=[secret-KEY]"}, []string{r.Detail, r.Reason, r.CacheControl})
	require.Equal(t, models.Row{ID: "[secret]", Mode: "[secret-KEY]"}, r.Listing.Rows[0])
	require.Equal(t, models.EncounterStatus("[secret-KEY]"), r.Encounter.Status)
	require.Len(t, told.Secrets(), 2, "once each, neither what is known nor what is short")
	other := Session{World: "w2", Told: &told}
	require.Equal(t, "[secret] s3cret", other.Conceal("alices-token-17 s3cret"), "worlds on one service hide each other's")
	require.Len(t, taken.Secrets(), 6)
}

func TestKnownSecretsAreRedactedUnderTheirNames(t *testing.T) {
	known := []targets.Secret{
		{Value: "operator-key-1", Name: "KEY", Place: targets.Place{In: targets.InHeader, Name: "x-key"}},
		{Value: "abc", Name: "SHORT", Place: targets.Place{In: targets.InHeader, Name: "x-short"}},
		{Value: "video", Name: "WORD", Place: targets.Place{In: targets.InBody, Name: "pass"}},
		{Value: "7", Name: "PARAMETER", Place: targets.Place{In: targets.InQuery, Name: "p"}},
		{Value: "gleam", Name: "COOKIE", Place: targets.Place{In: targets.InCookie, Name: "c"}},
		{Value: "alices-token-17"},
	}
	all := []targets.LoggedExchange{{
		URL:           "http://h.example/x?p=7&q=7&r=abc",
		RequestHeader: map[string][]string{"X-Key": {"operator-key-1"}, "X-Short": {"abc"}, "X-Other": {"abc"}, "Cookie": {"b=gleam; c=gleam"}, "Authorization": {"Token operator-key-1"}},
		RequestBody:   []byte(`{"mode":"video","pass" : "video","note":"alices-token-17"}`), ResponseBody: []byte("mode=video&pass=video&x=7"),
	}}
	x := NewRedactor(all, known...).Exchanges(all)[0]
	require.Equal(t, "http://h.example/x?p=[secret-PARAMETER]&q=7&r=abc", x.URL)
	require.Equal(t, map[string][]string{"X-Key": {"[secret-KEY]"}, "X-Short": {"[secret-SHORT]"}, "X-Other": {"abc"},
		"Cookie": {"b=[secret-COOKIE]; c=[secret-COOKIE]"}, "Authorization": {"Token [secret-KEY]"}}, x.RequestHeader)
	require.Equal(t, `{"mode":"video","pass" : "[secret-WORD]","note":"[secret-1]"}`, string(x.RequestBody))
	require.Equal(t, "mode=video&pass=[secret-WORD]&x=7", string(x.ResponseBody))
}

func TestARefusalThatRepeatsASecretIDGivesTheReasonOfOneThatRepeatsAnother(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"title":"Not found","detail":"no ` + r.URL.Path[1:] + `, known to token-of-l1nk-secret-1"}`))
	}))
	t.Cleanup(server.Close)
	s := Session{World: "w1", Transport: NewTransport(), Timeout: time.Second}
	s.Keep(targets.Secret{Value: "l1nk-secret-1"})
	s.Keep(targets.Secret{Value: "token-of-l1nk-secret-1"})
	s.Keep(targets.Secret{Value: secret.MadeUp + "alice"})
	var reasons []string
	for _, id := range []string{"l1nk-secret-1", "another-2"} {
		a, err := s.Send(t.Context(), Request{Method: "GET", URL: server.URL + "/" + id, IDs: [2]string{id}})
		require.NoError(t, err)
		require.NotContains(t, a.Detail, "token-of", "nor is a part of a secret left where an id is in it")
		reasons = append(reasons, a.Reason)
	}
	require.Equal(t, []string{"Not found no ID, known to ID", "Not found no ID, known to ID"}, reasons)
	require.Equal(t, secret.MadeUp+"alice", s.Conceal(secret.MadeUp+"alice"))
}
