package rest

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// everyKind has an operation of each kind, which names nobody but alice, bob and
// dr1, and nothing but b1, b1.r1, l1 and c1.
const everyKind = `
erin = patient(age=50, plan=bupa, email=alice)
frank = patient(like=bob)
dr2 = clinician()
alice.login()
alice.logout()
b2 = alice.book(dr1, audio, slot=1, with=bob)
alice.reschedule(b1, slot=2)
alice.cancel(b1)
alice.join(b1)
alice.drop(b1)
alice.speak(b1)
alice.switch(b1, video)
alice.leave(b1)
alice.end(b1)
alice.list(limit=2, mode=audio)
c2 = alice.page(limit=1)
alice.follow(c1)
alice.get(b1.r1)
alice.play(b1.r1, range=0-99)
alice.head(b1.r1)
alice.thumb(b1.r1)
alice.transcript(b1.r1)
l2 = alice.link(b1.r1)
alice.open(l1)
alice.share(b1.r1, bob)
alice.unshare(b1.r1, bob)
alice.appoint(bob)
alice.dismiss(bob)
alice.delete(b1.r1)
alice.export()
alice.inbox()
alice.audit()
operator.replays(off)
service.restart()
alice.close()
`

// setUp are the lines that bind what everyKind names; they are not performed.
const setUp = `
alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, audio)
l1 = alice.link(b1.r1)
c1 = alice.page(limit=1)
`

// oneOfEachKind is everyKind, parsed.
func oneOfEachKind(t *testing.T) []models.Operation {
	t.Helper()
	before, err := models.Parse(setUp)
	require.NoError(t, err)
	all, err := models.Parse(setUp + everyKind)
	require.NoError(t, err)
	ops := all.Ops[len(before.Ops):]
	performed := map[models.Kind]bool{}
	for _, op := range ops {
		performed[op.Kind()] = true
	}
	for _, k := range models.Kinds() {
		require.True(t, performed[k], k)
	}
	return ops
}

// fullWorld is worldOn whose world knows everybody and everything that everyKind
// names.
func fullWorld(t *testing.T, handler http.HandlerFunc) *World {
	w := worldOn(t, handler)
	w.target.StartAgain = func(context.Context) (string, error) { return w.target.URL(), nil }
	w.users["bob"] = &user{id: "id-bob", Person: naming.PersonOf(w.namespace, "bob"), authorization: "Bearer bob"}
	w.links["l1"] = "secret"
	w.cursors["c1"] = cursor{"next", 1}
	return w
}

func TestEveryKindOfOperationIsPerformed(t *testing.T) {
	for _, op := range oneOfEachKind(t) {
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
	for _, op := range oneOfEachKind(t) {
		if op.Actor() == models.Operator || op.Actor() == models.Service || op.Kind() == models.KindClinician {
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
		"all are protected":        {[]string{"no-store", "max-age=0, Private"}, "max-age=0, Private"},
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
