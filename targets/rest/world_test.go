package rest

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// oneOfEachKind has an example of each kind, which names nobody but alice, bob and
// dr1, and nothing but b1, b1.r1, l1 and c1; and one of each kind as it is without
// options.
func oneOfEachKind() []models.Operation {
	var ops []models.Operation
	for _, k := range models.Kinds() {
		ops = append(ops, models.Example(k))
		if plain := models.Simpler(models.Example(k)); len(plain) > 0 {
			ops = append(ops, plain[0])
		}
	}
	return ops
}

// fullWorld is worldOn whose world knows everybody and everything that the
// examples name.
func fullWorld(t *testing.T, handler http.HandlerFunc) *World {
	w := worldOn(t, handler)
	w.target.StartAgain = func(context.Context) (string, error) { return w.target.URL(), nil }
	w.users["bob"] = &user{id: "id-bob", Person: naming.PersonOf(w.namespace, "bob"), authorization: "Bearer bob"}
	w.links["l1"] = "secret"
	w.cursors["c1"] = cursor{"next", 1}
	return w
}

func TestEveryKindOfOperationIsPerformed(t *testing.T) {
	for _, op := range oneOfEachKind() {
		for _, status := range []int{200, 404, 503} {
			w := fullWorld(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != getHealth().path {
					answers(status, `{}`)(w, r)
				}
			})
			r, err := w.Apply(t.Context(), models.Call{Step: 1, Op: op})
			require.NoError(t, err, op)
			require.NotEqual(t, models.Unbound, r.Outcome, op)
			if op.Kind() != models.KindRestart {
				require.Equal(t, status, r.Status, op)
				require.Equal(t, 1, r.Requests, op)
			}
		}
	}
}

func TestNothingIsSentWhereAnyHandleHasNoID(t *testing.T) {
	for _, op := range oneOfEachKind() {
		if models.ConcernsService(op.Kind()) || op.Actor() == "" && op.Whom() == "" {
			continue
		}
		w := fullWorld(t, func(http.ResponseWriter, *http.Request) { t.Errorf("a request was sent for %s", op) })
		clear(w.users)
		require.Equal(t, models.Response{Outcome: models.Unbound}, apply(t, w, op), op)
	}
}

func TestAnyoneSendsNoToken(t *testing.T) {
	on := models.OnRecording{User: models.Anyone, Recording: "b1.r1"}
	for _, op := range []models.Operation{
		models.Get{OnRecording: on}, models.Play{OnRecording: on}, models.Head{OnRecording: on}, models.Thumb{OnRecording: on},
		models.Transcript{OnRecording: on}, models.List{ByUser: models.ByUser{User: models.Anyone}}, models.Open{User: models.Anyone, Link: "l1"},
	} {
		w := fullWorld(t, func(w http.ResponseWriter, r *http.Request) {
			require.NotContains(t, r.Header, "Authorization", op)
			w.WriteHeader(http.StatusUnauthorized)
		})
		require.Equal(t, models.Response{Outcome: models.Denied, Status: 401, Requests: 1}, apply(t, w, op))
	}
}

func TestTheHeaderForCachesIsThatOfTheLeastProtectedAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		headers []string
		want    string
	}{
		"one":                      {[]string{"no-store"}, "no-store"},
		"none":                     {[]string{""}, ""},
		"all are protected":        {[]string{"no-store", "max-age=0, Private"}, "no-store"},
		"a later one is not":       {[]string{"no-store", "public, max-age=60", "no-store"}, "public, max-age=60"},
		"the first of several not": {[]string{"no-store", "max-age=1", "max-age=2"}, "max-age=1"},
		"the first is not":         {[]string{"", "no-store"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			w := worldOn(t, func(w http.ResponseWriter, _ *http.Request) {
				if test.headers[n] != "" {
					w.Header().Set("Cache-Control", test.headers[n])
				}
				if n++; n < len(test.headers) {
					answers(200, `{"items":[],"next":"more"}`)(w, nil)
					return
				}
				answers(200, `{"items":[]}`)(w, nil)
			})
			require.Equal(t, test.want, apply(t, w, models.List{ByUser: asAlice}).CacheControl)
			require.Equal(t, len(test.headers), n)
		})
	}
}

func TestLinesOfTheHeaderForCachesAreOneList(t *testing.T) {
	w := worldOn(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Cache-Control"] = []string{"max-age=0", "no-store"}
		w.WriteHeader(http.StatusNotFound)
	})
	require.Equal(t, "max-age=0, no-store", apply(t, w, models.Get{OnRecording: onReplay}).CacheControl)
}
