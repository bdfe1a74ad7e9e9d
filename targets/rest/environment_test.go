package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// echoes returns a handler that answers each request with its own body, and
// counts the requests by body.
func echoes(seen map[string]int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen[r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body)]++
		_, _ = w.Write(body)
	}
}

const (
	switchOff = `PUT /operator/replays Bearer operator {"enabled":false}`
	switchOn  = `PUT /operator/replays Bearer operator {"enabled":true}`
)

func TestTheOperatorSwitchesReplays(t *testing.T) {
	seen := map[string]int{}
	w := worldOn(t, echoes(seen))
	ok := models.Response{Outcome: models.OK, Status: 200, Requests: 1}
	require.Equal(t, ok, apply(t, w, models.Replays{On: false}))
	require.Equal(t, ok, apply(t, w, models.Replays{On: true}))
	require.NoError(t, w.Close())
	require.Equal(t, map[string]int{switchOff: 1, switchOn: 1}, seen)
}

func TestAWorldLeavesReplaysSwitchedOn(t *testing.T) {
	seen := map[string]int{}
	w := worldOn(t, echoes(seen))
	apply(t, w, models.Replays{On: false})
	require.NoError(t, w.Close())
	require.Equal(t, map[string]int{switchOff: 1, switchOn: 1}, seen)
	require.NoError(t, w.Close())
	require.Equal(t, 1, seen[switchOn], "once is enough")

	w = worldOn(t, answers(500, ""))
	apply(t, w, models.Replays{On: false})
	require.NoError(t, w.Close(), "what cannot be undone is no failure of the adapter's")
}

func TestASwitchThatDoesNotSwitchIsUnknown(t *testing.T) {
	for _, body := range []string{`{}`, `{"enabled":true}`, `[]`} {
		require.Equal(t, models.Unknown, apply(t, worldOn(t, answers(200, body)), models.Replays{On: false}).Outcome, body)
	}
}

func TestARestartedServiceIsReachedWhereItIsNow(t *testing.T) {
	asked, restarts := 0, 0
	again := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer again.Close()
	w := worldOn(t, func(http.ResponseWriter, *http.Request) { t.Error("the old service was asked") }, func(c *Config) {
		c.Restart = func(context.Context) (string, error) {
			restarts++
			return again.URL + "/", nil
		}
	})
	require.True(t, w.target.Capabilities().Supports(models.KindRestart))
	require.Equal(t, models.Response{Outcome: models.OK}, apply(t, w, models.Restart{}))
	require.Equal(t, again.URL, w.target.URL())
	require.Equal(t, 3, asked, "it is waited for")
	require.Equal(t, 1, restarts)
	require.Equal(t, models.OK, apply(t, w, models.Logout{ByUser: asAlice}).Outcome)
}

func TestAServiceThatCannotBeRestartedIsAFailureOfTheAdapters(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		restart func(context.Context) (string, error)
		want    string
	}{
		"there is no way":    {nil, exchange.ErrNoRestart.Error()},
		"it fails":           {func(context.Context) (string, error) { return "", broken }, "broken"},
		"it is nowhere":      {func(context.Context) (string, error) { return "", nil }, "expected one like"},
		"it does not answer": {func(context.Context) (string, error) { return nowhere, nil }, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOn(t, answers(200, ""), func(c *Config) { c.Restart = test.restart })
			ctx, cancel := context.WithCancel(t.Context())
			if name == "it does not answer" {
				cancel()
				test.want = context.Canceled.Error()
			}
			defer cancel()
			_, err := w.Apply(ctx, models.Call{Step: 1, Op: models.Restart{}})
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestATargetMayBeAskedWhileItsServiceIsRestarted(t *testing.T) {
	again := httptest.NewServer(answers(200, ""))
	defer again.Close()
	w := worldOn(t, answers(200, ""), func(c *Config) {
		c.Restart = func(context.Context) (string, error) { return again.URL, nil }
	})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				_ = w.target.Ping(t.Context())
				_ = w.target.URL()
			}
		})
	}
	for range 5 {
		apply(t, w, models.Restart{})
	}
	all.Wait()
}

func TestCapabilitiesLackWhatCannotBeDone(t *testing.T) {
	restart := func(context.Context) (string, error) { return "", nil }
	for name, test := range map[string]struct {
		config  Config
		lacking []models.Kind
	}{
		"nothing":                     {Config{OperatorToken: "t", Restart: restart}, nil},
		"without a restart":           {Config{OperatorToken: "t"}, []models.Kind{models.KindRestart}},
		"without the operator's":      {Config{Restart: restart}, []models.Kind{models.KindReplays}},
		"without either":              {Config{}, []models.Kind{models.KindReplays, models.KindRestart}},
		"without either, with policy": {Config{Policy: models.Policy{MinAge: 18}}, []models.Kind{models.KindReplays, models.KindRestart}},
	} {
		t.Run(name, func(t *testing.T) {
			test.config.URL = "http://host"
			target, err := New(test.config)
			require.NoError(t, err)
			caps := target.Capabilities()
			var lacking []models.Kind
			for _, k := range models.Kinds() {
				if !caps.Supports(k) {
					lacking = append(lacking, k)
				}
			}
			require.Equal(t, test.lacking, lacking)
			require.Equal(t, test.lacking == nil, caps.Operations == nil)
		})
	}
}
